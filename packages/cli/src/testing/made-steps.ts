import type { CommandView, ConnectionAt, PersonAt, ReplayedEvent, ReplaySummary } from '@learnamp/directory-sync';
import { objectId } from './fake-connection.js';

export const makeCommand = (n: number, parts: Partial<CommandView> = {}): CommandView => ({
  kind: 'UpdateProfile',
  subject: objectId(n),
  summary: 'set jobTitle = Writer',
  command: { kind: 'UpdateProfile', userId: objectId(n) },
  ...parts,
});

export const makeReplayed = (revision: number, parts: Partial<ReplayedEvent> = {}): ReplayedEvent => ({
  _tag: 'Event',
  revision: String(revision),
  recordedAt: '2026-01-01T00:00:00.000Z',
  type: 'JobTitleChanged',
  subjects: [objectId(1)],
  commands: [],
  fellAway: [],
  sent: [],
  ...parts,
});

export const makeReplaySummary = (parts: Partial<ReplaySummary> = {}): ReplaySummary => ({
  _tag: 'Summary',
  events: 1,
  head: { revision: '0', hash: 'abcdef0123456789' },
  people: 1,
  stateDigest: 'd1',
  ...parts,
});

export const makeConnectionAt = (parts: Partial<ConnectionAt> = {}): ConnectionAt => ({
  _tag: 'Connection',
  at: { revision: '7', recordedAt: '2026-01-01T00:00:07.000Z', hash: 'abcdef0123456789' },
  events: 8,
  stateDigest: 'd7',
  tenantId: null,
  groupId: objectId(99),
  paused: false,
  initialSyncDone: true,
  epoch: 1,
  lastSync: null,
  scopeHold: null,
  cursors: [{ cursor: 'users', source: 'users', reached: 'deltaLink', issuedAt: '2026-01-01T00:00:05.000Z' }],
  teams: 2,
  unsupported: [],
  people: { known: 2, inScope: 2, linked: 1, waiting: 1, held: 0 },
  preferences: null,
  ...parts,
});

export const makePersonAt = (n: number, parts: Partial<PersonAt> = {}): PersonAt => ({
  _tag: 'Person',
  userId: objectId(n),
  displayName: `Person ${n}`,
  directory: {
    inScope: true,
    everInScope: true,
    erased: false,
    accountEnabled: true,
    attributes: { userPrincipalName: `Person${n}@Contoso.example`, jobTitle: 'Writer' },
    groupPath: [],
  },
  delivered: {
    learnAmpUserId: String(100 + n),
    gone: false,
    status: 'confirmed',
    email: `person${n}@contoso.example`,
    profile: { jobTitle: 'Writer' },
    customFields: {},
    unanswered: [],
    rejected: {},
    deferred: {},
    parked: {},
  },
  desired: { email: `person${n}@contoso.example`, profile: { jobTitle: 'Writer' }, customFields: {} },
  ...parts,
});
