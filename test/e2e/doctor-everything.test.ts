import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FaultAction, SimulatedResponse, Simulator } from '@learnamp/directory-sync-simulator';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openDoctor } from '../support/doctor-stage.js';

type Doctor = Awaited<ReturnType<typeof openDoctor>>;

const day = 24 * 3_600_000;
const dayIn = (days: number): string => new Date(Date.now() + days * day).toISOString().slice(0, 10);

const graphWith = ({ graphUrl, authorityUrl, clientId }: Simulator, more: Readonly<Record<string, unknown>>) => ({
  cloud: 'global',
  baseUrl: graphUrl,
  auth: {
    kind: 'client-secret',
    authority: authorityUrl,
    clientId,
    clientSecret: { env: 'GRAPH_CLIENT_SECRET' },
    ...more,
  },
});

/** Rewrites the configuration of the folder. */
const configure = async (doctor: Doctor, extra: Readonly<Record<string, unknown>>): Promise<void> => {
  const { configuration } = doctor.simulator.config({ extra });
  await writeFile(join(doctor.folder, 'directory-sync.json'), JSON.stringify(configuration));
};

describe('doctor over a sound connection', () => {
  it('is ok line by line, in order, and exit code 0', async () => {
    const { look } = await openDoctor();
    const { code, ok, checks, stderr } = await look();
    expect({ code, ok, stderr }).toEqual({ code: 0, ok: true, stderr: '' });
    expect(checks.filter(({ result }) => result !== 'ok').map(({ check }) => check)).toEqual([
      'preferences-photos',
      'credential',
    ]);
    expect(checks.map(({ check }) => check)).toEqual([
      'configuration',
      'preferences-details',
      'preferences-managers',
      'preferences-teams',
      'preferences-custom-fields',
      'preferences-photos',
      'clock',
      'tenant',
      'sign-in',
      'credential',
      'graph',
      'permission-users',
      'permission-groups',
      'permission-notifications',
      'permissions-beyond',
      'group',
      'group-kind',
      'people',
      'nesting',
      'hidden-members',
      'subscriptions',
      'sample',
      'webhook',
      ...['credentials', 'scopes', 'accounts', 'one-account', 'external-id', 'email', 'statuses', 'owners'].map(
        (check) => `learn-amp-${check}`,
      ),
      'learn-amp-custom-fields',
      'learn-amp-teams',
      'files',
      'log',
    ]);
  });

  it('writes nothing anywhere: before a first sync, after it, and where everything fails', async () => {
    const { run, look, files, simulator } = await openDoctor({}, { extra: { patienceSeconds: 2 } });
    const empty = await files();
    await look();
    expect(await files()).toEqual(empty);
    expect(Object.keys(empty)).toEqual(['directory-sync.json']);
    await run('sync --yes');
    const synced = await files();
    const accounts = simulator.learnAmp.writes().length;
    expect((await look(' --names')).of('log').says).toMatch(/^In step since .*, with 12 accounts\.$/);
    simulator.faults.add({ action: 'reset' });
    await look();
    expect(await files()).toEqual(synced);
    expect(simulator.learnAmp.writes()).toHaveLength(accounts);
    const methods = simulator.requests.matching({ system: 'graph' }).map(({ method, path }) => `${method} ${path}`);
    expect(methods.filter((line) => !line.startsWith('GET ') && !line.endsWith('/$batch'))).toEqual([]);
    expect(simulator.subscriptions.list()).toEqual([]);
  }, 60_000);

  it('names the people of the sample where it is asked to, and nobody else ever', async () => {
    const { run, look, simulator } = await openDoctor();
    const names = simulator.directory.users().map(({ properties }) => properties.displayName ?? '');
    const plain = await run('doctor');
    const counted = await look();
    for (const name of names) expect(plain.stdout + plain.stderr + counted.stdout).not.toContain(name);
    for (const { userPrincipalName } of simulator.directory.users().map(({ properties }) => properties))
      expect(plain.stdout + counted.stdout).not.toContain(userPrincipalName);
    expect(counted.of('sample').says).toBe(
      'Of 10 people of the group 9 would get accounts, 1 has one under the same address, which is linked. "preview" lists everybody.',
    );
    const told = (await look(' --names')).of('sample').people ?? [];
    expect(told).toHaveLength(10);
    for (const { displayName } of told) expect(names).toContain(displayName);
    expect((await run('doctor --names')).stdout).toContain(`${told[0]?.displayName ?? ''} would get an account`);
  });

  it('asks as much of a tenant of 200,000 as of a small one', async () => {
    const asked = async (people: number): Promise<Readonly<Record<string, number>>> => {
      const { look, simulator } = await openDoctor({ company: { people: 12 } });
      const { directory, scopeGroupId } = simulator;
      for (let n = 0; n < people; n += 1) {
        const id = directory.addUser({ displayName: `P ${n}`, userPrincipalName: `p${n}@fabrikam.example` });
        if (n % 2 === 0) directory.addMember(scopeGroupId, id);
      }
      const { of, ok } = await look();
      expect({ ok, people: of('people').result }).toEqual({ ok: true, people: 'ok' });
      if (people > 1000)
        expect(of('people').says).toMatch(/^100,012 people .* 100,001 of them directly, of 200,015 people/);
      return simulator.requests.counts();
    };
    const [small, large] = [await asked(100), await asked(200_000)];
    expect(large['graph']).toBe(small['graph']);
    expect(large['graph']).toBeLessThanOrEqual(40);
    expect(large['learnAmp']).toBeLessThanOrEqual((small['learnAmp'] ?? 0) + 10);
  }, 120_000);
});

