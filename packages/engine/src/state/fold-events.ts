import type { DeliveredPerson, DirectoryEvent, DirectoryPerson, ObjectId } from '@learnamp/directory-sync-domain';
import {
  deliveredEventTypes,
  deliveredKeysOf,
  evolveConnection,
  evolveDelivered,
  evolvePerson,
  initialDelivered,
  initialPerson,
  isSettledLeaver,
  personEventTypes,
  type ConnectionState,
} from '@learnamp/directory-sync-domain';
import type { EventEnvelope } from '@learnamp/directory-sync-event-sourcing';
import { recount, sampled, type Counts, type Known, type Sample } from './counts.js';
import { stageEdges } from './membership-index.js';
import type { RowBuffer } from './row-buffer.js';
import { tables } from './tables.js';

export type Envelope = EventEnvelope<DirectoryEvent>;

/** What is not kept by person. */
export type Totals = {
  readonly connection: ConnectionState;
  readonly counts: Counts;
  readonly samples: ReadonlyArray<Sample>;
  /** Id of the key that was made last, as far as the log tells: an older key store lacks it, whatever else it lacks. */
  readonly newestKey: string | undefined;
};

/** What a batch of events changed. */
export type Folded = Totals & {
  /** People whose state is another one. */
  readonly touched: ReadonlySet<ObjectId>;
  /** Those of them on whom other people's plans rest, and who are something else to them now. */
  readonly leaned: ReadonlySet<ObjectId>;
  /** People whose place in the scope has to be looked at. */
  readonly moved: ReadonlySet<ObjectId>;
  /** Edges between groups changed: anybody's place may be another. */
  readonly everybodyMoved: boolean;
  /** Something that everybody is planned with changed. */
  readonly everybodyPending: boolean;
};

const personTypes: ReadonlySet<string> = new Set(personEventTypes);
const deliveredTypes: ReadonlySet<string> = new Set(deliveredEventTypes);

/** Events after which a person may join or leave by edges that were recorded before. */
const standingTypes: ReadonlySet<string> = new Set([
  'UserDeleted',
  'UserRestored',
  'UserLeftGroup',
  'LeaveConfirmed',
  'LeaveUnconfirmed',
]);

const knownIn = (buffer: RowBuffer, key: string): Known => ({
  person: buffer.get(tables.people, key) as DirectoryPerson | undefined,
  delivered: buffer.get(tables.delivered, key) as DeliveredPerson | undefined,
});

/** What other people's plans see of somebody who manages them, or whom they were given to before (domain, `managerWish`). */
const asManager = ({ person, delivered }: Known): string =>
  JSON.stringify([
    person?.inScope,
    person?.erased,
    person?.accountEnabled,
    person?.deleted,
    person?.leave === undefined ? undefined : person.leave.confirmations > 0,
    delivered?.link,
    delivered?.gone,
    delivered?.status === 'deactivated',
    delivered?.deactivatedAt,
    delivered?.activeSince,
  ]);

const emailHeld = (person: DeliveredPerson | undefined): string | undefined =>
  person?.link === undefined || person.gone ? undefined : person.email?.toLowerCase();

/** The last who was seen with an address or an account holds it. */
const putHolders = (buffer: RowBuffer, before: DeliveredPerson | undefined, after: DeliveredPerson): void => {
  const { userId } = after;
  const put = (key: string): void => {
    if (buffer.get(tables.holders, key) !== userId) buffer.put(tables.holders, key, userId);
  };
  if (after.link !== undefined && after.link !== before?.link) put(`account:${after.link}`);
  const [old, now] = [emailHeld(before), emailHeld(after)];
  if (old === now) return;
  if (old !== undefined && buffer.get(tables.holders, `email:${old}`) === userId)
    buffer.remove(tables.holders, `email:${old}`);
  if (now !== undefined) put(`email:${now}`);
};

const isSettled = ({ person, delivered }: Known, key: string): boolean =>
  person !== undefined && isSettledLeaver(person, delivered ?? initialDelivered(key));

