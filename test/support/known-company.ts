import { createHash } from 'node:crypto';
import {
  createDirectorySync,
  defaultPreferences,
  type DirectorySource,
  type DirectorySync,
  type DirectorySyncOptions,
  type LearnAmpPort,
  type Stores,
} from '@learnamp/directory-sync';
import {
  directoryEvents,
  encodePreferences,
  type DirectoryEvent,
  type GroupObservation,
  type LearnAmpUserId,
  type ObjectId,
  standardAttributes,
  type TeamId,
  teamKeyOf,
  type UserObserved,
} from '@learnamp/directory-sync-domain';
import {
  defineEvents,
  openEventStream,
  type ProjectionDatabase,
  type ProjectionRows,
} from '@learnamp/directory-sync-event-sourcing';
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';

const connectionId = 'fabrikam';
const at = '2026-11-01T00:00:00.000Z';
const DEPARTMENTS = 40;
/** Each of whom manages everybody else in turn: a few have many reports, as managers of a company do. */
const MANAGERS = 50;
const BATCH = 400;

const idOf = (kind: string, n: number): ObjectId =>
  createHash('sha256')
    .update(`${kind} ${n}`)
    .digest('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5') as ObjectId;

const scopeGroupId = idOf('group', 0);
const tenantId = idOf('tenant', 0);
const personId = (n: number): ObjectId => idOf('person', n);
const accountId = (n: number): LearnAmpUserId => String(1_000 + n) as LearnAmpUserId;
const departmentOf = (n: number): string => `Department ${n % DEPARTMENTS}`;
const keyOf = (department: string) => {
  const key = teamKeyOf(department);
  if (key === undefined) throw new Error(`${department} names no team`);
  return key;
};
const teamIdOf = (n: number): TeamId => String(10 + (n % DEPARTMENTS)) as TeamId;
const managerOf = (n: number): number | undefined => (n < MANAGERS ? undefined : n % MANAGERS);

const settings = { graphBaseUrl: 'https://graph.example', graphCredential: 'none', learnAmpBaseUrl: 'in process' };

const attributesOf = (n: number, department: string): UserObserved['attributes'] => ({
  ...Object.fromEntries(standardAttributes.map((name) => [name, null])),
  displayName: `Person Number${n}`,
  givenName: 'Person',
  surname: `Number${n}`,
  userPrincipalName: `person${n}@fabrikam.example`,
  mail: `person${n}@fabrikam.example`,
  department,
});

const cursor = (source: 'users' | 'groups', name: string): DirectoryEvent => ({
  type: 'DeltaCursorMoved',
  data: {
    source,
    cursor: name,
    groupIds: source === 'groups' ? [scopeGroupId] : [],
    link: `${settings.graphBaseUrl}/${source}/delta?$deltatoken=1`,
    fingerprint: source,
    issuedAt: at,
    graphTime: at,
    round: { id: 'a round', kind: 'initial' },
    reached: 'deltaLink',
  },
});

/** Somebody in the group whose account holds everything that is wanted. */
const known = (n: number): ReadonlyArray<DirectoryEvent> => {
  const userId = personId(n);
  const learnAmpUserId = accountId(n);
  const manager = managerOf(n);
  const department = departmentOf(n);
  return [
    { type: 'GroupMemberAdded', data: { groupId: scopeGroupId, memberId: userId, kind: 'user' } },
    {
      type: 'UserJoinedGroup',
      data: {
        userId,
        attributes: attributesOf(n, department),
        accountEnabled: true,
        managerId: manager === undefined ? null : personId(manager),
        path: [scopeGroupId],
      },
    },
    { type: 'UserLinked', data: { userId, learnAmpUserId, how: 'adopted' } },
    {
      type: 'LearnAmpUserObserved',
      data: {
        userId,
        account: {
          learnAmpUserId,
          email: `person${n}@fabrikam.example`,
          firstName: 'Person',
          lastName: `Number${n}`,
          status: 'confirmed',
          externalId: userId,
          department,
          primaryTeam: { teamId: teamIdOf(n), name: department },
          managerLearnAmpUserId: manager === undefined ? null : accountId(manager),
        },
      },
    },
  ];
};

