import type { DirectoryGroup, DirectoryObject } from './directory-objects.js';

/** Every live object below a live group, the group itself left out unless a ring leads back to it. Without recursion: chains may be long. */
export const reachableFrom = (
  groupId: string,
  find: (id: string) => DirectoryObject | undefined,
): ReadonlyArray<DirectoryObject> => {
  const start = find(groupId);
  if (start?.kind !== 'group' || start.presence !== 'live') return [];
  const waiting: DirectoryGroup[] = [start];
  const walked = new Set<string>([groupId]);
  const found = new Map<string, DirectoryObject>();
  for (let group = waiting.pop(); group !== undefined; group = waiting.pop()) {
    for (const memberId of group.memberIds) {
      const member = find(memberId);
      if (member?.presence !== 'live') continue;
      found.set(memberId, member);
      if (member.kind === 'group' && !walked.has(memberId)) {
        walked.add(memberId);
        waiting.push(member);
      }
    }
  }
  return [...found.values()];
};
