import type { DirectoryPerson, ObjectId } from '@learnamp/directory-sync-domain';
import { desire, isHeldByName, isProtectedRole, pathTo } from '@learnamp/directory-sync-domain';
import { recordAccess } from '../access/record-access.js';
import type { Connection } from '../connection/open-connection.js';
import type { EngineState } from '../state/engine-state.js';
import { pageOfPeople } from '../views/page-of-people.js';
import { namesOf, reachOf } from '../views/person-view.js';
import type { Held, HeldCount, HeldEvidence, HeldPerson, ListHeldOptions } from './held.js';

/** Whoever was held as an owner or admin, or is seen to be one by now. */
export const needsName = (state: Pick<EngineState, 'delivered'>, userId: ObjectId): boolean => {
  const delivered = state.delivered(userId);
  return isHeldByName(delivered) || (delivered.hold?.kind === 'deactivations' && isProtectedRole(delivered.role));
};

/** What the directory says that speaks for the command. */
const evidenceOf = (
  person: DirectoryPerson | undefined,
  path: () => ReadonlyArray<ObjectId>,
  named: EngineState['membership']['nameOf'],
): HeldEvidence => {
  const groupPath = person?.inScope === true ? path() : [];
  const leave = person?.inScope === false ? person.leave : undefined;
  return {
    leave: leave === undefined ? null : { reason: leave.reason, confirmations: leave.confirmations },
    blocked: person?.accountEnabled === false,
    groupPath,
    groupNames: namesOf(groupPath, named),
  };
};

const countsOf = (state: EngineState, userIds: ReadonlyArray<ObjectId>): ReadonlyArray<HeldCount> => {
  const counts = new Map<string, HeldCount>();
  for (const userId of userIds) {
    const { hold } = state.delivered(userId);
    if (hold === undefined) continue;
    const { kind, reason = null } = hold;
    const place = `${kind}/${reason ?? ''}`;
    counts.set(place, { kind, reason, people: (counts.get(place)?.people ?? 0) + 1 });
  }
  return [...counts].sort(([left], [right]) => (left < right ? 1 : -1)).map(([, count]) => count);
};

/**
 * Who waits for a decision, since when, why, and on what evidence; counted are all, shown those of the page. That they are shown is
 * recorded first.
 */
export const listHeld = async (connection: Connection, { by, ...page }: ListHeldOptions): Promise<Held> => {
  const { options, present } = connection;
  const state = await present();
  const all = state.deliveredIn('held');
  const { shown, more } = pageOfPeople(all, page);
  await recordAccess(connection, { view: 'held', userIds: shown, count: shown.length, by });
  const reach = reachOf(state, options.groupId);
  const people = shown.flatMap((userId): ReadonlyArray<HeldPerson> => {
    const { hold, email, link, role } = state.delivered(userId);
    if (hold === undefined) return [];
    const person = state.person(userId);
    const wanted = person === undefined ? undefined : desire(options.preferences, person).email;
    return [
      {
        userId,
        displayName: person?.attributes.displayName ?? null,
        email: email ?? wanted ?? null,
        learnAmpUserId: link ?? null,
        kind: hold.kind,
        reason: hold.reason ?? null,
        since: hold.since,
        byName: needsName(state, userId),
        role: role ?? null,
        evidence: evidenceOf(person, () => pathTo(userId, reach), state.membership.nameOf),
      },
    ];
  });
  return {
    connectionId: options.connectionId,
    scopeFrozen: state.connection().scopeHold ?? null,
    counts: countsOf(state, all),
    people,
    more,
  };
};