function* history(people: number, keyStoreId: string): Generator<DirectoryEvent> {
  yield {
    type: 'ConnectionCreated',
    data: { formatVersion: 1, connectionId, tenantId, groupId: scopeGroupId, keyStoreId, ...settings, actor: 'a test' },
  };
  yield { type: 'PreferencesChanged', data: { preferences: encodePreferences(defaultPreferences), actor: 'a test' } };
  yield { type: 'EngineStarted', data: { epoch: 1, version: 'a test' } };
  for (let n = 0; n < DEPARTMENTS; n++) {
    const name = departmentOf(n);
    yield { type: 'TeamEnsured', data: { teamKey: keyOf(name), name, teamId: teamIdOf(n), how: 'existing' } };
  }
  for (let n = 0; n < people; n++) yield* known(n);
  yield cursor('groups', 'groups:1');
  yield cursor('users', 'users');
  yield { type: 'SyncCompleted', data: { rounds: 2, graphTime: at } };
}

/** The same people as the directory shows them, before any of them has an account. */
function* arrival(people: number, keyStoreId: string): Generator<DirectoryEvent> {
  for (const event of history(people, keyStoreId)) {
    const isDone =
      event.type === 'UserLinked' || event.type === 'LearnAmpUserObserved' || event.type === 'SyncCompleted';
    if (!isDone && event.type !== 'TeamEnsured') yield event;
  }
}

const append = async (stores: Stores, events: Iterable<DirectoryEvent>): Promise<void> => {
  let id = 0;
  const stream = openEventStream<DirectoryEvent>({
    log: stores.log,
    keys: stores.keys,
    registry: defineEvents(directoryEvents),
    name: `directorySync-${connectionId}`,
    owner: `connection:${connectionId}`,
    now: () => new Date(at),
    newId: () => idOf('event', id++),
  });
  let head: bigint | 'no-stream' = 'no-stream';
  let batch: DirectoryEvent[] = [];
  const flush = async (): Promise<void> => {
    const appended = await stream.append(head, batch, { correlationId: 'a test', causationId: 'a test' })();
    if (E.isLeft(appended)) throw new Error(appended.left._tag);
    head = appended.right.head.revision;
    batch = [];
  };
  for (const event of events) {
    batch.push(event);
    if (batch.length === BATCH) await flush();
  }
  if (batch.length > 0) await flush();
};

/** What a store of rows was asked for and told. */
export type RowCounts = { read: number; lookups: number; written: number; commits: number };

const counting = (database: ProjectionDatabase, counts: RowCounts): ProjectionDatabase => ({
  ...database,
  rows: async (fold) => {
    const rows = await database.rows(fold);
    return {
      ...rows,
      get: (table, key) => {
        counts.read += 1;
        return rows.get(table, key);
      },
      keysAt: (table, index, value) => {
        counts.lookups += 1;
        const keys = rows.keysAt(table, index, value);
        counts.read += keys.length;
        return keys;
      },
      scan: function* (table) {
        counts.lookups += 1;
        for (const row of rows.scan(table)) {
          counts.read += 1;
          yield row;
        }
      },
      commit: (...change: Parameters<ProjectionRows['commit']>) => {
        counts.commits += 1;
        counts.written += change[0].length;
        return rows.commit(...change);
      },
    };
  },
});

export type KnownCompany = {
  readonly engine: DirectorySync;
  /** A new process over the same files, opened again. */
  readonly restart: (stores: Stores) => DirectorySync;
  /** Graph tells of it in the next round. */
  readonly moveToDepartment: (n: number, department: number) => void;
  /** Graph tells in the next round that a group of so many of these people is a member of the scope group now. */
  readonly attachSubgroup: (people: number) => void;
  readonly rows: RowCounts;
  /** Requests to both systems. */
  readonly requests: () => number;
};

