import type { EventView } from '@learnamp/directory-sync';
import { describe, expect, it } from 'vitest';
import { openStage } from '../support/stage.js';
import { checkInvariants, invariants, watchInvariants } from './check-invariants.js';
import { behind, like, nth, replaced, withEvents, without } from './doctored.js';
import { readWorld } from './look-at-world.js';
import type { World } from './world.js';

/** Everything a connection saw in a short life: nested groups, managers, leavers, a return, a full cycle. */
const liveShortly = async (): Promise<World> => {
  const stage = await openStage({
    company: { people: 12, outsiders: 4, existingAccounts: 1, guest: true, photos: 0 },
    preferences: { invitations: 'immediate' },
    storage: 'memory',
  });
  const read = readWorld(stage.simulator);
  const { directory } = stage;
  const leaver = stage.hire('Lea Ver', { department: 'Sales' });
  const other = stage.hire('Ann Other', { jobTitle: 'Writer', department: 'Sales' });
  const reports = [await stage.sync()];
  stage.leave(leaver);
  directory.updateUser(other, { department: 'Legal', jobTitle: null });
  reports.push(await stage.sync());
  directory.addMember(directory.scopeGroupId, leaver);
  directory.setManager(other, leaver);
  reports.push(await stage.sync());
  directory.deleteUser(other);
  reports.push(await stage.sync(), await stage.sync({ full: true }), await stage.sync());
  return read({ engine: stage.engine(), reports });
};

let lived: Promise<World> | undefined;
/** What the doctored worlds are made of: lived through once, by the first test. */
let world: World;
const live = async (): Promise<void> => {
  world = await (lived ??= liveShortly());
};

const idsOf = (doctored: World): ReadonlyArray<string> => [...new Set(checkInvariants(doctored).map(({ id }) => id))];

const items = (event: EventView) => (event.data as { readonly items: ReadonlyArray<Record<string, string>> }).items;

/** The dispatch that carries a kind of command. */
const dispatchOf = (kind: string, index = 0): EventView => {
  const found = world.events.filter(
    (event) => event.type === 'CommandsDispatched' && items(event).some((item) => item['kind'] === kind),
  )[index];
  if (found === undefined) throw new Error(`nothing dispatched a ${kind}`);
  return found;
};

const person = (event: EventView): string => (event.data as { readonly userId: string }).userId;

const stranger = '11111111-2222-4333-8444-555555555555';

describe('a world as it happened', () => {
  it('violates nothing', async () => {
    await live();
    expect(checkInvariants(world)).toEqual([]);
    expect(world.events.length).toBeGreaterThan(80);
    for (const type of ['UserLeftGroup', 'LeaveConfirmed', 'UserDeleted', 'ManagerAssigned'])
      expect(world.events.map((event) => event.type)).toContain(type);
  });

  it('is judged the same in one look and in many', async () => {
    await live();
    const watch = watchInvariants();
    const deleting = { ...world.requests[0]!, system: 'learnAmp' as const, method: 'DELETE', path: '/v1/users/1004' };
    const looks = world.events.map((event, index) => ({
      ...world,
      ...{ events: [event], stored: [], reports: [], invitations: [], deactivations: [], repeats: [] },
      writes: index === world.events.length - 1 ? world.writes : [],
      requests: index === 0 ? [...world.requests, deleting] : [],
    }));
    expect(looks.flatMap((look) => watch(look)).map(({ id }) => id)).toEqual(['I-03']);
  });

  it('has a checker for each of the twenty', () => {
    expect(invariants.map(({ id }) => id)).toEqual(
      Array.from({ length: 20 }, (_, n) => `I-${String(n + 1).padStart(2, '0')}`),
    );
  });
});

type Case = readonly [id: string, says: string, doctor: () => World, also?: ReadonlyArray<string>];

