import type {
  DirectorySync,
  EventView,
  Liveness,
  ObjectId,
  PersonExport,
  PersonSync,
  PersonView,
  PreviewTotals,
  Status,
  SyncReport,
  Why,
} from '@learnamp/directory-sync';

/** The n-th made-up object id. */
export const objectId = (n: number): ObjectId => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}` as ObjectId;

export const makeReport = (parts: Partial<SyncReport> = {}): SyncReport => ({
  ok: true,
  exitCode: 0,
  connectionId: 'contoso',
  trigger: 'manual',
  startedAt: '2026-01-01T00:00:00.000Z',
  finishedAt: '2026-01-01T00:00:04.200Z',
  durationMs: 4200,
  requests: { graph: 12, learnAmp: 9 },
  events: {},
  commands: {},
  people: { inScope: 3, linked: 3, held: 0, parked: 0 },
  attention: [],
  ...parts,
});

export const makeTotals = (parts: Partial<PreviewTotals> = {}): PreviewTotals => ({
  send: 0,
  held: 0,
  byKind: {},
  byReason: {},
  byRisk: {},
  owners: 0,
  admins: 0,
  ...parts,
});

export const makeLive = (parts: Partial<Liveness> = {}): Liveness => ({
  running: false,
  cycle: 'idle',
  nextSyncAt: null,
  waitingUntil: null,
  lastError: null,
  webhook: { state: 'off', lastNotificationAt: null, expiresAt: null, problem: null },
  ...parts,
});

/** Somebody who is as they should be. */
export const makeWhy = (userId: ObjectId, parts: Partial<Why> = {}): Why => ({
  connectionId: 'contoso',
  userId,
  conclusion: 'Active in Learn Amp as 101; nothing is to be done.',
  head: { revision: '9', hash: 'abcdef0123456789' },
  scope: { inScope: true, groupPath: [objectId(900)], groupNames: ['All staff'], nesting: [] },
  account: { learnAmpUserId: '101', status: 'confirmed', primaryTeam: 'Sales', managerLearnAmpUserId: null },
  events: [],
  commands: [],
  waits: [],
  next: { commands: [], notes: [] },
  answers: [],
  erased: null,
  looked: null,
  live: null,
  ...parts,
});

/** Somebody whose sync found nothing to do. */
export const makePersonSync = (userId: ObjectId, parts: Partial<PersonSync> = {}): PersonSync => ({
  userId,
  outcome: 'synced',
  conclusion: 'A member of the scope group, and as it should be: nothing was to be recorded or sent.',
  report: makeReport(),
  steps: [],
  correlationId: 'c',
  events: [],
  commands: [],
  ...parts,
});

export const makeExport = (userId: ObjectId): PersonExport => ({
  connectionId: 'contoso',
  tenantId: objectId(800),
  userId,
  exportedAt: '2026-01-01T00:00:00.000Z',
  head: null,
  erased: null,
  profile: null,
  learnAmp: {
    learnAmpUserId: null,
    status: null,
    role: null,
    email: null,
    firstName: null,
    lastName: null,
    profile: {},
    customFields: {},
    primaryTeam: null,
    managerLearnAmpUserId: null,
    candidate: null,
  },
  hold: null,
  open: [],
  events: [],
  commands: [],
  accesses: [],
  keys: [],
  rows: [],
  elsewhere: [],
});

/** A connection that has never been synced. */
export const makeStatus = (parts: Partial<Status> = {}): Status => ({
  connectionId: 'contoso',
  head: null,
  lastSync: null,
  freshness: null,
  paused: false,
  delivery: null,
  people: { inScope: 0, linked: 0, held: 0, parked: 0, waiting: 0 },
  cursors: [],
  live: makeLive(),
  ...parts,
});

export const makePerson = (n: number, parts: Partial<PersonView> = {}): PersonView => ({
  userId: objectId(n),
  learnAmpUserId: String(100 + n),
  email: `person${n}@contoso.example`,
  displayName: `Person ${n}`,
  status: 'active',
  inScope: true,
  linked: true,
  groupPath: [],
  managerId: null,
  primaryTeam: 'Sales',
  ...parts,
});

export const makeEvent = (revision: number, type: string, data: unknown): EventView => ({
  revision: String(revision),
  id: `event-${revision}`,
  type,
  schemaVersion: 1,
  recordedAt: '2026-01-01T00:00:00.000Z',
  data,
  metadata: { subjects: [] },
});

export async function* yielded<A>(items: ReadonlyArray<A>): AsyncGenerator<A> {
  for (const item of items) yield await Promise.resolve(item);
}

/** As the engine finds people: an object id as it is, a Learn Amp id, or an address without case. */
const findAmong = async (people: DirectorySync['people'], user: string): Promise<ReadonlyArray<ObjectId>> => {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(user)) return [user.toLowerCase() as ObjectId];
  const found: ObjectId[] = [];
  for await (const { userId, email, learnAmpUserId } of people())
    if (learnAmpUserId === user || email?.toLowerCase() === user.toLowerCase()) found.push(userId);
  return found;
};

/** An engine that answers what it is told, and counts how often it was closed. */
export const makeFakeConnection = (
  parts: Partial<DirectorySync> = {},
): DirectorySync & { readonly closed: () => number } => {
  let closed = 0;
  return {
    sync: () => Promise.resolve(makeReport()),
    syncUser: (userId) => Promise.resolve(makePersonSync(userId)),
    preview: () => {
      const report = makeReport();
      return Promise.resolve({
        report,
        expected: { events: {}, people: report.people },
        commands: [],
        totals: makeTotals(),
      });
    },
    reconcile: () => Promise.resolve({ report: makeReport(), looked: { accounts: 3, compared: 3 }, differences: [] }),
    status: () => Promise.resolve(makeStatus()),
    pause: () => Promise.resolve(),
    resume: () => Promise.resolve(),
    disconnect: () => Promise.resolve({ connectionId: 'contoso', subscriptions: { removed: 0, left: 0 } }),
    held: () => Promise.resolve({ connectionId: 'contoso', scopeFrozen: null, counts: [], people: [], more: 0 }),
    approveHeld: () => Promise.resolve({ connectionId: 'contoso', decided: [], leftOut: [] }),
    rejectHeld: () => Promise.resolve({ connectionId: 'contoso', decided: [], leftOut: [] }),
    parked: () => Promise.resolve({ connectionId: 'contoso', counts: [], people: [], more: 0 }),
    retry: () =>
      Promise.resolve({ connectionId: 'contoso', userIds: [], teams: 0, byName: [], notParked: [], resting: false }),
    people: () => yielded([]),
    searchPeople: () =>
      Promise.resolve({
        people: [],
        found: 0,
        byStatus: { active: 0, held: 0, parked: 0, left: 0, waiting: 0 },
        next: null,
      }),
    activity: () => Promise.resolve([]),
    person: () => Promise.resolve(undefined),
    findUsers: (user) => findAmong(parts.people ?? (() => yielded([])), user),
    why: (userId) => Promise.resolve(makeWhy(userId)),
    exportPerson: (userId) => Promise.resolve(makeExport(userId)),
    accesses: () => yielded([]),
    erase: (userId) => Promise.resolve({ userId, outcome: 'erased' as const }),
    events: () => yielded([]),
    replay: () => yielded([]),
    whatIf: () => yielded([]),
    history: () => yielded([]),
    stateAt: () => yielded([]),
    diff: () => yielded([]),
    signedHead: () => Promise.resolve(null),
    exportLog: async function* () {
      yield* await Promise.resolve([]);
    },
    verify: () => Promise.resolve({ ok: true, events: 0, head: null, checks: [], durationMs: 1500 }),
    rebuild: () => Promise.resolve({ events: 0, head: null, stateDigest: 'd0', durationMs: 1500 }),
    projections: () => Promise.resolve([]),
    stateDigest: () => Promise.resolve(''),
    close: () => {
      closed += 1;
      return Promise.resolve();
    },
    ...parts,
    closed: () => closed,
  };
};
