import { testEnvelopes } from '@learnamp/directory-sync-event-sourcing/testing';
import { describe, expect, it } from 'vitest';
import type { DirectoryEvent, DirectoryEventOf } from '../events/directory-events.js';
import type { CommandId, ObjectId, TeamKey } from '../ids.js';
import { group, person, team } from '../testing/made-ids.js';
import { initialConnection, isResting, type ConnectionState } from './connection-state.js';
import { evolveConnection } from './evolve-connection.js';

const [ann, ben] = [person(1), person(2)];
const after = (...history: ReadonlyArray<DirectoryEvent>): ConnectionState =>
  testEnvelopes(history).reduce(evolveConnection, initialConnection);

const created: DirectoryEventOf<'ConnectionCreated'> = {
  type: 'ConnectionCreated',
  data: {
    formatVersion: 1,
    connectionId: 'contoso',
    tenantId: person(9),
    groupId: group(0),
    keyStoreId: 'keys',
    graphBaseUrl: 'https://graph.microsoft.com/v1.0',
    graphCredential: 'client-secret',
    learnAmpBaseUrl: 'https://api.learnamp.com',
    actor: 'admin',
  },
};
const moved = (cursor: string, reached: 'page' | 'deltaLink', link: string): DirectoryEvent => ({
  type: 'DeltaCursorMoved',
  data: {
    source: cursor === 'users' ? 'users' : 'groups',
    cursor,
    groupIds: [],
    link,
    fingerprint: 'f',
    issuedAt: 't',
    graphTime: '2026-03-01T00:00:00Z',
    round: { id: 'r', kind: 'incremental' },
    reached,
  },
});
const completed: DirectoryEvent = { type: 'SyncCompleted', data: { rounds: 2, graphTime: 't' } };
const dispatched = (kind: 'DeactivateUser' | 'CreateUser', ...userIds: ReadonlyArray<ObjectId>): DirectoryEvent => ({
  type: 'CommandsDispatched',
  data: {
    plannerVersion: 1,
    graphTime: '2026-03-01T00:00:00Z',
    items: userIds.map((subject) => ({ commandId: 'c' as CommandId, subject, kind, mac: '' })),
  },
});
const approved = (kind: 'deactivations' | 'creations', ...userIds: ReadonlyArray<ObjectId>): DirectoryEvent => ({
  type: 'HeldCommandsApproved',
  data: { kind, userIds, actor: 'x', reason: 'y' },
});
const rejectedTeam: DirectoryEvent = {
  type: 'CommandRejected',
  data: {
    commandId: 'c' as CommandId,
    command: { kind: 'EnsureTeam', teamKey: 'sales' as TeamKey, name: 'Sales' },
    code: 'ambiguous_team',
    fields: [],
  },
};
const ensured: DirectoryEvent = {
  type: 'TeamEnsured',
  data: { teamKey: 'sales' as TeamKey, name: 'Sales', teamId: team(1), how: 'created' },
};

describe('a connection', () => {
  it('begins with what its log belongs to, and follows its settings and scope group', () => {
    expect(after(created)).toMatchObject({
      created: created.data,
      groupId: group(0),
      settings: { graphCredential: 'client-secret' },
    });
    const change: DirectoryEvent = { type: 'ScopeGroupChanged', data: { from: group(0), to: group(1), actor: 'x' } };
    expect(after(created, change)).toMatchObject({ created: created.data, groupId: group(1) });
  });

  it('remembers the newest epoch', () => {
    const started = (epoch: number): DirectoryEvent => ({ type: 'EngineStarted', data: { epoch, version: '1' } });
    expect(after(started(3), started(2)).epoch).toBe(3);
  });

  it('remembers the revision of its preferences, and asks for refused teams anew with them', () => {
    const preferences: DirectoryEvent = {
      type: 'PreferencesChanged',
      data: { preferences: { blanks: 'keep' }, actor: 'x' },
    };
    const state = after(created, rejectedTeam, preferences);
    expect(state).toMatchObject({ preferences: { blanks: 'keep' }, preferencesRevision: '2' });
    expect(state.rejectedTeams).toEqual({});
  });

  it('knows its teams, whatever they are called', () => {
    expect(after(rejectedTeam).rejectedTeams).toEqual({ sales: 'ambiguous_team' });
    const state = after(rejectedTeam, ensured);
    expect(state.teams).toEqual({ sales: { teamId: team(1), name: 'Sales' } });
    expect(state.rejectedTeams).toEqual({});
    expect('constructor' in state.teams || 'constructor' in initialConnection.teams).toBe(false);
  });
});