describe('what is missing is named, with what to do', () => {
  it('each permission by itself', async () => {
    const { look, simulator } = await openDoctor();
    const { directory } = simulator;
    directory.withdraw('users');
    const users = await look();
    expect(users.of('permission-users')).toMatchObject({
      result: 'failed',
      says: expect.stringMatching(/^Missing: User\.Read\.All\. .*grant User\.Read\.All to the app/) as unknown,
    });
    expect([users.code, users.of('permission-groups').result, users.of('sample').result]).toEqual([1, 'ok', 'skipped']);
    directory.grant('users');
    directory.withdraw('groups');
    directory.withdraw('group-subscriptions');
    const groups = await look();
    expect(groups.of('permission-groups').says).toContain('grant GroupMember.Read.All to the app');
    expect(groups.of('permission-users').result).toBe('ok');
    for (const name of ['group', 'people', 'nesting', 'sample'] as const)
      expect(groups.of(name).result).toBe('skipped');
    directory.grant('groups');
    directory.withdraw('members-limited');
    expect((await look()).of('permission-users')).toMatchObject({
      result: 'failed',
      says: expect.stringContaining('People are shown without their names') as unknown,
    });
  });

  it('also where the token cannot be read: each is tried', async () => {
    const { look, simulator } = await openDoctor({ graph: { opaqueTokens: true } });
    expect(await look()).toMatchObject({ code: 0, ok: true });
    simulator.directory.withdraw('users');
    expect((await look()).of('permission-users').says).toContain('grant User.Read.All to the app');
  });

  it('one that is granted and refused all the same is no missing one', async () => {
    const { look, simulator } = await openDoctor();
    simulator.faults.add({
      system: 'graph',
      path: /\/users$/,
      action: { status: 403, body: { error: { code: 'Blocked' } } },
    });
    expect((await look()).of('permission-users').says).toContain('although the token carries it');
  });

  it('group webhooks take more than polling', async () => {
    const doctor = await openDoctor();
    await configure(doctor, {
      notifications: { publicUrl: 'http://127.0.0.1:9/notifications', listen: '127.0.0.1:0' },
    });
    expect((await doctor.look()).of('permission-notifications').result).toBe('ok');
    doctor.simulator.directory.withdraw('group-subscriptions');
    const { code, of } = await doctor.look();
    expect(of('permission-notifications')).toMatchObject({
      result: 'note',
      says: expect.stringMatching(/^Missing: Group\.Read\.All.*are polled/) as unknown,
    });
    expect(code).toBe(0);
  });

  it('a right beyond the least set', async () => {
    const { look, simulator } = await openDoctor();
    simulator.directory.grant('directory');
    expect((await look()).of('permissions-beyond').says).toContain('Directory.Read.All');
  });

  it('Member.Read.Hidden where a group hides its members, the group itself or a nested one', async () => {
    const { look, simulator } = await openDoctor();
    const { directory, scopeGroupId } = simulator;
    const nested = directory.addGroup({ displayName: 'Board', visibility: 'HiddenMembership' });
    directory.nestGroup(scopeGroupId, nested);
    expect((await look()).of('hidden-members')).toMatchObject({ result: 'ok' });
    directory.withdraw('hidden-members');
    expect((await look()).of('hidden-members').says).toMatch(/^1 nested group hides .* grant Member\.Read\.Hidden/);
    directory.updateGroup(scopeGroupId, { visibility: 'HiddenMembership' });
    const { of } = await look();
    expect(of('hidden-members')).toMatchObject({ result: 'failed' });
    expect(of('people').says).toContain('Nobody is shown');
  });
});

