import type {
  ConnectionState,
  DeliveredPerson,
  DirectoryEvent,
  DirectoryEventOf,
  DirectoryPerson,
  LearnAmpUserId,
  ObjectId,
} from '@learnamp/directory-sync-domain';
import {
  deliveredEventTypes,
  deliveredKeysOf,
  evolveConnection,
  evolveDelivered,
  evolvePerson,
  initialConnection,
  initialDelivered,
  initialPerson,
  isActiveStatus,
  personEventTypes,
} from '@learnamp/directory-sync-domain';
import type { EventEnvelope, Head } from '@learnamp/directory-sync-event-sourcing';
import { makeInMemoryProjection } from '@learnamp/directory-sync-event-sourcing';
import { makeMembershipIndex, type MembershipIndex } from './membership-index.js';

type Envelope = EventEnvelope<DirectoryEvent>;

/**
 * Everything the engine knows, folded from one stream, and the indexes over it.
 * Invariant: equals the fold of the stream up to `head`; only `apply` changes it, with what was appended or read.
 */
export type EngineState = {
  readonly apply: (events: ReadonlyArray<Envelope>, head: Head) => void;
  readonly head: () => Head | undefined;
  readonly connection: () => ConnectionState;
  readonly person: (userId: ObjectId) => DirectoryPerson | undefined;
  readonly people: () => Iterable<DirectoryPerson>;
  readonly inScope: () => Iterable<DirectoryPerson>;
  readonly inScopeCount: () => number;
  readonly delivered: (userId: ObjectId) => DeliveredPerson;
  readonly deliveredPeople: () => Iterable<DeliveredPerson>;
  readonly membership: MembershipIndex;
  readonly holderOfEmail: (email: string) => ObjectId | undefined;
  readonly holderOfAccount: (learnAmpUserId: LearnAmpUserId) => ObjectId | undefined;
  readonly reportsOf: (managerId: ObjectId) => Iterable<ObjectId>;
  /** Linked people whose account is active. */
  readonly activeLinked: () => number;
  /** The largest number of them within the window that ends at a Graph time: it falls only by dispatched deactivations. */
  readonly largestActive: (graphTime: string, windowHours: number) => number;
  /** People whose state changed since the last call. */
  readonly takeTouched: () => ReadonlySet<ObjectId>;
  readonly eventCount: () => number;
};

/** More dispatches of deactivations than this in one window hold everything anyway. */
const SAMPLES = 2_000;

const noOne: ReadonlySet<ObjectId> = new Set();

export const makeEngineState = (): EngineState => {
  let head: Head | undefined;
  let connection = initialConnection;
  let active = 0;
  let count = 0;
  let activeSamples: ReadonlyArray<{ readonly at: string; readonly active: number }> = [];
  let touched = new Set<ObjectId>();
  const inScope = new Set<ObjectId>();
  const byEmail = new Map<string, ObjectId>();
  const byAccount = new Map<LearnAmpUserId, ObjectId>();
  const reports = new Map<ObjectId, Set<ObjectId>>();
  const membership = makeMembershipIndex();
  const people = makeInMemoryProjection<DirectoryPerson, DirectoryEvent>({
    name: 'directory-people',
    version: 1,
    handles: personEventTypes,
    keysOf: (event) => ('userId' in event.data ? [event.data.userId] : []),
    initial: initialPerson,
    evolve: evolvePerson,
  });
  const delivered = makeInMemoryProjection<DeliveredPerson, DirectoryEvent>({
    name: 'delivered-people',
    version: 1,
    handles: deliveredEventTypes,
    keysOf: (event) => deliveredKeysOf(event),
    initial: initialDelivered,
    evolve: evolveDelivered,
  });

  const indexPerson = (before: DirectoryPerson | undefined, after: DirectoryPerson): void => {
    const { userId } = after;
    touched.add(userId);
    if (after.inScope) inScope.add(userId);
    else inScope.delete(userId);
    if (before?.managerId !== after.managerId) {
      if (before?.managerId) reports.get(before.managerId)?.delete(userId);
      if (after.managerId) {
        const known = reports.get(after.managerId) ?? new Set<ObjectId>();
        known.add(userId);
        reports.set(after.managerId, known);
      }
    }
  };

  const isActive = (person: DeliveredPerson | undefined): boolean =>
    person?.link !== undefined && !person.gone && person.status !== undefined && isActiveStatus(person.status);

  const indexDelivered = (before: DeliveredPerson | undefined, after: DeliveredPerson): void => {
    const { userId } = after;
    touched.add(userId);
    active += Number(isActive(after)) - Number(isActive(before));
    if (after.link !== undefined) byAccount.set(after.link, userId);
    const held = (person: DeliveredPerson | undefined) =>
      person?.link === undefined || person.gone ? undefined : person.email?.toLowerCase();
    const [old, now] = [held(before), held(after)];
    if (old === now) return;
    if (old !== undefined && byEmail.get(old) === userId) byEmail.delete(old);
    if (now !== undefined) byEmail.set(now, userId);
  };

  const sampleActive = (data: DirectoryEventOf<'CommandsDispatched'>['data']): void => {
    if (data.items.some(({ kind }) => kind === 'DeactivateUser'))
      activeSamples = [...activeSamples, { at: data.graphTime, active }].slice(-SAMPLES);
  };

  const apply = (events: ReadonlyArray<Envelope>, newHead: Head): void => {
    // One by one: what a dispatch saw must not depend on how the events were cut into pages.
    for (const event of events) {
      connection = evolveConnection(connection, event);
      membership.apply(event);
      if (event.type === 'CommandsDispatched') sampleActive(event.data);
      for (const change of people.apply([event])) indexPerson(change.before, change.after);
      for (const change of delivered.apply([event])) indexDelivered(change.before, change.after);
    }
    count += events.length;
    head = newHead;
  };

  return {
    apply,
    head: () => head,
    connection: () => connection,
    person: (userId) => people.get(userId),
    people: function* () {
      for (const [, person] of people.entries()) yield person;
    },
    inScope: function* () {
      for (const userId of inScope) {
        const person = people.get(userId);
        if (person !== undefined) yield person;
      }
    },
    inScopeCount: () => inScope.size,
    delivered: (userId) => delivered.get(userId) ?? initialDelivered(userId),
    deliveredPeople: function* () {
      for (const [, person] of delivered.entries()) yield person;
    },
    membership,
    holderOfEmail: (email) => byEmail.get(email),
    holderOfAccount: (learnAmpUserId) => byAccount.get(learnAmpUserId),
    reportsOf: (managerId) => reports.get(managerId) ?? noOne,
    activeLinked: () => active,
    largestActive: (graphTime, windowHours) => {
      const start = Date.parse(graphTime) - windowHours * 3_600_000;
      return activeSamples.reduce(
        (most, sample) => (Date.parse(sample.at) >= start ? Math.max(most, sample.active) : most),
        active,
      );
    },
    takeTouched: () => {
      const taken = touched;
      touched = new Set();
      return taken;
    },
    eventCount: () => count,
  };
};
