import { createHash } from 'node:crypto';
import { toSeconds } from '../clock.js';
import { randomFrom } from '../random.js';
import type { DirectoryModel, NewGroup, Permission } from './directory-model.js';
import type {
  DirectoryGroup,
  DirectoryObject,
  DirectoryThing,
  DirectoryUser,
  Photo,
  Presence,
} from './directory-objects.js';
import { makeJournal } from './journal.js';
import { madeUpPhoto } from './made-up-photo.js';
import { reachableFrom } from './reachability.js';
import type { UserProperties, UserProperty } from './user-properties.js';

export type DirectoryModelOptions = {
  readonly seed: number;
  readonly scopeGroup: NewGroup;
  readonly now: () => Date;
  /** What a purge or a group's deletion says about the edges it ends. */
  readonly edgesAreReported: (reason: 'purged-member' | 'deleted-nested-group', memberId: string) => boolean;
};

type UserState = { -readonly [Key in keyof DirectoryUser]: DirectoryUser[Key] };
type GroupState = { -readonly [Key in keyof DirectoryGroup]: DirectoryGroup[Key] } & { memberIds: Set<string> };

const without = <T extends object, K extends string>(value: T, key: K): Omit<T, K> => {
  const copy = { ...value };
  Reflect.deleteProperty(copy, key);
  return copy;
};

const plainId = (id: string): string => id.replaceAll('-', '');

