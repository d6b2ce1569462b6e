import type { DeliveredPerson, DirectoryPerson, ObjectId, Preferences } from '@learnamp/directory-sync-domain';
import { desire, pathTo, reachable, type Reach } from '@learnamp/directory-sync-domain';
import type { PersonStatus, PersonView } from '../directory-sync.js';
import type { EngineState } from '../state/engine-state.js';

const statusOf = (person: DirectoryPerson, delivered: DeliveredPerson): PersonStatus => {
  if (delivered.hold?.standing === 'held') return 'held';
  const stuck =
    delivered.gone ||
    delivered.conflict !== undefined ||
    Object.keys(delivered.rejected).length > 0 ||
    Object.keys(delivered.parked).length > 0;
  if (person.inScope && stuck) return 'parked';
  if (!person.inScope) return 'left';
  return delivered.link === undefined ? 'waiting' : 'active';
};

/** One person as the two sides stand, from folded state alone. */
export const personView = (
  state: EngineState,
  preferences: Preferences,
  reach: Reach,
  person: DirectoryPerson,
): PersonView => {
  const delivered = state.delivered(person.userId);
  const desired = desire(preferences, person);
  const team = delivered.teamKey === undefined ? undefined : state.connection().teams[delivered.teamKey];
  return {
    userId: person.userId,
    learnAmpUserId: delivered.link ?? null,
    email: delivered.email ?? desired.email ?? null,
    displayName: person.attributes.displayName ?? null,
    status: statusOf(person, delivered),
    inScope: person.inScope,
    linked: delivered.link !== undefined,
    groupPath: person.inScope ? pathTo(person.userId, reach) : [],
    managerId: person.managerId ?? null,
    primaryTeam: team?.name ?? desired.team?.name ?? null,
  };
};

export const reachOf = (state: EngineState, scopeGroupId: ObjectId): Reach =>
  reachable(state.connection().groupId ?? scopeGroupId, state.membership);
