import type { DirectoryEvent, KnownGroup, MemberKind, ObjectId, Reach } from '@learnamp/directory-sync-domain';
import { reachableGroups, reachOver } from '@learnamp/directory-sync-domain';
import type { ProjectionRows } from '@learnamp/directory-sync-event-sourcing';
import { ownText } from './own-text.js';
import type { RowBuffer } from './row-buffer.js';
import { tables } from './tables.js';

/**
 * The recorded edges, by group and by member. Invariant: equals the fold of `GroupMemberAdded`, `GroupMemberRemoved`,
 * `GroupNameChanged`, `GroupDeleted` and `GroupRestored` over the stream. Kept as rows of their own, no group's members are ever copied for one
 * event; in memory from the first time somebody asks.
 */
export type MembershipIndex = {
  readonly group: (groupId: ObjectId) => KnownGroup;
  readonly membersOf: (groupId: ObjectId) => Iterable<readonly [ObjectId, MemberKind]>;
  readonly groupsIn: (groupId: ObjectId) => Iterable<ObjectId>;
  readonly isDeleted: (groupId: ObjectId) => boolean;
  /** What a group was last seen to be called; `undefined` of one whose name was not read yet. */
  readonly nameOf: (groupId: ObjectId) => string | undefined;
  /** Every group that was met. */
  readonly groups: () => Iterable<ObjectId>;
  /** Who is in scope below a group: found anew only when an edge between groups, or a deletion, changed. */
  readonly reach: (scopeGroupId: ObjectId) => Reach;
  /** Everybody who is a direct member of a group within reach, once. Costs as much as there are people. */
  readonly usersIn: (reach: Reach) => ReadonlySet<ObjectId>;
};

/** What a change of the edges means for the scope. */
export type EdgeChange = { readonly users: ReadonlyArray<ObjectId>; readonly structure: boolean };

type Group = { readonly met: boolean; readonly deleted: boolean; readonly name?: string | undefined };
type Loaded = {
  readonly groupIds: Map<ObjectId, ObjectId>;
  readonly groups: Map<ObjectId, Group>;
  readonly members: Map<ObjectId, Map<ObjectId, MemberKind>>;
  readonly nested: Map<ObjectId, Set<ObjectId>>;
  /** One group as a rule, so that a set for each person is not worth its memory. */
  readonly groupsOf: Map<ObjectId, ObjectId | Set<ObjectId>>;
  readonly reaches: Map<ObjectId, Reach>;
};

const table = tables.memberships;
const unmet: Group = { met: false, deleted: false };
const noMembers: ReadonlyMap<ObjectId, MemberKind> = new Map();
const noChange: EdgeChange = { users: [], structure: false };
const structural: EdgeChange = { users: [], structure: true };

const edgeKey = (groupId: ObjectId, memberId: ObjectId): string => `${groupId}/${memberId}`;

const groupIn = (buffer: RowBuffer, groupId: ObjectId): Group =>
  (buffer.get(table, groupId) as Group | undefined) ?? unmet;

const putGroup = (buffer: RowBuffer, groupId: ObjectId, change: Partial<Group>): boolean => {
  const before = groupIn(buffer, groupId);
  const after = { ...before, ...change };
  const isNews = after.met !== before.met || after.deleted !== before.deleted || after.name !== before.name;
  if (isNews) buffer.put(table, groupId, after);
  return isNews;
};

const putMember = (
  buffer: RowBuffer,
  { groupId, memberId }: { readonly groupId: ObjectId; readonly memberId: ObjectId },
  kind: MemberKind | undefined,
): EdgeChange => {
  const key = edgeKey(groupId, memberId);
  const before = buffer.get(table, key) as MemberKind | undefined;
  if (before === kind) return noChange;
  if (kind === undefined) buffer.remove(table, key);
  else buffer.put(table, key, kind);
  const either = [before, kind];
  return { users: either.includes('user') ? [memberId] : [], structure: either.includes('group') };
};

/** Folds one event into the rows to be. */
export const stageEdges = (buffer: RowBuffer, event: DirectoryEvent): EdgeChange => {
  switch (event.type) {
    case 'GroupMemberAdded': {
      const { groupId, memberId, kind } = event.data;
      putGroup(buffer, groupId, { met: true });
      if (kind === 'group') putGroup(buffer, memberId, { met: true });
      return putMember(buffer, event.data, kind);
    }
    case 'GroupMemberRemoved':
      return putMember(buffer, event.data, undefined);
    case 'GroupDeleted':
    case 'GroupRestored': {
      const deleted = event.type === 'GroupDeleted';
      return putGroup(buffer, event.data.groupId, { deleted }) ? structural : noChange;
    }
    case 'GroupNameChanged':
      putGroup(buffer, event.data.groupId, { name: event.data.to });
      return noChange;
    case 'ConnectionCreated':
      putGroup(buffer, event.data.groupId, { met: true });
      return structural;
    case 'ScopeGroupChanged':
      putGroup(buffer, event.data.to, { met: true });
      return structural;
    default:
      return noChange;
  }
};