describe('a cursor', () => {
  it('keeps its last complete round while pages of the next one are read (FC-22)', () => {
    const state = after(moved('users', 'deltaLink', 'd1'), moved('users', 'page', 'p1'));
    expect(state.cursors.users).toMatchObject({
      delta: { revision: '0' },
      page: { revision: '1', round: { id: 'r' } },
    });
    expect(after(moved('users', 'page', 'p1'), moved('users', 'deltaLink', 'd2')).cursors.users).toMatchObject({
      delta: { revision: '1' },
      page: undefined,
    });
  });

  it('names the events that hold the links, and no link', () => {
    const state = after(moved('users', 'deltaLink', 'd1'), moved('users', 'page', 'p1'));
    expect(JSON.stringify(state)).not.toMatch(/"(d1|p1)"/);
  });

  it('that has to start over says so until a round reached its end (FC-23, FC-24)', () => {
    const resync: DirectoryEvent = {
      type: 'ResyncRequired',
      data: { source: 'users', cursor: 'users', reason: 'gone' },
    };
    const begun = [moved('users', 'deltaLink', 'd1'), moved('users', 'page', 'p1'), resync];
    expect(after(...begun).cursors.users).toMatchObject({ delta: { revision: '0' }, page: undefined, resync: 'gone' });
    expect(after(...begun, moved('users', 'page', 'p2')).cursors.users?.resync).toBe('gone');
    expect(after(...begun, moved('users', 'deltaLink', 'd2')).cursors.users?.resync).toBeUndefined();
    expect(after(resync).cursors).toEqual({});
  });

  it('of groups gets a number that was never used, and can be dropped', () => {
    const dropped: DirectoryEvent = { type: 'DeltaCursorDropped', data: { source: 'groups', cursor: 'groups:7' } };
    const state = after(moved('groups:7', 'deltaLink', 'd'), dropped);
    expect([state.nextCursor, Object.keys(state.cursors)]).toEqual([8, []]);
  });
});

describe('a frozen scope', () => {
  const gone: DirectoryEvent = { type: 'GroupDeleted', data: { groupId: group(0), reason: 'soft' } };
  const unreadable: DirectoryEvent = {
    type: 'CommandsHeld',
    data: { kind: 'deactivations', reason: 'scope-group-unreadable', userIds: [], graphTime: 't' },
  };

  it('is one whose group was deleted or cannot be read; another group changes nothing (FC-03)', () => {
    expect(after(created, gone).scopeHold).toBe('scope-group-deleted');
    expect(after(created, unreadable).scopeHold).toBe('scope-group-unreadable');
    expect(after(created, { ...gone, data: { groupId: group(5), reason: 'soft' } }).scopeHold).toBeUndefined();
    const people: DirectoryEvent = { ...unreadable, data: { ...unreadable.data, userIds: [ann] } };
    expect(after(created, people).scopeHold).toBeUndefined();
  });

  it('thaws when the group is back, is readable, or is another one', () => {
    const thaws: ReadonlyArray<DirectoryEvent> = [
      { type: 'GroupRestored', data: { groupId: group(0) } },
      { type: 'HoldDissolved', data: { kind: 'deactivations', userIds: [] } },
      { type: 'ScopeGroupChanged', data: { from: group(0), to: group(1), actor: 'x' } },
    ];
    for (const thaw of thaws) expect(after(created, gone, thaw).scopeHold).toBeUndefined();
    expect(
      after(created, gone, { type: 'HoldDissolved', data: { kind: 'deactivations', userIds: [ann] } }).scopeHold,
    ).toBeDefined();
  });
});

describe('the window of the hold', () => {
  it('counts deactivations from the start, and creations once the initial sync is done', () => {
    const state = after(
      dispatched('DeactivateUser', ann),
      dispatched('CreateUser', ann),
      completed,
      dispatched('CreateUser', ben),
    );
    expect(state.sentDeactivations).toEqual([{ userId: ann, at: '2026-03-01T00:00:00Z' }]);
    expect(state.sentCreations).toEqual([{ userId: ben, at: '2026-03-01T00:00:00Z' }]);
  });

  it('leaves out what an approval names, of its own kind', () => {
    const sent = [completed, dispatched('DeactivateUser', ann, ben), dispatched('CreateUser', ann)];
    const people = (list: ConnectionState['sentCreations']) => list.map(({ userId }) => userId);
    const deactivations = after(...sent, approved('deactivations', ann));
    expect([people(deactivations.sentDeactivations), people(deactivations.sentCreations)]).toEqual([[ben], [ann]]);
    const creations = after(...sent, approved('creations', ann));
    expect([people(creations.sentDeactivations), people(creations.sentCreations)]).toEqual([[ann, ben], []]);
  });
});

