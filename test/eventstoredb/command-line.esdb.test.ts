import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Status } from '@learnamp/directory-sync';
import { type ConfigurationChoices, startSimulator } from '@learnamp/directory-sync-simulator';
import { type EventStoreOptions, startEventStore } from '@learnamp/directory-sync-simulator/eventstoredb';
import { expect, it, onTestFinished, vi } from 'vitest';
import { commandLineIn, type InProcess } from '../support/command-line-in-process.js';
import { calm, nobody, personNamed } from '../support/stage.js';
import { selfSigned } from './self-signed.js';

const credentials = { username: 'engine', password: 'p@ss:w/rd~canary' };
const stream = 'directorySync-fabrikam';

const openFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'cli-eventstoredb-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
};

const openPlace = async (options: EventStoreOptions = {}) => {
  const simulator = await startSimulator({ seed: 7, company: nobody, graph: calm });
  const server = await startEventStore(options);
  onTestFinished(async () => {
    await simulator.close();
    server.close();
  });
  const hire = (name: string): string => {
    const userId = simulator.directory.addUser(personNamed(name));
    simulator.directory.addMember(simulator.scopeGroupId, userId);
    return userId;
  };
  const eventLog = { kind: 'eventstoredb', connectionString: { file: './cluster' } };
  /** A machine: a folder of its own, with the secrets every machine has. */
  const openMachine = async (choices: ConfigurationChoices = {}, secret?: string): Promise<InProcess> => {
    const folder = await openFolder();
    const authority = options.tls === undefined ? '' : '&tlsCAFile=ca.pem';
    await writeFile(join(folder, 'cluster'), secret ?? `${server.connectionString}${authority}\n`);
    if (options.tls !== undefined) await writeFile(join(folder, 'ca.pem'), options.tls.certificate);
    const files = { keys: { path: './fabrikam.keys' }, local: { path: './fabrikam.local' } };
    const extra = { schedule: { pollSeconds: 86_400 }, ...files, ...choices.extra };
    const { configuration, env } = simulator.config({ eventLog, ...choices, extra });
    return commandLineIn(folder, configuration, env);
  };
  const appends = () => server.calls.filter(({ rpc }) => rpc === 'append').length;
  return { simulator, server, hire, openMachine, appends };
};

const until = (look: () => void): Promise<void> => vi.waitFor(look, { timeout: 60_000, interval: 20 });

const statusOf = async ({ run }: InProcess): Promise<Status> =>
  JSON.parse((await run('status --json')).stdout) as Status;

const lastLine = (text: string): string => text.trimEnd().split('\n').at(-1) ?? '';

/** The keys travel with the log; the local database does not. */
const failOver = (from: InProcess, to: InProcess): Promise<void> =>
  cp(join(from.folder, 'fabrikam.keys'), join(to.folder, 'fabrikam.keys'));

it('every verb works over a cluster with TLS and a login, and what only reads appends nothing', async () => {
  const { hire, openMachine, appends, server, simulator } = await openPlace({ tls: selfSigned(), credentials });
  const machine = await openMachine();
  const { run, folder } = machine;
  const ann = hire('Ann Lee');
  const files = await readdir(folder);

  expect(await run('sync --dry-run')).toMatchObject({ code: 0, stderr: '' });
  expect(appends()).toBe(0);
  expect(await readdir(folder)).toEqual(files);

  expect(await run('sync')).toMatchObject({ code: 0, stderr: '' });
  expect(simulator.learnAmp.accountByExternalId(ann)).toBeDefined();
  const appended = appends();
  expect(appended).toBeGreaterThan(0);

  // Who looks at people is recorded, and nothing else of it.
  expect((await run('people')).stdout).toContain('ann.lee@fabrikam.example');
  expect(appends()).toBe(appended + 1);
  expect((await run('events --json --type UserJoinedGroup')).stdout.trimEnd().split('\n')).toHaveLength(1);
  expect((await run(`events --json --user ${ann}`)).stdout).toContain('UserJoinedGroup');
  expect(await run('sync --dry-run')).toMatchObject({ code: 0 });
  expect(await run('rebuild --verify')).toMatchObject({ code: 0 });
  const replayed = await run('replay --json');
  const { head } = await statusOf(machine);
  expect(JSON.parse(lastLine(replayed.stdout))).toMatchObject({ summary: { head, people: 1 } });
  expect(appends()).toBe(appended + 1);

  expect(await run('rebuild')).toMatchObject({ code: 0 });
  expect(await run('pause --reason audit --by Ann')).toMatchObject({ code: 0 });
  expect((await statusOf(machine)).paused).toBe(true);
  expect(await run('sync')).toMatchObject({ code: 1 });
  expect(await run('resume')).toMatchObject({ code: 0 });
  expect(await run('sync --verbose')).toMatchObject({ code: 0 });

  expect(server.calls.every(({ authorization }) => authorization !== undefined)).toBe(true);
  const { password, username } = credentials;
  for (const spelling of [password, encodeURIComponent(password), btoa(`${username}:${password}`)])
    expect(machine.printed()).not.toContain(spelling);
});

