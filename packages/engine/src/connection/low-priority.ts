import type { DirectorySource } from '@learnamp/directory-sync-graph';

const low = { priority: 'low' } as const;

/** The same source, whose reads give way to those of others: for sweeps that can wait. */
export const lowPriority = (source: DirectorySource): DirectorySource => ({
  ...source,
  readGroup: (groupId, options) => source.readGroup(groupId, { ...low, ...options }),
  readNestedGroups: (groupId, options) => source.readNestedGroups(groupId, { ...low, ...options }),
  countUsers: (options) => source.countUsers({ ...low, ...options }),
  latestUsers: (options) => source.latestUsers({ ...low, ...options }),
  usersPage: (from, options) => source.usersPage(from, { ...low, ...options }),
  groupsPage: (from, options) => source.groupsPage(from, { ...low, ...options }),
  readProfiles: (userIds, options) => source.readProfiles(userIds, { ...low, ...options }),
  checkMembership: (userIds, groupId, options) => source.checkMembership(userIds, groupId, { ...low, ...options }),
  readMemberships: (members, options) => source.readMemberships(members, { ...low, ...options }),
});
