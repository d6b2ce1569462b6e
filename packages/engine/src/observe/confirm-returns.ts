import type { ObjectId } from '@learnamp/directory-sync-domain';
import { ask, type CycleContext } from './cycle-context.js';

const CHUNK = 200;

/**
 * Of those who are about to join, all but the restored whom Graph does not call a member now. A restored account gets its
 * memberships back later than itself, or not at all, while the recorded edges outlived it (FC-44); an answer other than yes
 * is asked for again in the next cycle. A full cycle has just read the groups from the beginning, and its edges are fresh.
 */
export const confirmReturns = async (
  context: CycleContext,
  joining: ReadonlyArray<ObjectId>,
): Promise<ReadonlyArray<ObjectId>> => {
  const isRestored = (userId: ObjectId): boolean => context.state.person(userId)?.leave?.reason === 'deleted';
  const restored = context.full ? [] : joining.filter(isRestored);
  if (restored.length === 0) return joining;
  const doubted = new Set(restored);
  for (let at = 0; at < restored.length; at += CHUNK) {
    const asked = restored.slice(at, at + CHUNK);
    const checks = await ask(context.directory.checkMembership(asked, context.groupId, { signal: context.signal }));
    for (const { _tag, userId } of checks) if (_tag === 'StillMember') doubted.delete(userId);
  }
  return joining.filter((userId) => !doubted.has(userId));
};