/** Directory and Learn Amp that answer at once and at the far end of nothing: what is left is the engine's own work. */
const farEnds = () => {
  let told: UserObserved[] = [];
  let toldOfGroups: GroupObservation[] = [];
  const subgroups = new Map<string, GroupObservation>();
  let requests = 0;
  let token = 1;
  const page = <Item>(source: string, items: ReadonlyArray<Item>) => {
    requests += 1;
    token += 1;
    const url = `${settings.graphBaseUrl}/${source}/delta?$deltatoken=${token}`;
    return TE.right({ items, link: { kind: 'delta' as const, url }, graphTime: at, requestId: undefined });
  };
  const unasked = (what: string) => () => {
    throw new Error(`${what} was not to be asked for`);
  };
  const directory: DirectorySource = {
    readGroup: unasked('the group'),
    countUsers: unasked('the size of the tenant'),
    latestUsers: unasked('a new cursor'),
    usersPage: () => {
      const items = told;
      told = [];
      return page('users', items);
    },
    groupsPage: (from) => {
      if ('groupIds' in from)
        return page(
          'groups',
          from.groupIds.flatMap((groupId) => subgroups.get(groupId) ?? []),
        );
      const items = toldOfGroups;
      toldOfGroups = [];
      return page('groups', items);
    },
    readProfiles: unasked('a profile'),
    checkMembership: unasked('a membership'),
    readNestedGroups: () => {
      requests += 1;
      return TE.right([]);
    },
    readMemberships: unasked('memberships'),
    photos: {
      readPhotoMarks: unasked('a photo'),
      readPhoto: unasked('a photo'),
    } as unknown as DirectorySource['photos'],
    lookups: {
      usersByAddress: unasked('an address'),
      isDeleted: unasked('a deleted account'),
      directGroups: unasked('the groups of a person'),
    },
    fingerprint: (source) => source,
    leftOut: () => ({ delta: [], direct: [] }),
    leaveOut: () => undefined,
    requestCount: () => requests,
    close: () => Promise.resolve(),
  };
  const learnAmp: LearnAmpPort = {
    accounts: unasked('the list of accounts'),
    teams: unasked('the list of teams'),
    findAccount: unasked('an account'),
    execute: (commands) => {
      requests += commands.length;
      return Promise.resolve(
        commands.map(({ commandId }) => ({ commandId, outcome: { _tag: 'Succeeded', result: 'updated' } as const })),
      );
    },
    requestCount: () => requests,
    avatars: false,
    close: () => Promise.resolve(),
  };
  return {
    directory,
    learnAmp,
    requests: () => requests,
    tell: (user: UserObserved) => {
      told.push(user);
    },
    attach: (groupId: ObjectId, userIds: ReadonlyArray<ObjectId>) => {
      const members = userIds.map((memberId) => ({ memberId, kind: 'user', present: true }) as const);
      subgroups.set(groupId, { _tag: 'GroupObserved', groupId, members });
      const nested = [{ memberId: groupId, kind: 'group', present: true }] as const;
      toldOfGroups.push({ _tag: 'GroupObserved', groupId: scopeGroupId, members: nested });
    },
  };
};

/** An engine before its first delivery: so many people in the group, and nobody at Learn Amp. */
export const openNewCompany = async (
  people: number,
  stores: Stores,
  learnAmp: LearnAmpPort,
  concurrency?: number,
): Promise<DirectorySync> => {
  await append(stores, arrival(people, stores.keys.id));
  return createDirectorySync({
    connectionId,
    tenantId,
    groupId: scopeGroupId,
    preferences: defaultPreferences,
    ...stores,
    directory: farEnds().directory,
    learnAmp,
    settings,
    world: { now: () => new Date(at) },
    concurrency,
  });
};

/** A company of so many people, all of them known and as they should be, and a new engine on it after one quiet sync. */
export const openKnownCompany = async (people: number, stores: Stores): Promise<KnownCompany> => {
  await append(stores, history(people, stores.keys.id));
  const rows: RowCounts = { read: 0, lookups: 0, written: 0, commits: 0 };
  const { directory, learnAmp, requests, tell, attach } = farEnds();
  const options: DirectorySyncOptions = {
    connectionId,
    tenantId,
    groupId: scopeGroupId,
    preferences: defaultPreferences,
    ...stores,
    projections: counting(stores.projections, rows),
    directory,
    learnAmp,
    settings,
    world: { now: () => new Date(at) },
  };
  const first = await createDirectorySync(options).sync({ photos: false });
  if (!first.ok || first.attention.length > 0) throw new Error(JSON.stringify(first));
  // A new process: what the first one planned it did write down, and has nothing of it in memory.
  const engine = createDirectorySync(options);
  await engine.sync({ photos: false });
  return {
    engine,
    restart: (opened) => createDirectorySync({ ...options, ...opened }),
    rows,
    requests,
    attachSubgroup: (members) => {
      attach(
        idOf('group', 1),
        Array.from({ length: members }, (_, n) => personId(n)),
      );
    },
    moveToDepartment: (n, department) =>
      tell({
        _tag: 'UserObserved',
        userId: personId(n),
        attributes: { department: departmentOf(department) },
        manager: { _tag: 'NotMentioned' },
        complete: false,
      }),
  };
};