it('a running engine is followed, outlives the cluster being away, and another machine goes on without its database', async () => {
  const { hire, openMachine, server, simulator } = await openPlace({ nodes: 3 });
  const first = await openMachine();
  const ann = hire('Ann Lee');
  expect(await first.run('sync')).toMatchObject({ code: 0 });
  const following = first.stay('events --follow --json --type UserJoinedGroup');
  await until(() => expect(following.stdout()).toContain(ann));

  const running = first.stay('run');
  await until(() => expect(running.stderr()).toContain('Started: fabrikam'));
  const bo = hire('Bo Ek');
  server.nodes[0]?.stop();
  server.elect(2);
  expect(await first.run('sync --json')).toMatchObject({ code: 0 });
  for (const node of server.nodes) node.stop();
  await server.nodes[0]?.start();
  await server.nodes[2]?.start();
  const cy = hire('Cy Day');
  expect(await first.run('sync --json')).toMatchObject({ code: 0 });
  await until(() => expect(following.stdout()).toContain(cy));
  expect(following.stdout().trimEnd().split('\n')).toHaveLength(3);
  expect(await following.stop()).toMatchObject({ code: 0, stderr: '' });
  expect(await running.stop()).toMatchObject({ code: 0 });
  for (const userId of [ann, bo, cy]) expect(simulator.learnAmp.accountByExternalId(userId)).toBeDefined();

  const before = await statusOf(first);
  const written = simulator.learnAmp.writes().length;
  const second = await openMachine();
  await failOver(first, second);
  expect(await second.run('sync --json')).toMatchObject({ code: 0 });
  expect(simulator.learnAmp.writes()).toHaveLength(written);
  const after = await statusOf(second);
  expect({ head: after.head, people: after.people }).toEqual({ head: before.head, people: before.people });
  const replayed = JSON.parse(lastLine((await second.run('replay --json')).stdout)) as unknown;
  expect(replayed).toMatchObject({ summary: { head: after.head, people: 3 } });
});

it('several connections of one cluster share one client, each with its own files', async () => {
  const { hire, openMachine, server, simulator } = await openPlace();
  const machine = await openMachine();
  const group = simulator.directory.addGroup({ displayName: 'Other' });
  const { configuration } = simulator.config({
    connectionId: 'other',
    eventLog: { kind: 'eventstoredb', connectionString: { file: './cluster' } },
    extra: { groupId: group, keys: { path: './other.keys' }, local: { path: './other.local' } },
  });
  await writeFile(join(machine.folder, 'other.json'), JSON.stringify(configuration));
  hire('Ann Lee');
  const running = machine.stay('run --config directory-sync.json --config other.json');
  await until(() => {
    for (const connectionId of ['fabrikam', 'other'])
      expect(server.streams.stream(`directorySync-${connectionId}`)?.map(({ type }) => type)).toContain(
        'SyncCompleted',
      );
  });
  expect(await running.stop()).toMatchObject({ code: 0 });
  expect(new Set(server.calls.map(({ client }) => client)).size).toBe(1);
});

it('a machine without the keys is told so, and writes nothing', async () => {
  const { hire, openMachine, appends } = await openPlace();
  hire('Ann Lee');
  expect(await (await openMachine()).run('sync')).toMatchObject({ code: 0 });
  const appended = appends();
  const answer = await (await openMachine()).run('sync --json');
  expect(JSON.parse(answer.stdout)).toMatchObject({ exitCode: 1, error: { code: 'key-store-mismatch' } });
  expect(appends()).toBe(appended);
});

it.each([
  ['of another protocol', 'https://engine:hidden-login@cluster.example:2113'],
  ['with an unknown option', 'esdb://engine:hidden-login@cluster.example:2113?tlz=true'],
  [
    'with an authority that is not there',
    'esdb://engine:hidden-login@cluster.example:2113?tls=true&tlsCAFile=none.pem',
  ],
])('a connection string %s is a mistake of the configuration, and is not shown', async (_title, secret) => {
  const { openMachine } = await openPlace();
  const machine = await openMachine({}, secret);
  for (const words of ['sync', 'run', 'status', 'sync --json']) {
    const said = await machine.run(words);
    expect(said, words).toMatchObject({ code: 2 });
    expect(said.stderr).toMatch(/^The connection string of EventStoreDB cannot be used: /);
  }
  expect(machine.printed()).not.toMatch(/hidden|cluster\.example/);
});

it.each(['down', 'silent'])(
  'a cluster that is %s ends a sync when its patience does, and nothing is lost',
  async (how) => {
    const { hire, openMachine, server, simulator } = await openPlace();
    const machine = await openMachine({ extra: { patienceSeconds: 1 } });
    hire('Ann Lee');
    expect(await machine.run('sync')).toMatchObject({ code: 0 });
    const bo = hire('Bo Ek');
    const [node] = server.nodes;
    if (how === 'down') node?.stop();
    else for (let times = 0; times < 12; times += 1) server.faults.next('read', { kind: 'silent', done: false });
    for (const words of ['sync --json', 'status', 'events', 'replay']) {
      const said = await machine.run(words);
      expect(said, words).toMatchObject({ code: 1 });
      expect(said.stderr).toMatch(/The event log could not be read or written: .* EventStoreDB answers/);
      if (words !== 'sync --json') continue;
      expect(JSON.parse(said.stdout)).toMatchObject({ ok: false, error: { code: 'log-unavailable' } });
    }
    if (how === 'down') await node?.start();
    while (server.faults.left() > 0) await machine.run('status');
    expect(await machine.run('sync')).toMatchObject({ code: 0 });
    expect(simulator.learnAmp.accountByExternalId(bo)).toBeDefined();
    expect(server.streams.stream(stream)?.length).toBeGreaterThan(0);
  },
);