it('a fixed token is looked at like a sign-in, and asks no sign-in', async () => {
  const doctor = await openDoctor();
  await configure(doctor, {
    graph: { baseUrl: doctor.simulator.graphUrl, auth: { kind: 'token', token: { file: './token' } } },
  });
  await writeFile(join(doctor.folder, 'token'), doctor.simulator.graphToken());
  expect(await doctor.look()).toMatchObject({ code: 0, ok: true });
  expect(doctor.simulator.requests.matching({ system: 'token' }).filter(({ path }) => path.includes('v2.0'))).toEqual(
    [],
  );
});

describe('the group', () => {
  it.each([
    [{ groupTypes: ['DynamicMembership'] }, 'note', 'follow a rule'],
    [{ groupTypes: ['Unified'], mailEnabled: true, securityEnabled: false }, 'note', 'Microsoft 365 group'],
    [{ mailEnabled: true, securityEnabled: false }, 'note', 'not security-enabled'],
    [{ mailEnabled: true }, 'ok', 'mail-enabled security group'],
  ] as const)('of the kind %j is told', async (properties, result, says) => {
    const { look, simulator } = await openDoctor();
    simulator.directory.updateGroup(simulator.scopeGroupId, properties);
    expect((await look()).of('group-kind')).toMatchObject({ result, says: expect.stringContaining(says) as unknown });
  });

  it('that does not exist, is empty, or holds things alone', async () => {
    const doctor = await openDoctor();
    const { directory, scopeGroupId } = doctor.simulator;
    directory.emptyGroup(scopeGroupId);
    expect((await doctor.look()).of('people').says).toContain('The group is empty');
    directory.addMember(scopeGroupId, directory.addThing('device', 'a laptop'));
    expect((await doctor.look()).of('people').says).toContain('its 1 member is no person');
    await configure(doctor, { groupId: '00000000-0000-4000-8000-00000000abcd' });
    const { code, of } = await doctor.look();
    expect(of('group').says).toContain('There is no group 00000000-0000-4000-8000-00000000abcd');
    expect([code, of('sample').result]).toEqual([1, 'skipped']);
  });

  it('of a Graph that does not show its tenant is looked at all the same', async () => {
    const { look, simulator } = await openDoctor();
    simulator.faults.add({ system: 'graph', path: /organization$/, action: { status: 404, body: {} } });
    expect(await look()).toMatchObject({ code: 0, ok: true });
  });

  it('whose Graph neither counts nor casts is no failure', async () => {
    const { look, simulator } = await openDoctor();
    const body = { error: { code: 'Request_UnsupportedQuery', message: 'no' } };
    simulator.faults.add({ system: 'graph', path: /\$count$|transitiveMembers/, action: { status: 400, body } });
    const { code, of } = await look();
    expect([code, of('people').result, of('nesting').result, of('sample').result]).toEqual([0, 'note', 'note', 'note']);
  });
});

