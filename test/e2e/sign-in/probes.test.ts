import { discoverTenant, openGraphProbes, openGraphTransport } from '@learnamp/directory-sync-graph';
import { startSimulator, type SimulatorOptions } from '@learnamp/directory-sync-simulator';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { graphSettingsOf, idOf } from '../../support/simulator-settings.js';

const openProbes = async (options: Partial<SimulatorOptions> = {}) => {
  const simulator = await startSimulator({ seed: 6, company: { people: 0, outsiders: 0 }, ...options });
  onTestFinished(simulator.close);
  const world = {
    fetch: simulator.fetch,
    now: () => new Date(),
    random: () => 0,
    sleep: () => Promise.resolve(),
    newId: () => '00000000-0000-4000-8000-000000000001',
  };
  const transport = openGraphTransport({ ...graphSettingsOf(simulator, 5_000), tenantId: simulator.tenantId }, world);
  onTestFinished(transport.close);
  return {
    simulator,
    world,
    probes: openGraphProbes(transport),
    groupId: idOf(simulator.directory.addGroup({ displayName: 'scope' })),
  };
};

const right = async <A>(probe: Promise<E.Either<unknown, A>>): Promise<A> => {
  const answer = await probe;
  if (E.isLeft(answer)) throw new Error(JSON.stringify(answer.left));
  return answer.right;
};

type Opened = Awaited<ReturnType<typeof openProbes>>;
const nest = ({ simulator: { directory } }: Opened, parent: string): string => {
  const child = directory.addGroup({ displayName: 'nested' });
  directory.nestGroup(parent, child);
  return child;
};

describe('how deep a group goes', () => {
  it('no group within, a ring, a diamond, and a chain: each group is looked at once', async () => {
    const opened = await openProbes();
    const { probes, groupId, simulator } = opened;
    const nesting = () => right(probes.nesting(groupId));
    expect(await nesting()).toEqual({ groups: 0, levels: 1, atLeast: false, hidden: 0 });
    const [left, rightOne] = [nest(opened, groupId), nest(opened, groupId)];
    const bottom = nest(opened, left);
    simulator.directory.nestGroup(rightOne, bottom);
    expect(await nesting()).toEqual({ groups: 3, levels: 3, atLeast: false, hidden: 0 });
    simulator.directory.nestGroup(bottom, groupId);
    simulator.directory.updateGroup(bottom, { visibility: 'HiddenMembership' });
    expect(await nesting()).toEqual({ groups: 3, levels: 3, atLeast: false, hidden: 1 });
  });

  it('a chain of 40 and a level of 300 groups are cut off, and told as at least so much', async () => {
    const opened = await openProbes();
    const { probes, groupId, simulator } = opened;
    let parent: string = groupId;
    for (let level = 0; level < 40; level += 1) parent = nest(opened, parent);
    expect(await right(probes.nesting(groupId))).toEqual({ groups: 40, levels: 10, atLeast: true, hidden: 0 });
    for (let n = 0; n < 300; n += 1) nest(opened, groupId);
    simulator.requests.reset();
    expect(await right(probes.nesting(groupId))).toMatchObject({ groups: 340, atLeast: true });
    expect(simulator.requests.count({ system: 'graph' })).toBeLessThanOrEqual(25);
  });
});

it('counts direct members, direct people and people on every level, each by one request', async () => {
  const opened = await openProbes();
  const { probes, groupId, simulator } = opened;
  const { directory } = simulator;
  const hire = (to: string) =>
    directory.addMember(to, directory.addUser({ displayName: 'x', userPrincipalName: `${Math.random()}@x.example` }));
  hire(groupId);
  hire(groupId);
  hire(nest(opened, groupId));
  directory.addMember(groupId, directory.addThing('device', 'a laptop'));
  const count = (which: 'members' | 'direct' | 'all') => right(probes.countMembers(groupId, which));
  expect([await count('members'), await count('direct'), await count('all')]).toEqual([4, 2, 3]);
  expect(await right(probes.countUsers())).toBe(3);
  expect(simulator.requests.count({ system: 'graph' })).toBe(4);
  expect(await right(probes.sample(groupId, 2))).toHaveLength(2);
});

it('tells what kind of group it is, and that there is none', async () => {
  const { probes, groupId, simulator } = await openProbes();
  simulator.directory.updateGroup(groupId, {
    groupTypes: ['Unified', 'DynamicMembership'],
    mailEnabled: true,
    securityEnabled: false,
  });
  expect(await right(probes.group(groupId))).toMatchObject({
    dynamic: true,
    unified: true,
    mailEnabled: true,
    securityEnabled: false,
  });
  expect(await right(probes.group(idOf('00000000-0000-4000-8000-00000000abcd')))).toBeUndefined();
});

it('a missing permission shows as a refusal or as people without a name', async () => {
  const { probes, simulator } = await openProbes();
  const users = () => probes.users();
  expect(await right(users())).toBe('nobody');
  simulator.directory.addUser({ displayName: 'Ann', userPrincipalName: 'ann@x.example' });
  expect(await right(users())).toBe('readable');
  simulator.directory.withdraw('members-limited');
  expect(await right(users())).toBe('limited');
  simulator.directory.withdraw('users');
  expect(await users()).toMatchObject(E.left({ _tag: 'GraphForbidden', needs: ['User.Read.All'] }));
});

describe('discovering a tenant', () => {
  const ask = async ({ simulator, world }: Opened, tenantId: string, ahead = 0) =>
    discoverTenant(
      { tenantId, cloud: 'global', authority: simulator.authorityUrl },
      { fetch: world.fetch, now: () => new Date(Date.now() + ahead) },
      new AbortController().signal,
    );

  it('tells whether there is one, and how far the clock is ahead, without any credential', async () => {
    const opened = await openProbes();
    const found = await ask(opened, opened.simulator.tenantId, 600_000);
    expect(found).toMatchObject({ found: 'yes' });
    expect(Math.abs((found.clockAheadMs ?? 0) - 600_000)).toBeLessThan(2_000);
    expect(await ask(opened, '00000000-0000-4000-8000-00000000abcd')).toMatchObject({ found: 'no' });
    expect(opened.simulator.requests.matching({}).every(({ headers }) => headers['authorization'] === undefined)).toBe(
      true,
    );
  });

  it.each([
    [
      { status: 404, body: {} },
      { found: 'not-said', detail: 'status 404' },
    ],
    ['html', { found: 'not-said' }],
    ['reset', { found: 'unreachable', clockAheadMs: undefined }],
  ] as const)('%j is no evidence that there is none', async (action, expected) => {
    const opened = await openProbes();
    opened.simulator.faults.add({ system: 'token', action });
    expect(await ask(opened, opened.simulator.tenantId)).toMatchObject(expected);
  });
});