/** Notes since when somebody is out for good, and forgets it once they are back or erased. */
const putLeaver = (buffer: RowBuffer, key: string, [before, after]: readonly [Known, Known], at: string): void => {
  const settled = isSettled(after, key);
  if (settled === isSettled(before, key)) return;
  if (settled) buffer.put(tables.leavers, key, at);
  else buffer.remove(tables.leavers, key);
};

const evolveKnown = (event: Envelope, key: string, { person, delivered }: Known): Known => {
  const isAbout = personTypes.has(event.type) && 'userId' in event.data && event.data.userId === key;
  const before = delivered ?? initialDelivered(key);
  const isDelivered = deliveredTypes.has(event.type) && deliveredKeysOf(event).includes(key);
  const nextPerson = isAbout ? evolvePerson(person ?? initialPerson(key), event, key) : person;
  const nextDelivered = isDelivered ? evolveDelivered(before, event, key) : before;
  return { person: nextPerson, delivered: nextDelivered === before ? delivered : nextDelivered };
};

const keysOf = (event: Envelope): ReadonlySet<string> =>
  new Set([
    ...(personTypes.has(event.type) && 'userId' in event.data ? [event.data.userId] : []),
    ...(deliveredTypes.has(event.type) ? deliveredKeysOf(event) : []),
  ]);

/** A team under another id, or other things that Learn Amp can do: nobody's plan is known to be idle any more. */
const changesEverybody = (before: ConnectionState, after: ConnectionState, event: Envelope): boolean => {
  if (event.type === 'LearnAmpCapabilitiesObserved') return before.unsupported.join() !== after.unsupported.join();
  if (event.type !== 'TeamEnsured') return false;
  const known = before.teams[event.data.teamKey];
  return known !== undefined && known.teamId !== event.data.teamId;
};

/** The first event of a person, or of one who was erased: a key was made for it. */
const beginsKey = (buffer: RowBuffer, event: Envelope): boolean => {
  if (event.type !== 'UserJoinedGroup' || event.metadata.keyId === undefined) return false;
  const { person } = knownIn(buffer, event.data.userId);
  return person?.everInScope !== true || person.erased;
};

/**
 * Folds a batch into the rows to be, one event after the other: what a dispatch saw must not depend on how the events were
 * cut into batches. Nothing is written here.
 */
export const foldEvents = (buffer: RowBuffer, start: Totals, events: ReadonlyArray<Envelope>): Folded => {
  let { connection, counts, samples, newestKey } = start;
  let everybodyMoved = false;
  let everybodyPending = false;
  const touched = new Set<ObjectId>();
  const leaned = new Set<ObjectId>();
  const moved = new Set<ObjectId>();

  const foldPerson = (event: Envelope, key: ObjectId): void => {
    const before = knownIn(buffer, key);
    const after = evolveKnown(event, key, before);
    const { person, delivered } = after;
    if (person === before.person && delivered === before.delivered) return;
    touched.add(key);
    if (person !== before.person) buffer.put(tables.people, key, person);
    if (delivered !== undefined && delivered !== before.delivered) {
      buffer.put(tables.delivered, key, delivered);
      putHolders(buffer, before.delivered, delivered);
    }
    putLeaver(buffer, key, [before, after], connection.graphTime ?? event.recordedAt);
    counts = recount(counts, before, after);
    if (asManager(before) !== asManager(after)) leaned.add(key);
  };

  for (const event of events) {
    if (beginsKey(buffer, event)) newestKey = event.metadata.keyId;
    newestKey ??= event.metadata.keyId;
    const connected = evolveConnection(connection, event);
    everybodyPending ||= changesEverybody(connection, connected, event);
    connection = connected;
    const edges = stageEdges(buffer, event);
    everybodyMoved ||= edges.structure;
    for (const userId of edges.users) moved.add(userId);
    samples = sampled(samples, event, counts.active);
    if (event.type === 'PersonErased') buffer.put(tables.erasing, event.data.userId, event.revision.toString());
    for (const key of keysOf(event)) foldPerson(event, key as ObjectId);
    if (standingTypes.has(event.type) && 'userId' in event.data) moved.add(event.data.userId);
  }
  return { connection, counts, samples, newestKey, touched, leaned, moved, everybodyMoved, everybodyPending };
};
