import type { ChildProcess } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Status, SyncReport } from '@learnamp/directory-sync';
import { type Simulator, startSimulator } from '@learnamp/directory-sync-simulator';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { type CommandLine, type Ended, openCommandLine } from '../support/command-line.js';
import { nobody, personNamed } from '../support/stage.js';

/** Long enough for a machine that is busy with other things. */
const PATIENCE = { timeout: 60_000, interval: 50 };
/** Each test starts several processes. */
const LIMIT = { timeout: 240_000 };

const until = <A>(look: () => A | Promise<A>): Promise<A> => vi.waitFor(look, PATIENCE);

const freePort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
};

type Live = {
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly end: (signal: NodeJS.Signals) => Promise<Ended>;
};

/** A command that stays; killed with the test where the test did not end it. */
const live = (commandLine: CommandLine, words: ReadonlyArray<string>): Live => {
  const heard = { stdout: '', stderr: '' };
  let process: ChildProcess | undefined;
  const ended = commandLine.run(words, (child) => {
    process = child;
    child.stdout?.on('data', (chunk: Buffer) => (heard.stdout += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (heard.stderr += chunk.toString()));
  });
  onTestFinished(async () => {
    process?.kill('SIGKILL');
    await ended;
  });
  return {
    stdout: () => heard.stdout,
    stderr: () => heard.stderr,
    end: (signal) => {
      process?.kill(signal);
      return ended;
    },
  };
};

const openPlace = async (extra: Readonly<Record<string, unknown>> = {}) => {
  const simulator = await startSimulator({ seed: 7, company: nobody });
  onTestFinished(() => simulator.close());
  const { directory, learnAmp } = simulator;
  // No poll comes by itself while a test runs: what arrives was brought by what the test does.
  const commandLine = await openCommandLine(simulator, {
    extra: { schedule: { pollSeconds: 86_400, fullSyncHours: 24 }, ...extra },
  });
  const hire = (name: string): string => {
    const userId = directory.addUser(personNamed(name));
    directory.addMember(directory.scopeGroupId, userId);
    return userId;
  };
  const hasAccount = (userId: string) => until(() => expect(learnAmp.accountByExternalId(userId)).toBeDefined());
  return { simulator, commandLine, hire, hasAccount };
};

/** What Graph posts when something changed at its users and groups. */
const notify = async ({ subscriptions, tenantId }: Simulator, url: string): Promise<number> => {
  const value = subscriptions.list().map(({ id, clientState, resource }) => ({
    subscriptionId: id,
    clientState,
    changeType: 'updated',
    resource: `${resource.replace(/^\//, '')}/00000000-0000-4000-8000-000000000001`,
    tenantId,
    subscriptionExpirationDateTime: '2030-01-01T00:00:00Z',
    resourceData: { id: '00000000-0000-4000-8000-000000000001' },
  }));
  const body = JSON.stringify({ value });
  const response = await fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
  return response.status;
};

const statusOf = async ({ run }: CommandLine): Promise<Status> =>
  JSON.parse((await run(['status', '--json'])).stdout) as Status;

const eventsOf = async ({ run }: CommandLine, type: string): Promise<ReadonlyArray<{ readonly data: unknown }>> =>
  (await run(['events', '--json', '--type', type])).stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { readonly data: unknown });

