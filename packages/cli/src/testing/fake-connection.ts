import type {
  DirectorySync,
  EventView,
  Liveness,
  ObjectId,
  PersonView,
  Status,
  SyncReport,
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

export const makeLive = (parts: Partial<Liveness> = {}): Liveness => ({
  running: false,
  cycle: 'idle',
  nextSyncAt: null,
  waitingUntil: null,
  lastError: null,
  webhook: { state: 'off', lastNotificationAt: null, expiresAt: null, problem: null },
  ...parts,
});

/** A connection that has never been synced. */
export const makeStatus = (parts: Partial<Status> = {}): Status => ({
  connectionId: 'contoso',
  head: null,
  lastSync: null,
  freshness: null,
  paused: false,
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

/** An engine that answers what it is told, and counts how often it was closed. */
export const makeFakeConnection = (
  parts: Partial<DirectorySync> = {},
): DirectorySync & { readonly closed: () => number } => {
  let closed = 0;
  return {
    sync: () => Promise.resolve(makeReport()),
    preview: () => {
      const report = makeReport();
      return Promise.resolve({ report, expected: { events: {}, people: report.people }, commands: [] });
    },
    status: () => Promise.resolve(makeStatus()),
    pause: () => Promise.resolve(),
    resume: () => Promise.resolve(),
    people: () => yielded([]),
    events: () => yielded([]),
    replay: () => yielded([]),
    rebuild: () => Promise.resolve({ events: 0, head: null, stateDigest: 'd0', durationMs: 1500 }),
    stateDigest: () => Promise.resolve(''),
    close: () => {
      closed += 1;
      return Promise.resolve();
    },
    ...parts,
    closed: () => closed,
  };
};
