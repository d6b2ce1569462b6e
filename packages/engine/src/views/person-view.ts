import type { DeliveredPerson, DirectoryPerson, ObjectId, Preferences } from '@learnamp/directory-sync-domain';
import { desire, pathTo, type Reach } from '@learnamp/directory-sync-domain';
import type { Attention, PersonStatus, PersonView } from '../directory-sync.js';
import { couldNotBeSynced } from '../report.js';
import type { EngineState } from '../state/engine-state.js';

const statusOf = (person: DirectoryPerson, delivered: DeliveredPerson, isParked: boolean): PersonStatus => {
  if (delivered.hold?.standing === 'held') return 'held';
  if (!person.inScope) return 'left';
  if (isParked) return 'parked';
  return delivered.link === undefined ? 'waiting' : 'active';
};

/** People who could not be synced, as the report counts them. */
export const parkedPeople = (attention: ReadonlyArray<Attention>): ReadonlySet<ObjectId> =>
  new Set(attention.flatMap(({ userId, kind }) => (couldNotBeSynced.has(kind) ? [userId] : [])));

export type ViewContext = {
  readonly state: EngineState;
  readonly preferences: Preferences;
  readonly reach: Reach;
  readonly parked: ReadonlySet<ObjectId>;
};

/** One person as the two sides stand, from folded state alone. */
export const personView = ({ state, preferences, reach, parked }: ViewContext, person: DirectoryPerson): PersonView => {
  const delivered = state.delivered(person.userId);
  const desired = desire(preferences, person);
  const team = delivered.teamKey === undefined ? undefined : state.connection().teams[delivered.teamKey];
  return {
    userId: person.userId,
    learnAmpUserId: delivered.link ?? null,
    email: delivered.email ?? desired.email ?? null,
    displayName: person.attributes.displayName ?? null,
    status: statusOf(person, delivered, parked.has(person.userId)),
    inScope: person.inScope,
    linked: delivered.link !== undefined,
    groupPath: person.inScope ? pathTo(person.userId, reach) : [],
    managerId: person.managerId ?? null,
    primaryTeam: team?.name ?? desired.team?.name ?? null,
  };
};

/** Of the groups of a path, in its order; `null` where no name was read yet. */
export const namesOf = (
  groupPath: ReadonlyArray<ObjectId>,
  nameOf: (groupId: ObjectId) => string | undefined,
): ReadonlyArray<string | null> => groupPath.map((groupId) => nameOf(groupId) ?? null);

export const reachOf = (state: EngineState, scopeGroupId: ObjectId): Reach =>
  state.membership.reach(state.connection().groupId ?? scopeGroupId);