const cases: ReadonlyArray<Case> = [
  ['I-01', 'a leave that no second read confirmed', () => without(world, nth(world, 'LeaveConfirmed'))],
  [
    'I-01',
    'a confirmation that Graph never gave',
    () => ({
      ...world,
      requests: world.requests.map((request) => ({
        ...request,
        path: '/v1.0/users',
        items: request.items.map((item) => ({ ...item, path: '/v1.0/users' })),
      })),
    }),
  ],
  [
    'I-01',
    'a leave while the edges still lead to the person',
    () => without(world, nth(world, 'GroupMemberRemoved')),
    ['I-04'],
  ],
  [
    'I-01',
    'a member counted absent at a page that was not the last',
    () => {
      const removed = nth(world, 'GroupMemberRemoved');
      const at = world.events.indexOf(removed);
      const cursor = world.events.slice(at).find(({ type }) => type === 'DeltaCursorMoved')!;
      const silent = like(removed, {}, { graphRequestId: undefined });
      return replaced(replaced(world, cursor, like(cursor, { reached: 'page' })), removed, silent);
    },
  ],
  [
    'I-02',
    'two people linked to one account',
    () => {
      const [one, other] = [nth(world, 'UserLinked', 0), nth(world, 'UserLinked', 1)];
      const { learnAmpUserId } = one.data as { readonly learnAmpUserId: string };
      return replaced(world, other, like(other, { learnAmpUserId }));
    },
  ],
  [
    'I-02',
    'two accounts with the id of one person',
    () => ({ ...world, accounts: [...world.accounts, world.accounts.at(-1)!] }),
  ],
  [
    'I-03',
    'a DELETE that was asked for',
    () => ({ ...world, writes: [...world.writes, { ...world.writes[0]!, method: 'DELETE' }] }),
    ['I-12'],
  ],
  [
    'I-04',
    'an edge that is told twice',
    () => behind(world, nth(world, 'GroupMemberAdded'), like(nth(world, 'GroupMemberAdded'))),
  ],
  [
    'I-04',
    'a page whose cursor came before its events',
    () => {
      const fact = nth(world, 'DepartmentChanged');
      const cursor = world.events.slice(world.events.indexOf(fact)).find(({ type }) => type === 'DeltaCursorMoved')!;
      return behind(without(world, fact), cursor, fact);
    },
  ],
  ['I-05', 'a replay to another state', () => ({ ...world, atRest: { liveDigest: 'a', replayDigest: 'b' } })],
  ['I-05', 'rows that differ', () => ({ ...world, atRest: { differences: 2 } })],
  [
    'I-06',
    'one command that took effect twice',
    () => behind(world, nth(world, 'CommandSucceeded'), like(nth(world, 'CommandSucceeded'))),
  ],
  ['I-06', 'a second mail', () => ({ ...world, invitations: [...world.invitations, world.invitations[0]!] })],
  ...(
    [
      ['deactivation that was seen', 'deactivation', true, 3],
      ['deactivation of a later call', 'deactivation', false, 3_600_000],
      ['reactivation that was seen', 'reactivation', true, 3],
      ['team of one key', 'team', false, 3],
      ['membership that was seen', 'membership', true, 3],
      ['picture that was seen', 'avatar', true, 3],
    ] as const
  ).map(([says, effect, looked, sinceMs]): Case => [
    'I-06',
    `a second ${says}`,
    () => ({ ...world, repeats: [{ effect, of: '1001', looked, sinceMs }] }),
  ]),
  [
    'I-06',
    'an account that was made and never dispatched',
    () => {
      const write = world.writes.find(({ method, path }) => method === 'POST' && path === '/v1/users')!;
      return {
        ...world,
        writes: [...world.writes, { ...write, body: { ...write.body, integrationExternalId: stranger } }],
      };
    },
    ['I-15'],
  ],
  [
    'I-07',
    'a profile behind a deactivation',
    () => {
      const dispatch = dispatchOf('DeactivateUser');
      const [item] = items(dispatchOf('UpdateProfile', 1));
      return behind(world, dispatch, like(dispatch, { items: [{ ...item, commandId: 'another' }] }));
    },
    ['I-11'],
  ],
  [
    'I-07',
    'a primary team before its team',
    () => without(world, ...world.events.filter(({ type }) => type === 'TeamEnsured')),
  ],
  [
    'I-08',
    'somebody deactivated who is in the group',
    () => without(world, nth(world, 'UserLeftGroup'), nth(world, 'LeaveConfirmed')),
    ['I-01', 'I-04'],
  ],
  ['I-09', 'an account unlike the oracle', () => ({ ...world, atRest: { unlikeOracle: ['ann jobTitle'] } })],
  ['I-09', 'a quiet round that writes', () => ({ ...world, atRest: { quietRound: { events: 0, writes: 1 } } })],
  [
    'I-10',
    'somebody who is held, and goes all the same',
    () => {
      const confirmed = nth(world, 'LeaveConfirmed');
      const userIds = [person(confirmed)];
      const graphTime = confirmed.recordedAt;
      return behind(world, confirmed, {
        ...like(confirmed),
        type: 'CommandsHeld',
        data: { kind: 'deactivations', reason: 'count', userIds, graphTime },
      });
    },
  ],
  [
    'I-10',
    'more deactivations in a day than the rule allows',
    () => {
      const preferences = nth(world, 'PreferencesChanged');
      const { deactivationHold, ...rest } = (preferences.data as { readonly preferences: Record<string, object> })
        .preferences;
      const strict = { ...deactivationHold, count: 1 };
      return replaced(world, preferences, like(preferences, { preferences: { ...rest, deactivationHold: strict } }));
    },
  ],
  [
    'I-11',
    'a cycle that is complete while a command has no answer',
    () =>
      without(
        world,
        world.events.find(
          ({ type, data }) =>
            type === 'CommandSucceeded' && (data as { command: { kind: string } }).command.kind === 'SetPrimaryTeam',
        )!,
      ),
  ],
  [
    'I-12',
    'a role that was written',
    () => ({ ...world, writes: [...world.writes, { ...world.writes.at(-1)!, body: { role: 'admin' } }] }),
  ],
  [
    'I-12',
    'somebody put in a team beside the primary one',
    () => {
      const write = {
        sequence: 999,
        method: 'POST',
        path: '/v1/teams/301/users',
        body: { userId: '1004' },
        status: 201,
      };
      return { ...world, writes: [...world.writes, write] };
    },
  ],
  [
    'I-13',
    'a value that is neither said nor null',
    () => {
      const changed = nth(world, 'DepartmentChanged');
      return replaced(world, changed, like(changed, { to: undefined }));
    },
  ],
  [
    'I-13',
    'a field emptied that never had a value',
    () =>
      withEvents(world, (events) =>
        events.map((event) =>
          event.type === 'CommandSucceeded' && commandKind(event) === 'UpdateProfile'
            ? like(event, { command: { ...(event.data as { command: object }).command, clear: ['occupation'] } })
            : event,
        ),
      ),
  ],
  ['I-14', 'a value of a notification', () => ({ ...world, notified: [person(nth(world, 'UserJoinedGroup'))] })],
  [
    'I-15',
    'a person of another tenant',
    () => {
      const joined = nth(world, 'UserJoinedGroup');
      return { ...world, belongs: (id) => id !== person(joined) };
    },
  ],
  [
    'I-16',
    'an engine that was overtaken and appends',
    () => {
      const started = nth(world, 'EngineStarted');
      return behind(world, nth(world, 'DeltaCursorMoved'), like(started, { epoch: 2 }, { epoch: 2 }));
    },
  ],
  [
    'I-17',
    'an admin who goes without a word',
    () => {
      const confirmed = nth(world, 'LeaveConfirmed');
      const account = { role: 'admin', status: 'confirmed' };
      const seen = { ...like(confirmed), type: 'LearnAmpUserObserved', data: { userId: person(confirmed), account } };
      return behind(world, confirmed, seen);
    },
  ],
  [
    'I-18',
    'an answer that Graph never gave',
    () => {
      const joined = nth(world, 'UserJoinedGroup');
      return replaced(world, joined, like(joined, {}, { graphRequestId: stranger }));
    },
  ],
  [
    'I-18',
    'a receipt of nothing that was sent',
    () => {
      const succeeded = nth(world, 'CommandSucceeded');
      return replaced(world, succeeded, like(succeeded, { commandId: 'never dispatched' }));
    },
    ['I-11'],
  ],
  [
    'I-19',
    'a delta link in clear',
    () => ({ ...world, said: [{ where: 'line 1', text: 'GET https://graph/users/delta?$deltatoken=abc' }] }),
  ],
  [
    'I-19',
    'a secret in an error',
    () => ({ ...world, said: [{ where: 'error', text: `no ${world.secrets[0] ?? ''}` }] }),
  ],
  ['I-20', 'a gap', () => ({ ...world, events: world.events.filter((_, index) => index !== 3) })],
  [
    'I-20',
    'a time of Graph that is not yet',
    () => {
      const cursor = nth(world, 'DeltaCursorMoved');
      return replaced(world, cursor, like(cursor, { graphTime: new Date(world.now.getTime() + 60_000).toISOString() }));
    },
  ],
];

const commandKind = (event: EventView): string => (event.data as { readonly command: { kind: string } }).command.kind;

describe.each(invariants)('$id: $says', ({ id }) => {
  for (const [of, says, doctor, also = []] of cases)
    if (of === id)
      it(`sees ${says}`, async () => {
        await live();
        expect([...idsOf(doctor())].sort()).toEqual([...new Set([id, ...also])].sort());
      });
});