describe('a full cycle', () => {
  const started = (trigger: 'full' | 'schedule'): DirectoryEvent => ({ type: 'SyncStarted', data: { trigger } });
  /** Each event is recorded at the time of its number. */
  const lastFull = (...history: ReadonlyArray<DirectoryEvent>): string | undefined =>
    testEnvelopes(history)
      .map((envelope, index) => ({ ...envelope, recordedAt: `t${String(index)}` }))
      .reduce(evolveConnection, initialConnection).lastFullAt;

  it('counts once it is complete, and the first sync is one', () => {
    expect(lastFull(started('full'))).toBeUndefined();
    expect(lastFull(started('schedule'), completed)).toBe('t1');
    expect(lastFull(started('schedule'), completed, started('full'), completed)).toBe('t3');
  });

  it('that did not reach its end does not count, and neither does what came after it', () => {
    const before = [started('schedule'), completed];
    expect(lastFull(...before, started('full'), started('schedule'), completed)).toBe('t1');
  });
});

describe('trouble', () => {
  const aborted: DirectoryEvent = { type: 'SyncAborted', data: { reason: 'graph-unreachable' } };
  const failed = (system: 'graph' | 'learn-amp'): DirectoryEvent => ({
    type: 'CredentialFailed',
    data: { system, code: 'refused' },
  });

  it('is remembered until a sync completes', () => {
    expect(after(aborted)).toMatchObject({
      lastAbort: 'graph-unreachable',
      lastSync: { ok: false },
      initialSyncDone: false,
    });
    expect(after(aborted, completed)).toMatchObject({
      lastAbort: undefined,
      lastSync: { ok: true },
      initialSyncDone: true,
    });
  });

  it('with the credential of one system does not end with an answer of the other', () => {
    const read = moved('users', 'deltaLink', 'd');
    expect(after(failed('graph'), read).credentialFailure).toBeUndefined();
    expect(after(failed('learn-amp'), read).credentialFailure).toBe('learn-amp:refused');
    expect(after(failed('learn-amp'), completed).credentialFailure).toBeUndefined();
  });

  it('what the port cannot do is known, and a pause is one until it is ended', () => {
    const observed: DirectoryEvent = { type: 'LearnAmpCapabilitiesObserved', data: { unsupported: ['SetAvatar'] } };
    expect(after(observed).unsupported).toEqual(['SetAvatar']);
    const paused: DirectoryEvent = { type: 'ConnectionPaused', data: { actor: 'x', reason: 'y' } };
    expect(after(paused).paused).toBe(true);
    expect(after(paused, { type: 'ConnectionResumed', data: { actor: 'x', reason: 'y' } }).paused).toBe(false);
  });
});

describe('what a look at Learn Amp tells of the company', () => {
  const looked = (more: Partial<DirectoryEventOf<'LearnAmpCapabilitiesObserved'>['data']>): DirectoryEvent => ({
    type: 'LearnAmpCapabilitiesObserved',
    data: { unsupported: [], ...more },
  });

  it('is that there is no seat, since then, until there is one or somebody asks again', () => {
    expect(after(created, looked({ seats: 'none' })).noSeatsSince).toBe('1');
    expect(after(created, looked({ seats: 'none' }), looked({})).noSeatsSince).toBe('1');
    expect(after(created, looked({ seats: 'none' }), looked({ seats: 'some' })).noSeatsSince).toBe('');
    const retried = { userIds: [], teamKeys: [], actor: 'x', reason: 'y' };
    expect(after(created, looked({ seats: 'none' }), { type: 'RetryRequested', data: retried }).noSeatsSince).toBe('');
  });

  it('is who else owns it, as it was seen last', () => {
    const owners = ['7' as never];
    expect(after(created, looked({ otherOwners: owners })).otherOwners).toEqual(owners);
    expect(after(created, looked({ otherOwners: owners }), looked({})).otherOwners).toEqual(owners);
  });
});