export const makeDirectoryModel = (options: DirectoryModelOptions): DirectoryModel => {
  const users = new Map<string, UserState>();
  const groups = new Map<string, GroupState>();
  const things = new Map<string, DirectoryThing>();
  const holders = new Map<string, Set<string>>();
  /** Lower-cased names of the live users. */
  const principalNames = new Map<string, string>();
  const withdrawn = new Set<Permission>(['directory']);
  const journal = makeJournal();
  const ids = randomFrom(options.seed, 'object-ids');
  let uploads = 0;

  const find = (id: string): DirectoryObject | undefined => users.get(id) ?? groups.get(id) ?? things.get(id);
  const present = <T extends { presence: Presence }>(
    object: T | undefined,
    id: string,
    wanted: Presence,
    what: string,
  ): T => {
    if (object?.presence !== wanted) {
      throw new Error(`${what} ${id} is ${object === undefined ? 'unknown' : object.presence}, expected ${wanted}.`);
    }
    return object;
  };
  const liveUser = (id: string): UserState => present(users.get(id), id, 'live', 'User');
  const liveGroup = (id: string): GroupState => present(groups.get(id), id, 'live', 'Group');
  const freshId = (given: string | undefined): string => {
    const id = given ?? ids.uuid();
    if (find(id) !== undefined) throw new Error(`The id ${id} is taken.`);
    return id;
  };
  const freePrincipalName = (name: string, except: string): void => {
    const holder = principalNames.get(name.toLowerCase());
    if (holder !== undefined && holder !== except) throw new Error(`The principal name ${name} is taken by ${holder}.`);
  };

  const link = (group: GroupState, memberId: string, reported = true): void => {
    group.memberIds.add(memberId);
    const held = holders.get(memberId) ?? new Set<string>();
    holders.set(memberId, held.add(group.id));
    if (reported) journal.append('group', group.id, { type: 'member', memberId, present: true });
  };
  const unlink = (group: GroupState, memberId: string, reported = true): void => {
    group.memberIds.delete(memberId);
    holders.get(memberId)?.delete(group.id);
    if (reported) journal.append('group', group.id, { type: 'member', memberId, present: false });
  };
  const changeManager = (id: string, to: string | undefined): void => {
    const user = liveUser(id);
    const from = user.managerId;
    if (from === to) return;
    user.managerId = to;
    journal.append('user', id, { type: 'manager', from, to });
  };

  const addGroup = (group: NewGroup): string => {
    const id = freshId(group.id);
    groups.set(id, {
      kind: 'group',
      id,
      presence: 'live',
      properties: without(group, 'id'),
      createdDateTime: toSeconds(options.now()),
      deletedDateTime: undefined,
      memberIds: new Set(),
    });
    journal.append('group', id, { type: 'created' });
    return id;
  };

  const updateUser = (id: string, patch: UserProperties): void => {
    const user = liveUser(id);
    const renamed = patch.userPrincipalName ?? undefined;
    if (renamed !== undefined) {
      freePrincipalName(renamed, id);
      principalNames.delete((user.properties.userPrincipalName ?? '').toLowerCase());
      principalNames.set(renamed.toLowerCase(), id);
    }
    const given: ReadonlyArray<readonly [string, unknown]> = Object.entries(patch);
    for (const [key, value] of given) {
      const name = key as UserProperty;
      const before = user.properties[name];
      if (value === undefined || JSON.stringify(before) === JSON.stringify(value)) continue;
      if (value === null && before === undefined) continue;
      user.properties = { ...user.properties, [name]: value };
      journal.append('user', id, { type: 'property', name });
    }
  };

  const removeMember = (groupId: string, memberId: string): void => {
    const group = liveGroup(groupId);
    if (!group.memberIds.has(memberId)) throw new Error(`${memberId} is no direct member of ${groupId}.`);
    if (find(memberId)?.presence !== 'live')
      throw new Error(`${memberId} is deleted: its membership cannot be removed.`);
    unlink(group, memberId);
  };

  const addMember = (groupId: string, memberId: string): void => {
    const group = liveGroup(groupId);
    if (find(memberId)?.presence !== 'live') throw new Error(`${memberId} is not there to become a member.`);
    if (!group.memberIds.has(memberId)) link(group, memberId);
  };

  /** Ends what points at an object that is going for good. */
  const forgetEdges = (id: string): void => {
    const reported = options.edgesAreReported('purged-member', id);
    for (const groupId of [...(holders.get(id) ?? [])]) {
      const group = groups.get(groupId);
      if (group !== undefined) unlink(group, id, reported && group.presence === 'live');
    }
    for (const user of users.values()) if (user.managerId === id) user.managerId = undefined;
  };

  const groupsOf = (id: string): ReadonlySet<string> => {
    const found = new Set<string>();
    const waiting = [id];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      for (const groupId of holders.get(next) ?? []) {
        if (groups.get(groupId)?.presence !== 'live' || found.has(groupId)) continue;
        found.add(groupId);
        waiting.push(groupId);
      }
    }
    return found;
  };

  const scopeGroupId = addGroup(options.scopeGroup);

  return {
    scopeGroupId,
    journal,
    addUser: (user) => {
      const id = freshId(user.id);
      freePrincipalName(user.userPrincipalName, id);
      principalNames.set(user.userPrincipalName.toLowerCase(), id);
      const given: ReadonlyArray<readonly [string, unknown]> = Object.entries(without(user, 'id'));
      const filled = given.filter(([, value]) => value !== undefined && value !== null);
      const properties: UserProperties = Object.fromEntries(filled);
      users.set(id, {
        kind: 'user',
        id,
        presence: 'live',
        properties: {
          accountEnabled: true,
          userType: 'Member',
          businessPhones: [],
          createdDateTime: toSeconds(options.now()),
          ...properties,
        },
        managerId: undefined,
        photo: undefined,
        deletedDateTime: undefined,
      });
      journal.append('user', id, { type: 'created' });
      return id;
    },
    updateUser,
    setAccountEnabled: (id, enabled) => updateUser(id, { accountEnabled: enabled }),
    deleteUser: (id) => {
      const user = liveUser(id);
      user.presence = 'deleted';
      user.deletedDateTime = toSeconds(options.now());
      const name = user.properties.userPrincipalName ?? '';
      principalNames.delete(name.toLowerCase());
      user.properties = { ...user.properties, userPrincipalName: `${plainId(id)}${name}` };
      journal.append('user', id, { type: 'deleted' });
    },
    restoreUser: (id) => {
      const user = present(users.get(id), id, 'deleted', 'User');
      const name = (user.properties.userPrincipalName ?? '').slice(plainId(id).length);
      freePrincipalName(name, id);
      principalNames.set(name.toLowerCase(), id);
      user.presence = 'live';
      user.deletedDateTime = undefined;
      user.properties = { ...user.properties, userPrincipalName: name };
      journal.append('user', id, { type: 'restored' });
    },
    purgeUser: (id) => {
      const user = users.get(id);
      if (user === undefined || user.presence === 'purged') throw new Error(`There is no user ${id} to purge.`);
      if (user.presence === 'live') principalNames.delete((user.properties.userPrincipalName ?? '').toLowerCase());
      user.presence = 'purged';
      user.managerId = undefined;
      user.photo = undefined;
      journal.append('user', id, { type: 'purged' });
      forgetEdges(id);
    },
    setManager: (id, managerId) => {
      if (find(managerId)?.presence !== 'live') throw new Error(`${managerId} is not there to be a manager.`);
      changeManager(id, managerId);
    },
    clearManager: (id) => changeManager(id, undefined),
    setPhoto: (id, bytes, as = { width: 648, height: 648 }) => {
      uploads += 1;
      const content = bytes ?? madeUpPhoto(`${options.seed}/${id}/${uploads}`);
      const etag = createHash('sha256').update(`${id}/${uploads}`).digest('hex').slice(0, 8).toUpperCase();
      const photo: Photo = { bytes: content, contentType: 'image/jpeg', ...as, etag: `"${etag}"` };
      liveUser(id).photo = photo;
    },
    removePhoto: (id) => {
      liveUser(id).photo = undefined;
    },
    addGroup,
    updateGroup: (id, patch) => {
      const group = liveGroup(id);
      group.properties = { ...group.properties, ...patch };
      for (const name of Object.keys(patch)) journal.append('group', id, { type: 'property', name });
    },
    deleteGroup: (id) => {
      const group = liveGroup(id);
      group.presence = 'deleted';
      group.deletedDateTime = toSeconds(options.now());
      journal.append('group', id, { type: 'deleted' });
      if (!options.edgesAreReported('deleted-nested-group', id)) return;
      for (const parentId of holders.get(id) ?? []) {
        journal.append('group', parentId, { type: 'member', memberId: id, present: false });
      }
    },
    restoreGroup: (id) => {
      const group = present(groups.get(id), id, 'deleted', 'Group');
      group.presence = 'live';
      group.deletedDateTime = undefined;
      journal.append('group', id, { type: 'restored' });
      // A parent that was told the edge is gone is told that it is back.
      if (!options.edgesAreReported('deleted-nested-group', id)) return;
      for (const parentId of holders.get(id) ?? []) {
        journal.append('group', parentId, { type: 'member', memberId: id, present: true });
      }
    },
    purgeGroup: (id) => {
      const group = groups.get(id);
      if (group === undefined || group.presence === 'purged') throw new Error(`There is no group ${id} to purge.`);
      for (const memberId of [...group.memberIds]) unlink(group, memberId, false);
      group.presence = 'purged';
      journal.append('group', id, { type: 'purged' });
      forgetEdges(id);
    },
    addMember,
    removeMember,
    emptyGroup: (groupId) => {
      for (const memberId of [...liveGroup(groupId).memberIds]) {
        if (find(memberId)?.presence === 'live') removeMember(groupId, memberId);
      }
    },
    nestGroup: (parentId, childId) => {
      liveGroup(childId);
      addMember(parentId, childId);
    },
    detachGroup: (parentId, childId) => {
      liveGroup(childId);
      removeMember(parentId, childId);
    },
    addThing: (kind, displayName) => {
      const id = freshId(undefined);
      things.set(id, { kind, id, presence: 'live', displayName });
      return id;
    },
    withdraw: (permission) => {
      withdrawn.add(permission);
    },
    grant: (permission) => {
      withdrawn.delete(permission);
    },
    permitted: (permission) => !withdrawn.has(permission),
    reachableUsers: (groupId = scopeGroupId) =>
      new Set(reachableFrom(groupId, find).flatMap(({ kind, id }) => (kind === 'user' ? [id] : []))),
    users: () => [...users.values()].filter(({ presence }) => presence === 'live'),
    groups: () => [...groups.values()].filter(({ presence }) => presence === 'live'),
    find,
    user: liveUser,
    group: liveGroup,
    userByPrincipalName: (name) => users.get(principalNames.get(name.toLowerCase()) ?? ''),
    directReports: (id) => [...users.values()].filter((user) => user.presence === 'live' && user.managerId === id),
    groupsOf,
    deletedUsers: () => [...users.values()].filter(({ presence }) => presence === 'deleted'),
    deletedGroups: () => [...groups.values()].filter(({ presence }) => presence === 'deleted'),
    everyUser: () => [...users.values()],
    everyGroup: () => [...groups.values()],
  };
};
