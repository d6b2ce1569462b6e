import type { DeliveredPerson, DirectoryEvent, DirectoryPerson, ObjectId } from '@learnamp/directory-sync-domain';
import {
  deliveredEventTypes,
  deliveredKeysOf,
  evolveConnection,
  evolveConnectionBy,
  evolveDelivered,
  evolvePerson,
  initialDelivered,
  initialPerson,
  onCopy,
  onOwnCopies,
  personEventTypes,
  type ConnectionState,
} from '@learnamp/directory-sync-domain';
import type { EventEnvelope } from '@learnamp/directory-sync-event-sourcing';
import { recount, sampled, type Counts, type Sample } from './counts.js';
import { blankFacts, emailHeld, isSameManager, noteFacts, type FactsOfPerson } from './facts-of-person.js';
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

const personIn = (buffer: RowBuffer, key: string): DirectoryPerson | undefined =>
  buffer.get(tables.people, key) as DirectoryPerson | undefined;

const deliveredIn = (buffer: RowBuffer, key: string): DeliveredPerson | undefined =>
  buffer.get(tables.delivered, key) as DeliveredPerson | undefined;

/** The last who was seen with an address or an account holds it. */
const putHolders = (buffer: RowBuffer, userId: string, before: FactsOfPerson, after: FactsOfPerson): void => {
  if (before.link === after.link && before.email === after.email && before.gone === after.gone) return;
  const put = (key: string): void => {
    if (buffer.get(tables.holders, key) !== userId) buffer.put(tables.holders, key, userId);
  };
  if (after.link !== undefined && after.link !== before.link) put(`account:${after.link}`);
  const [old, now] = [emailHeld(before), emailHeld(after)];
  if (old === now) return;
  if (old !== undefined && buffer.get(tables.holders, `email:${old}`) === userId)
    buffer.remove(tables.holders, `email:${old}`);
  if (now !== undefined) put(`email:${now}`);
};

/** Notes since when somebody is out for good, and forgets it once they are back or erased. */
const putLeaver = (buffer: RowBuffer, key: string, settled: boolean, at: string): void => {
  if (settled) buffer.put(tables.leavers, key, at);
  else buffer.remove(tables.leavers, key);
};

/** Whom an event is about: in the directory, and at Learn Amp. */
type About = { readonly person: string | undefined; readonly delivered: ReadonlyArray<string> };

const nobody: ReadonlyArray<string> = [];

const aboutOf = (event: Envelope): About => ({
  person: personTypes.has(event.type) && 'userId' in event.data ? event.data.userId : undefined,
  delivered: deliveredTypes.has(event.type) ? deliveredKeysOf(event) : nobody,
});

const keysOf = ({ person, delivered }: About): Iterable<string> => {
  if (person === undefined) return delivered.length < 2 ? delivered : new Set(delivered);
  if (delivered.length === 0 || (delivered.length === 1 && delivered[0] === person)) return [person];
  return new Set([person, ...delivered]);
};

const LONG = 200;

/** A long stretch of the log is folded on plain copies, past caches: what lies between its events is seen by nobody. */
export const isLong = ({ length }: ReadonlyArray<unknown>): boolean => length >= LONG;

type Fold = { readonly event: Envelope; readonly about: About };

/** Of a dispatch each of them is asked for in turn: they are not looked for among all of them each time. */
const isAboutDelivered = ({ delivered, person }: About, key: string): boolean => {
  if (delivered.length === 1) return delivered[0] === key;
  return (delivered.length > 1 && person !== key) || delivered.includes(key);
};

/** A team under another id, or other things that Learn Amp can do: nobody's plan is known to be idle any more. */
const changesEverybody = (before: ConnectionState, after: ConnectionState, event: Envelope): boolean => {
  if (event.type === 'LearnAmpCapabilitiesObserved') return before.unsupported.join() !== after.unsupported.join();
  if (event.type === 'TeamGone') return before.teams !== after.teams;
  if (event.type !== 'TeamEnsured') return false;
  const known = before.teams[event.data.teamKey];
  return known !== undefined && known.teamId !== event.data.teamId;
};

/** The first event of a person, or of one who was erased: a key was made for it. */
const beginsKey = (buffer: RowBuffer, event: Envelope): boolean => {
  if (event.type !== 'UserJoinedGroup' || event.metadata.keyId === undefined) return false;
  const person = personIn(buffer, event.data.userId);
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
  const isLongStretch = isLong(events);
  const drafting = isLongStretch ? onOwnCopies() : undefined;
  // What the connection was is looked at behind the event.
  const evolve = isLongStretch ? evolveConnectionBy(onCopy) : evolveConnection;
  const [before, after] = [blankFacts(), blankFacts()];

  const foldDirectory = (event: Envelope, key: ObjectId, known: DirectoryPerson | undefined): DirectoryPerson => {
    const next = evolvePerson(known ?? initialPerson(key), event, key, drafting);
    if (next !== known) buffer.put(tables.people, key, next);
    return next;
  };

  const foldDelivered = (
    event: Envelope,
    key: ObjectId,
    known: DeliveredPerson | undefined,
  ): DeliveredPerson | undefined => {
    const start = known ?? initialDelivered(key);
    const next = evolveDelivered(start, event, key, drafting);
    if (known === undefined && next === start) return undefined;
    if (next !== known) buffer.put(tables.delivered, key, next);
    return next;
  };

  const foldPerson = ({ event, about }: Fold, key: ObjectId): void => {
    const [known, held] = [personIn(buffer, key), deliveredIn(buffer, key)];
    noteFacts(before, key, known, held);
    const person = about.person === key ? foldDirectory(event, key, known) : known;
    const delivered = isAboutDelivered(about, key) ? foldDelivered(event, key, held) : held;
    if (person?.factRevision === before.factRevision && delivered?.foldedTo === before.foldedTo) return;
    noteFacts(after, key, person, delivered);
    touched.add(key);
    putHolders(buffer, key, before, after);
    if (before.settled !== after.settled)
      putLeaver(buffer, key, after.settled, connection.graphTime ?? event.recordedAt);
    counts = recount(counts, before.shares, after.shares);
    if (!isSameManager(before, after)) leaned.add(key);
  };

  for (const event of events) {
    if (beginsKey(buffer, event)) newestKey = event.metadata.keyId;
    newestKey ??= event.metadata.keyId;
    const connected = evolve(connection, event);
    everybodyPending ||= changesEverybody(connection, connected, event);
    connection = connected;
    const edges = stageEdges(buffer, event);
    everybodyMoved ||= edges.structure;
    for (const userId of edges.users) moved.add(userId);
    samples = sampled(samples, event, counts.active);
    if (event.type === 'PersonErased') buffer.put(tables.erasing, event.data.userId, event.revision.toString());
    const about = aboutOf(event);
    for (const key of keysOf(about)) foldPerson({ event, about }, key as ObjectId);
    if (standingTypes.has(event.type) && 'userId' in event.data) moved.add(event.data.userId);
  }
  return { connection, counts, samples, newestKey, touched, leaned, moved, everybodyMoved, everybodyPending };
};