describe('directory-sync run', LIMIT, () => {
  test('brings a change that was notified, tells its health and status, and ends in good order', async () => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}/hooks/graph`;
    const { simulator, commandLine, hire, hasAccount } = await openPlace({
      notifications: { publicUrl: url, listen: `127.0.0.1:${port}` },
    });
    const first = hire('Ann Lee');
    const running = live(commandLine, ['run', '--json']);
    await hasAccount(first);
    expect(running.stderr()).toContain(`Started: fabrikam, listening on 127.0.0.1:${port}.`);
    await until(() => expect(running.stdout()).toContain('"ok":true'));
    await until(() => expect(simulator.subscriptions.list()).toHaveLength(2));

    const second = hire('Bo Ek');
    await until(async () => {
      expect(await notify(simulator, url)).toBe(202);
      expect(simulator.learnAmp.accountByExternalId(second)).toBeDefined();
    });
    await until(() => expect(running.stderr()).toContain('synced after a notification'));

    const health = await fetch(`http://127.0.0.1:${port}/healthz`);
    expect(health.status).toBe(200);
    expect(await health.json()).toMatchObject({ ok: true });
    await until(async () => {
      const { live: told, freshness } = await statusOf(commandLine);
      expect(told).toMatchObject({ running: true, lastError: null, webhook: { state: 'ok' } });
      expect(told.webhook.lastNotificationAt).not.toBeNull();
      expect(freshness).not.toBeNull();
    });

    const ended = await running.end('SIGTERM');
    expect(ended).toMatchObject({ code: 0, signal: null });
    expect(ended.stderr).toMatch(/Stopping: .*\n.*Stopped\.\n$/);
    const reports = ended.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as SyncReport);
    expect(reports.every(({ events }) => Object.keys(events).length > 0)).toBe(true);
    expect((await statusOf(commandLine)).live.running).toBe(false);
  });

  test('takes up what another process asks for, and lets it follow', async () => {
    const { commandLine, hire, hasAccount } = await openPlace();
    const following = live(commandLine, ['events', '--follow', '--json', '--type', 'UserJoinedGroup']);
    const first = hire('Ann Lee');
    const running = live(commandLine, ['run']);
    await hasAccount(first);
    await until(async () => expect((await statusOf(commandLine)).live.running).toBe(true));

    const second = hire('Bo Ek');
    const asked = await commandLine.run(['sync', '--json']);
    expect(asked).toMatchObject({ code: 0 });
    expect(asked.stderr).toContain('An engine runs this connection');
    expect(JSON.parse(asked.stdout)).toMatchObject({ ok: true, events: { UserJoinedGroup: 1 } });
    await hasAccount(second);
    // The one that asked took no epoch of its own.
    expect(await eventsOf(commandLine, 'EngineStarted')).toHaveLength(1);
    expect(await eventsOf(commandLine, 'SyncRequested')).toHaveLength(1);

    await until(() => expect(following.stdout().trimEnd().split('\n')).toHaveLength(2));
    expect(following.stdout()).toContain(first);
    expect(following.stdout()).toContain(second);
    expect(await following.end('SIGINT')).toMatchObject({ code: 0, signal: null, stderr: '' });
    expect(await running.end('SIGINT')).toMatchObject({ code: 0, signal: null });
  });

  test('obeys a pause of another process, and goes on at once after it', async () => {
    const { commandLine, hire, hasAccount, simulator } = await openPlace();
    const first = hire('Ann Lee');
    const running = live(commandLine, ['run']);
    await hasAccount(first);
    await until(() => expect(running.stderr()).toContain('fabrikam: synced'));

    const paused = await commandLine.run(['pause', '--reason', 'the group is rebuilt', '--by', 'Ann']);
    expect(paused).toMatchObject({ code: 0, stderr: '' });
    expect(paused.stdout).toContain('the running engine reads and sends nothing more');
    const second = hire('Bo Ek');
    const refused = await commandLine.run(['sync', '--json']);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/^fabrikam is paused since .*, by Ann: "directory-sync resume" lets it go on\.\n$/);
    expect(JSON.parse(refused.stdout)).toMatchObject({ ok: false, error: { code: 'stopped' } });
    expect((await commandLine.run(['status'])).stdout).toMatch(/^fabrikam\s+paused/m);
    expect(simulator.learnAmp.accountByExternalId(second)).toBeUndefined();

    expect((await commandLine.run(['resume'])).stdout).toContain('the running engine syncs it at once');
    await hasAccount(second);
    expect(await running.end('SIGTERM')).toMatchObject({ code: 0 });
    const [pause] = await eventsOf(commandLine, 'ConnectionPaused');
    expect(pause?.data).toEqual({ actor: 'Ann', reason: 'the group is rebuilt' });
  });

  test('keeps two companies in step in one process', async () => {
    const { commandLine, hire, simulator } = await openPlace();
    const group = simulator.directory.addGroup({ displayName: 'Other' });
    const { configuration } = simulator.config({
      connectionId: 'other',
      eventLog: { kind: 'sqlite', path: './other.db' },
      extra: { groupId: group, schedule: { pollSeconds: 86_400 } },
    });
    await writeFile(join(commandLine.folder, 'other.json'), JSON.stringify(configuration));
    const both = ['--config', 'directory-sync.json', '--config', 'other.json'];
    hire('Ann Lee');
    const running = live(commandLine, ['run', ...both]);
    await until(() => expect(running.stderr()).toContain('fabrikam: synced'));
    await until(async () => {
      const { stdout } = await commandLine.run(['status', '--json', ...both]);
      const found = JSON.parse(stdout) as ReadonlyArray<Status>;
      expect(found.map(({ connectionId }) => connectionId)).toEqual(['fabrikam', 'other']);
      for (const { lastSync, live: told } of found) {
        expect(told.running).toBe(true);
        expect(lastSync).toMatchObject({ ok: true });
      }
    });
    expect((await commandLine.run(['status', ...both])).stdout).toMatch(/^fabrikam\s+idle.*\nother\s+idle/m);
    expect(await running.end('SIGTERM')).toMatchObject({ code: 0 });
  });
});

test(
  'rebuild makes the rows anew from the log, also beside a running engine, which goes on over them',
  LIMIT,
  async () => {
    const { commandLine, hire, hasAccount } = await openPlace();
    hire('Ann Lee');
    const second = hire('Bo Ek');
    expect(await commandLine.run(['sync'])).toMatchObject({ code: 0 });
    const before = await statusOf(commandLine);

    expect(await commandLine.run(['rebuild', '--verify'])).toMatchObject({ code: 0, stderr: '' });
    const rebuilt = await commandLine.run(['rebuild', '--json']);
    expect(rebuilt).toMatchObject({ code: 0, stderr: '' });
    const replayed = await commandLine.run(['replay', '--json']);
    const summary = replayed.stdout.trimEnd().split('\n').at(-1) ?? '';
    const report = JSON.parse(rebuilt.stdout) as { readonly head: unknown; readonly stateDigest: string };
    expect(JSON.parse(summary)).toMatchObject({ summary: { head: report.head, stateDigest: report.stateDigest } });
    const after = await statusOf(commandLine);
    expect({ ...after, freshness: null, cursors: [] }).toEqual({ ...before, freshness: null, cursors: [] });

    const running = live(commandLine, ['run']);
    await hasAccount(second);
    await until(async () => expect((await statusOf(commandLine)).live.running).toBe(true));
    expect(await commandLine.run(['rebuild'])).toMatchObject({ code: 0, stderr: '' });
    const third = hire('Cy Old');
    expect(await commandLine.run(['sync'])).toMatchObject({ code: 0 });
    await hasAccount(third);
    expect(await commandLine.run(['rebuild', '--verify'])).toMatchObject({ code: 0 });
    expect(await running.end('SIGTERM')).toMatchObject({ code: 0 });
  },
);
