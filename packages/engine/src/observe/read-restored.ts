import type { ObjectId } from '@learnamp/directory-sync-domain';
import type { MembershipsRead } from '@learnamp/directory-sync-graph';
import type { Pending } from '../record/recorder.js';
import { ask, type CycleContext } from './cycle-context.js';

const followedGroups = ({ state }: CycleContext): ReadonlyArray<ObjectId> =>
  Object.values(state.connection().cursors).flatMap(({ source, groupIds }) => (source === 'groups' ? groupIds : []));

const edgeEvents = ({ state }: CycleContext, read: MembershipsRead, followed: ReadonlyArray<ObjectId>) => {
  if (read._tag !== 'Found') return [];
  const { memberId, groupIds, complete, requestId: graphRequestId } = read;
  return followed.flatMap((groupId): ReadonlyArray<Pending> => {
    const data = { groupId, memberId, kind: 'user' as const };
    const isKnown = state.membership.group(groupId).members.has(memberId);
    if (groupIds.has(groupId)) return isKnown ? [] : [{ type: 'GroupMemberAdded', data, graphRequestId }];
    return isKnown && complete ? [{ type: 'GroupMemberRemoved', data, graphRequestId }] : [];
  });
};

/**
 * The direct memberships of people who came back from the recycle bin, of the groups that are followed. No delta tells them
 * (graph.md 2.4), and what was recorded may have gone when a group was read while they were away. Asked only once Graph
 * calls them members: memberships may come back later than the account, and an early read would take them away for good.
 */
export const readRestoredMemberships = async (
  context: CycleContext,
  restored: ReadonlyArray<ObjectId>,
): Promise<void> => {
  if (restored.length === 0) return;
  const members = restored.map((memberId) => ({ memberId, kind: 'user' as const }));
  const reads = await ask(context.directory.readMemberships(members, { signal: context.signal }));
  await context.recorder.record(() => {
    const followed = followedGroups(context);
    return reads.flatMap((read) => edgeEvents(context, read, followed));
  });
};
