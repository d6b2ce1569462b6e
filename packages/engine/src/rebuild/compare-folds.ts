import type {
  ConnectionState,
  DeliveredPerson,
  DirectoryEvent,
  DirectoryPerson,
  ObjectId,
  Preferences,
} from '@learnamp/directory-sync-domain';
import {
  deliveredKeysOf,
  desire,
  evolveConnection,
  evolveDelivered,
  evolvePerson,
  initialConnection,
  initialDelivered,
  initialPerson,
} from '@learnamp/directory-sync-domain';
import type { EventEnvelope } from '@learnamp/directory-sync-event-sourcing';
import { differingPaths, sameRow } from './row-difference.js';

type Envelope = EventEnvelope<DirectoryEvent>;

/** The reducers of one version of the code. */
export type Evolvers = {
  readonly connection: (state: ConnectionState, event: Envelope) => ConnectionState;
  readonly person: (state: DirectoryPerson, event: Envelope, key: string) => DirectoryPerson;
  readonly delivered: (state: DeliveredPerson, event: Envelope, key: string) => DeliveredPerson;
};

/** The folds of this version, to be compared with those of another one. */
export const presentEvolvers: Evolvers = {
  connection: evolveConnection,
  person: evolvePerson,
  delivered: evolveDelivered,
};

/** Where two versions of the folds part, and for whom the desired state is another one in the end. */
export type FoldsCompared = {
  /** The first event after which the two are not in the same state, and the fields that differ. `undefined`: there is none. */
  readonly first:
    | {
        readonly revision: string;
        readonly type: string;
        readonly projection: 'connection' | 'directory-people' | 'delivered-people';
        readonly key: string;
        readonly paths: ReadonlyArray<string>;
      }
    | undefined;
  /** Who is to be something else at Learn Amp by the second version than by the first, in the order of ids. */
  readonly people: ReadonlyArray<ObjectId>;
};

type Side = {
  readonly people: Map<string, DirectoryPerson>;
  readonly delivered: Map<string, DeliveredPerson>;
  connection: ConnectionState;
};

const begin = (): Side => ({ people: new Map(), delivered: new Map(), connection: initialConnection });

type Touched = readonly [projection: NonNullable<FoldsCompared['first']>['projection'], key: string];

const step = (side: Side, by: Evolvers, event: Envelope): ReadonlyArray<Touched> => {
  const touched: Touched[] = [['connection', 'state']];
  side.connection = by.connection(side.connection, event);
  if ('userId' in event.data) {
    const { userId } = event.data;
    side.people.set(userId, by.person(side.people.get(userId) ?? initialPerson(userId), event, userId));
    touched.push(['directory-people', userId]);
  }
  for (const key of deliveredKeysOf(event)) {
    side.delivered.set(key, by.delivered(side.delivered.get(key) ?? initialDelivered(key), event, key));
    touched.push(['delivered-people', key]);
  }
  return touched;
};

const stateAt = (side: Side, [projection, key]: Touched): unknown => {
  if (projection === 'connection') return side.connection;
  return (projection === 'directory-people' ? side.people : side.delivered).get(key);
};

const wanted = (preferences: Preferences, person: DirectoryPerson | undefined): unknown =>
  person?.inScope === true ? desire(preferences, person) : (person?.leave ?? null);

/**
 * Folds one history with two versions of the reducers side by side: where they part, and for whom the desired state is another
 * in the end. History is what it is; what follows from it may be put right by a plan.
 */
export const compareFolds = async (
  pages: AsyncIterable<{ readonly events: ReadonlyArray<Envelope> }>,
  [one, other]: readonly [Evolvers, Evolvers],
  preferences: Preferences,
): Promise<FoldsCompared> => {
  const [left, right] = [begin(), begin()];
  let first: FoldsCompared['first'];
  for await (const { events } of pages)
    for (const event of events) {
      const touched = step(left, one, event);
      step(right, other, event);
      if (first !== undefined) continue;
      const parted = touched.find((place) => !sameRow(stateAt(left, place), stateAt(right, place)));
      if (parted === undefined) continue;
      const [projection, key] = parted;
      const paths = differingPaths(stateAt(left, parted), stateAt(right, parted));
      first = { revision: event.revision.toString(), type: event.type, projection, key, paths };
    }
  const userIds = [...new Set([...left.people.keys(), ...right.people.keys()])].sort() as ObjectId[];
  const people = userIds.filter(
    (userId) => !sameRow(wanted(preferences, left.people.get(userId)), wanted(preferences, right.people.get(userId))),
  );
  return { first, people };
};