describe('a connection rests', () => {
  const pause: DirectoryEvent = { type: 'ConnectionPaused', data: { actor: 'x', reason: 'y' } };
  const end: DirectoryEvent = { type: 'ConnectionDisconnected', data: { actor: 'x', reason: 'y' } };
  const resume: DirectoryEvent = { type: 'ConnectionResumed', data: { actor: 'x', reason: 'y' } };

  it('while it is paused, and while it is ended', () => {
    expect(isResting(after(created))).toBe(false);
    expect(isResting(after(created, pause))).toBe(true);
    expect(isResting(after(created, end))).toBe(true);
    expect(isResting(after(created, end, resume))).toBe(false);
  });

  it('and reads everything anew before it sends, once it was ended', () => {
    const before = [created, completed, moved('users', 'page', 'p')];
    expect(after(...before, pause, resume)).toMatchObject({ fullDue: false });
    const again = after(...before, end, resume);
    expect(again).toMatchObject({ fullDue: true, disconnected: undefined });
    expect(again.cursors['users']).toMatchObject({ page: undefined, resync: 'connected-again' });
  });
});

describe('a team without an answer', () => {
  const asked = (kind: 'EnsureTeam' | 'UpdateProfile'): DirectoryEvent => ({
    type: 'CommandsUnanswered',
    data: { graphTime: 't', items: [{ subject: 'sales', kind }] },
  });
  const ensured: DirectoryEvent = {
    type: 'TeamEnsured',
    data: { teamKey: 'sales' as TeamKey, name: 'Sales', teamId: team(1), how: 'created' },
  };

  it('is known until there is one; of people nothing is noted here', () => {
    expect(after(created, asked('EnsureTeam')).unansweredTeams).toEqual({ sales: true });
    expect(after(created, asked('UpdateProfile')).unansweredTeams).toEqual({});
    expect(after(created, asked('EnsureTeam'), ensured).unansweredTeams).toEqual({});
  });
});

describe('what an approval names', () => {
  const approvedNow: DirectoryEvent = {
    type: 'CommandsDispatched',
    data: {
      plannerVersion: 1,
      graphTime: '2026-03-01T00:00:00Z',
      items: [
        { commandId: 'c' as CommandId, subject: ann, kind: 'DeactivateUser', mac: '', approved: true },
        { commandId: 'd' as CommandId, subject: ben, kind: 'DeactivateUser', mac: '' },
      ],
    },
  };

  it('is no part of what the hold counts, and is one the next time, without an approval', () => {
    const after1 = after(created, approvedNow);
    expect(after1.sentDeactivations.map(({ userId }) => userId)).toEqual([ben]);
    const again = after(created, approvedNow, dispatched('DeactivateUser', ann));
    expect(again.sentDeactivations.map(({ userId }) => userId)).toEqual([ben, ann]);
  });
});

describe('a connection that was ended by hand', () => {
  const by = { actor: 'x', reason: 'y' };
  const disconnected: DirectoryEvent = { type: 'ConnectionDisconnected', data: by };
  const resumed: DirectoryEvent = { type: 'ConnectionResumed', data: by };

  it('says so until it is connected again', () => {
    expect(after(created, disconnected).disconnected).toBeDefined();
    expect(after(created, disconnected, resumed).disconnected).toBeUndefined();
  });

  it('reads everything once it is connected again, and trusts no place in a stream from before', () => {
    const before = [created, moved('users', 'deltaLink', 'u'), moved('groups:1', 'page', 'g')];
    const state = after(...before, disconnected, resumed);
    expect(state.fullDue).toBe(true);
    expect(Object.values(state.cursors).map(({ page, resync }) => [page, resync])).toEqual([
      [undefined, 'connected-again'],
      [undefined, 'connected-again'],
    ]);
    expect(after(...before, disconnected, resumed, completed).fullDue).toBe(false);
    expect(after(...before, { type: 'ConnectionPaused', data: by }, resumed).fullDue).toBe(false);
  });
});