describe('signing in', () => {
  it.each([
    [{ status: 400, body: { error_description: 'AADSTS7000222: expired' } }, 'sign-in', 'AADSTS7000222'],
    ['reset', 'tenant', 'cannot be reached'],
  ] as ReadonlyArray<readonly [FaultAction, 'sign-in' | 'tenant', string]>)(
    '%j is told once, and what needs it is left out',
    async (action, name, says) => {
      const { look, simulator } = await openDoctor({}, { extra: { patienceSeconds: 2 } });
      const path = name === 'sign-in' ? /oauth2\/v2\.0\/token$/ : /\/v2\.0\//;
      simulator.faults.add({ system: 'token', path, action });
      const { code, of } = await look();
      expect(of(name)).toMatchObject({ result: 'failed', says: expect.stringContaining(says) as unknown });
      for (const later of ['graph', 'permission-users', 'group', 'sample'] as const)
        expect(of(later).result).toBe('skipped');
      expect([code, of('learn-amp-credentials').result, of('files').result]).toEqual([1, 'ok', 'ok']);
    },
    60_000,
  );

  it('to a tenant that is not there, and to the wrong Graph', async () => {
    const doctor = await openDoctor();
    await configure(doctor, { tenantId: '00000000-0000-4000-8000-00000000abcd' });
    expect((await doctor.look()).of('tenant').says).toContain('Microsoft knows no tenant');
  });

  it('with a clock that is wrong', async () => {
    const { look, simulator } = await openDoctor();
    const date = new Date(Date.now() + 10 * 60_000).toUTCString();
    const action = { rewrite: (answer: SimulatedResponse) => ({ ...answer, headers: { ...answer.headers, date } }) };
    simulator.faults.add({ system: 'token', action });
    expect((await look()).of('clock')).toMatchObject({
      result: 'failed',
      says: expect.stringMatching(/(599|60[01]) seconds behind: set it right/) as unknown,
    });
  });

  it.each([
    [200, 'ok', 'ends on'],
    [12, 'note', 'create the next one now'],
    [-3, 'failed', 'create a new one'],
  ])('with a secret that ends in %i days', async (days, result, says) => {
    const doctor = await openDoctor();
    await configure(doctor, { graph: graphWith(doctor.simulator, { expiresAt: dayIn(days) }) });
    expect((await doctor.look()).of('credential')).toMatchObject({
      result,
      says: expect.stringContaining(says) as unknown,
    });
  });
});

describe('the notification address', () => {
  const serve = async (listener: RequestListener): Promise<string> => {
    const server = createServer(listener);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/notifications`;
  };
  const lookAt = async (publicUrl: string) => {
    const doctor = await openDoctor();
    await configure(doctor, { notifications: { publicUrl, listen: '127.0.0.1:0' } });
    return (await doctor.look()).of('webhook');
  };

  it('answers as Graph wants: the token, decoded, as plain text', async () => {
    const url = await serve((request, response) => {
      const token = new URL(request.url ?? '', 'http://x').searchParams.get('validationToken') ?? '';
      response.setHeader('content-type', 'text/plain').end(token);
    });
    expect(await lookAt(url)).toMatchObject({ result: 'ok' });
  });

  it.each([
    ['a page', 200, 'text/html', 'failed', 'something other than text/plain'],
    ['another text', 200, 'text/plain', 'failed', 'something other than the token'],
    ['not found', 404, 'text/plain', 'failed', 'with status 404'],
    ['a redirect', 302, 'text/plain', 'failed', 'with status 302'],
    ['a gateway', 502, 'text/html', 'note', 'start "directory-sync run"'],
  ] as const)('%s is told', async (...[, status, type, result, says]) => {
    const url = await serve((_request, response) => {
      response.writeHead(status, { 'content-type': type, location: '/' }).end('x'.repeat(10_000));
    });
    expect(await lookAt(url)).toMatchObject({ result, says: expect.stringContaining(says) as unknown });
  });

  it('that nobody listens at is a note: it may not run yet', async () => {
    expect(await lookAt('http://127.0.0.1:9/notifications')).toMatchObject({ result: 'note' });
  });
});

describe('files and log', () => {
  it('a log without its key store, a folder that is not there, files that others can read', async () => {
    const doctor = await openDoctor();
    await doctor.run('sync --yes');
    await chmod(join(doctor.folder, 'directory-sync.db'), 0o644);
    expect((await doctor.look()).of('files').says).toContain('set its mode to 0600');
    await configure(doctor, { keys: { path: './other.keys' } });
    expect((await doctor.look()).of('files').says).toContain('restore the key store');
    await configure(doctor, { eventLog: { kind: 'sqlite', path: './nowhere/log.db' } });
    expect((await doctor.look()).of('files').says).toContain('has no folder');
    await mkdir(join(doctor.folder, 'nowhere', 'log.db'), { recursive: true });
    expect((await doctor.look()).of('files').says).toContain('is no file');
  });

  it('a connection that is paused says so', async () => {
    const { run, look } = await openDoctor();
    await run('sync --yes');
    await run('pause --reason stocktaking');
    expect((await look()).of('log').says).toContain('paused');
  });
});
