import { desire, nextTryAt, type DeliveredPerson } from '@learnamp/directory-sync-domain';
import { recordAccess } from '../access/record-access.js';
import type { Connection } from '../connection/open-connection.js';
import { couldNotBeSynced } from '../report.js';
import type { EngineState } from '../state/engine-state.js';
import type { Attention } from '../sync-report.js';
import { pageOfPeople } from '../views/page-of-people.js';
import { standingAttention } from '../views/standing.js';
import { personNow } from '../why/explain-person.js';
import { waitsOf } from '../why/waits.js';
import type { ListParkedOptions, Parked, ParkedPerson } from './parked.js';

/** Kinds of attention that stand until somebody, or time, does something about them. */
const isParkedKind = (kind: Attention['kind']): boolean => couldNotBeSynced.has(kind) || kind === 'no-email';

/** Everybody who is parked, as the next cycle would find them. */
export const parkedAttention = ({ options }: Connection, state: EngineState): ReadonlyArray<Attention> =>
  standingAttention(state, options.preferences).filter(({ kind }) => isParkedKind(kind));

/** The first time at which Learn Amp is asked again by itself for something it refused. */
const firstTry = ({ rejected }: DeliveredPerson): string | null =>
  Object.values(rejected)
    .flatMap((refusal) => nextTryAt(refusal) ?? [])
    .sort()[0] ?? null;

const viewOf = (connection: Connection, state: EngineState, attention: Attention): ParkedPerson => {
  const { userId, kind, reason } = attention;
  const { preferences } = connection.options;
  const now = personNow(connection, state, userId);
  const { person, delivered } = now;
  const wanted = person === undefined ? undefined : desire(preferences, person).email;
  return {
    ...{ userId, kind, reason },
    displayName: person?.attributes.displayName ?? null,
    email: delivered.email ?? wanted ?? null,
    learnAmpUserId: delivered.link ?? null,
    since: delivered.troubledSince === '' ? null : delivered.troubledSince,
    waits: waitsOf(now)
      .filter((wait) => wait.kind === (kind === 'unanswered' ? 'unknown' : kind))
      .map(({ says, until }) => ({ says, until })),
    nextTryAt: kind === 'rejected' ? firstTry(delivered) : null,
  };
};

const countsOf = (attention: ReadonlyArray<Attention>): Parked['counts'] => {
  const counts = new Map<string, Parked['counts'][number]>();
  for (const { kind, reason } of attention) {
    const place = `${kind}/${reason}`;
    counts.set(place, { kind, reason, people: (counts.get(place)?.people ?? 0) + 1 });
  }
  return [...counts.values()].sort((left, right) => right.people - left.people);
};

/**
 * Who is parked, refused or in conflict: since when, why, and what would end it; counted are all, shown those of the page. That they are
 * shown is recorded first.
 */
export const listParked = async (connection: Connection, { by, ...page }: ListParkedOptions): Promise<Parked> => {
  const state = await connection.present();
  const attention = (await connection.standing(state)).filter(({ kind }) => isParkedKind(kind));
  const { shown, more } = pageOfPeople(
    attention.map(({ userId }) => userId),
    page,
  );
  await recordAccess(connection, { view: 'parked', userIds: shown, count: shown.length, by });
  const isShown = new Set(shown);
  const people = attention.filter(({ userId }) => isShown.has(userId)).map((each) => viewOf(connection, state, each));
  return { connectionId: connection.options.connectionId, counts: countsOf(attention), people, more };
};