describe('settings', () => {
  const settings = (learnAmpBaseUrl: string): DirectoryEvent => ({
    type: 'ConnectionSettingsChanged',
    data: { graphBaseUrl: 'g', graphCredential: 'c', learnAmpBaseUrl, actor: 'x' },
  });
  const preferences: DirectoryEvent = { type: 'PreferencesChanged', data: { preferences: {}, actor: 'x' } };

  it('carry the revision of their last change, whatever changed', () => {
    expect(after(created, preferences).settingsRevision).toBe('1');
    expect(after(created, preferences, settings('https://api.learnamp.com')).settingsRevision).toBe('2');
  });

  it('tell where Learn Amp was until a sync at the new address is complete', () => {
    const moves = [created, settings('https://one.example'), settings('https://two.example')];
    expect(after(...moves).learnAmpMovedFrom).toBe('https://api.learnamp.com');
    expect(after(...moves, completed).learnAmpMovedFrom).toBeUndefined();
    expect(after(created, settings('https://api.learnamp.com')).learnAmpMovedFrom).toBeUndefined();
  });

  it('make teams that were refused worth another try', () => {
    expect(after(created, rejectedTeam, settings('https://one.example')).rejectedTeams).toEqual({});
  });
});

it('a team that somebody wants tried again is refused no longer, and no other', () => {
  const retried = (teamKey: string): DirectoryEvent => ({
    type: 'RetryRequested',
    data: { userIds: [], teamKeys: [teamKey as TeamKey], actor: 'x', reason: 'y' },
  });
  expect(after(created, rejectedTeam, retried('sales')).rejectedTeams).toEqual({});
  expect(after(created, rejectedTeam, retried('other')).rejectedTeams).toHaveProperty('sales');
});

describe('a sync that ended early', () => {
  const aborted = (host?: string): DirectoryEvent => ({
    type: 'SyncAborted',
    data: { reason: 'unsafe-link', ...(host === undefined ? {} : { host }) },
  });

  it('is known by its reason, and by where a refused link led, as long as that is the reason', () => {
    expect(after(created, aborted('evil.example')).lastAbortHost).toBe('evil.example');
    expect('lastAbortHost' in after(created, aborted('evil.example'), aborted())).toBe(false);
    expect('lastAbortHost' in after(created, aborted('evil.example'), completed)).toBe(false);
  });
});

describe('a team', () => {
  const sales = 'sales' as TeamKey;
  const ensured = (teamId: ReturnType<typeof team>): DirectoryEvent => ({
    type: 'TeamEnsured',
    data: { teamKey: sales, name: 'Sales', teamId, how: 'created' },
  });
  const gone: DirectoryEvent = { type: 'TeamGone', data: { teamKey: sales, teamId: team(1) } };
  const refused: DirectoryEvent = {
    type: 'CommandRejected',
    data: {
      commandId: 'c' as CommandId,
      command: { kind: 'EnsureTeam', teamKey: sales, name: 'Sales' },
      code: 'ambiguous_team',
      fields: [],
    },
  };

  it('that was deleted is forgotten, since then, until it is made again', () => {
    expect(after(created, ensured(team(1)), gone)).toMatchObject({ teams: {}, goneTeams: { sales: '2' } });
    expect(after(created, ensured(team(1)), gone, ensured(team(2)))).toMatchObject({
      teams: { sales: { teamId: team(2) } },
      goneTeams: {},
    });
  });

  it('that was made again since is another one', () => {
    expect(after(created, ensured(team(2)), gone).teams).toEqual({ sales: { teamId: team(2), name: 'Sales' } });
  });

  it('that was refused is known by why, until somebody asks for another try', () => {
    expect(after(created, refused).rejectedTeams).toEqual({ sales: 'ambiguous_team' });
    const retried = { userIds: [], teamKeys: [sales], actor: 'x', reason: 'y' };
    expect(after(created, refused, { type: 'RetryRequested', data: retried }).rejectedTeams).toEqual({});
  });
});

describe('a delivery that rests', () => {
  const paused: DirectoryEvent = { type: 'DeliveryPaused', data: { reason: 'learn-amp-credentials' } };

  it('is known by its reason and since when, until it goes on', () => {
    const state = after(created, paused);
    expect(state.deliveryPaused?.reason).toBe('learn-amp-credentials');
    expect(state.deliveryPaused?.since).toMatch(/^\d{4}-/);
    expect(after(created, paused, { type: 'DeliveryResumed', data: {} }).deliveryPaused).toBeUndefined();
  });

  it('is over with a connection that was resumed; since when it was ended is known', () => {
    const resumed: DirectoryEvent = { type: 'ConnectionResumed', data: { actor: 'x', reason: 'y' } };
    expect(after(created, paused, resumed).deliveryPaused).toBeUndefined();
    const ended = after(created, { type: 'ConnectionDisconnected', data: { actor: 'x', reason: 'y' } });
    expect(ended.disconnected?.at).toMatch(/^\d{4}-/);
  });
});
