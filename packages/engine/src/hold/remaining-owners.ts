import type { ObjectId } from '@learnamp/directory-sync-domain';
import type { EngineState } from '../state/engine-state.js';

/** Active owners of the company who would remain, people here and accounts of nobody here: when none would, each of those who go is the last. */
export const remainingOwners = (
  state: Pick<EngineState, 'deliveredIn' | 'connection' | 'holderOfAccount'>,
  isLeaving: (userId: ObjectId) => boolean,
): number =>
  state.deliveredIn('owner').filter((userId) => !isLeaving(userId)).length +
  state.connection().otherOwners.filter((account) => state.holderOfAccount(account) === undefined).length;