const withGroup = (loaded: Loaded, memberId: ObjectId, groupId: ObjectId): void => {
  const known = loaded.groupsOf.get(memberId);
  if (known === undefined || known === groupId) loaded.groupsOf.set(memberId, groupId);
  else if (typeof known === 'string') loaded.groupsOf.set(memberId, new Set([known, groupId]));
  else known.add(groupId);
};

const withoutGroup = (loaded: Loaded, memberId: ObjectId, groupId: ObjectId): void => {
  const known = loaded.groupsOf.get(memberId);
  if (known === groupId) loaded.groupsOf.delete(memberId);
  if (typeof known !== 'object') return;
  known.delete(groupId);
  if (known.size === 0) loaded.groupsOf.delete(memberId);
};

const entry = <V>(map: Map<ObjectId, V>, key: ObjectId, make: () => V): V => {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
};

/** One text for each group and one for each edge: the key that they were cut out of is let go. */
const endsOf = (loaded: Loaded, key: string): readonly [ObjectId, ObjectId | undefined] => {
  const [group, member] = key.split('/') as [ObjectId, ObjectId | undefined];
  const groupId = entry(loaded.groupIds, group, () => ownText(group));
  return [groupId, member === undefined ? undefined : ownText(member)];
};

const takeRow = (loaded: Loaded, key: string, value: unknown): void => {
  const [groupId, memberId] = endsOf(loaded, key);
  if (memberId === undefined) {
    const before = loaded.groups.get(groupId);
    const group = value as Group;
    loaded.groups.set(groupId, group);
    if (before?.met !== group.met || before.deleted !== group.deleted) loaded.reaches.clear();
    return;
  }
  const members = entry(loaded.members, groupId, () => new Map<ObjectId, MemberKind>());
  const before = members.get(memberId);
  if (before === 'user') withoutGroup(loaded, memberId, groupId);
  if (before === 'group') loaded.nested.get(groupId)?.delete(memberId);
  const kind = value as MemberKind | undefined;
  if (kind === undefined) members.delete(memberId);
  else members.set(memberId, kind);
  if (kind === 'user') withGroup(loaded, memberId, groupId);
  if (kind === 'group') entry(loaded.nested, groupId, () => new Set<ObjectId>()).add(memberId);
  if (before === 'group' || kind === 'group') loaded.reaches.clear();
};

const load = (rows: Pick<ProjectionRows, 'scan'>): Loaded => {
  const loaded: Loaded = {
    groupIds: new Map(),
    groups: new Map(),
    members: new Map(),
    nested: new Map(),
    groupsOf: new Map(),
    reaches: new Map(),
  };
  for (const [key, value] of rows.scan(table)) takeRow(loaded, key, value);
  return loaded;
};

const groupsOf = ({ groupsOf: known }: Loaded, userId: ObjectId): Iterable<ObjectId> => {
  const groups = known.get(userId);
  return typeof groups === 'string' ? [groups] : (groups ?? []);
};

/** The index over rows; `take` is told what was committed, `forget` that the rows are others now. */
export const makeMembershipIndex = (
  rows: Pick<ProjectionRows, 'scan'>,
): MembershipIndex & { readonly take: (buffer: RowBuffer) => void; readonly forget: () => void } => {
  let loaded: Loaded | undefined;
  const present = (): Loaded => (loaded ??= load(rows));
  const membersOf = (groupId: ObjectId) => present().members.get(groupId) ?? noMembers;
  const isDeleted = (groupId: ObjectId): boolean => present().groups.get(groupId)?.deleted === true;
  const nameOf = (groupId: ObjectId): string | undefined => present().groups.get(groupId)?.name;
  const groupsIn = (groupId: ObjectId): Iterable<ObjectId> => present().nested.get(groupId) ?? [];
  return {
    group: (groupId) => ({
      groupId,
      met: present().groups.get(groupId)?.met === true,
      deleted: isDeleted(groupId),
      name: nameOf(groupId),
      members: membersOf(groupId),
    }),
    membersOf,
    groupsIn,
    isDeleted,
    nameOf,
    groups: () => present().groups.keys(),
    reach: (scopeGroupId) =>
      entry(present().reaches, scopeGroupId, () =>
        reachOver(reachableGroups(scopeGroupId, { groupsIn, isDeleted }), (userId) => groupsOf(present(), userId)),
      ),
    usersIn: (reach) => {
      const users = new Set<ObjectId>();
      for (const groupId of reach.groups.keys())
        for (const [memberId, kind] of membersOf(groupId)) if (kind === 'user') users.add(memberId);
      return users;
    },
    take: (buffer) => {
      if (loaded === undefined) return;
      for (const [key, value] of buffer.staged(table)) takeRow(loaded, key, value);
    },
    forget: () => {
      loaded = undefined;
    },
  };
};
