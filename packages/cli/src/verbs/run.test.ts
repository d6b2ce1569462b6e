import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DirectorySyncError } from '@learnamp/directory-sync';
import { describe, expect, test } from 'vitest';
import { makeLive, makeReport, makeStatus } from '../testing/fake-connection.js';
import { type FakeEngine, makeFakeEngine } from '../testing/fake-engine.js';
import { lines, run, type Setting } from '../testing/run-words.js';
import { soundConfiguration, temporaryFolder } from '../testing/test-configuration.js';
import type { TestTerminal } from '../testing/test-terminal.js';

const freePort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
};

/** Runs until `act`, which is called once the engine has been started, is through; then the first signal comes. */
const running = async (
  words: string,
  act: (engine: FakeEngine) => Promise<void> | void,
  setting: Setting = {},
  statuses = [makeStatus()],
) => {
  let terminal: TestTerminal | undefined;
  const problems: unknown[] = [];
  const engine = makeFakeEngine((started) => {
    void (async () => act(started))()
      .catch((caught: unknown) => problems.push(caught))
      .finally(() => terminal?.stop());
  }, statuses);
  const result = await run(words, { ...setting, engine: engine.open, onTerminal: (test) => (terminal = test) });
  expect(problems).toEqual([]);
  return { ...result, engine };
};

const changed = makeReport({ trigger: 'notification', events: { UserJoinedGroup: 2, SyncStarted: 1 } });
const failed = makeReport({
  ok: false,
  exitCode: 1,
  error: { code: 'graph-unreachable', message: 'Microsoft Graph gave no usable answer.' },
});
const at = { nextSyncAt: '2026-01-01T00:10:00.000Z' };

describe('run', () => {
  test('starts, tells each cycle that did something or failed, and ends in good order', async () => {
    const { code, stderr, stdout, engine } = await running('run', ({ tell, alert }) => {
      tell({ report: changed, ...at });
      tell({ report: makeReport({ trigger: 'schedule' }), ...at });
      tell({ report: failed, ...at });
      tell({ report: makeReport({ trigger: 'schedule' }), ...at });
      tell({ report: makeReport({ trigger: 'schedule' }), ...at });
      alert({ kind: 'held', connectionId: 'contoso', counts: { deactivations: 7 } });
    });
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(
      stderr
        .trimEnd()
        .split('\n')
        .map((line) => line.replace(/^\S+ /, '')),
    ).toEqual([
      'Started: contoso.',
      'contoso: synced after a notification in 4.2 s: 2 people joined the group.',
      'contoso: Microsoft Graph gave no usable answer. It is tried again at 2026-01-01T00:10:00.000Z.',
      'contoso: in step again.',
      'contoso: commands wait for approval (deactivations 7).',
      'Stopping: cycles have 10 seconds to end; a second signal ends the process at once.',
      'Stopped.',
    ]);
    expect(engine.calls).toEqual(['start', 'stop 10000']);
  });

  test('--json prints the report of each cycle that appended or failed, and no other', async () => {
    const { stdout } = await running('run --json', ({ tell }) => {
      tell({ report: changed, ...at });
      tell({ report: makeReport({ trigger: 'schedule' }), ...at });
      tell({ report: failed, ...at });
    });
    expect(lines(stdout)).toEqual([changed, failed]);
  });

  test('goes on when the reader of its output went away', async () => {
    const { PipeClosed } = await import('../command-line/output.js');
    const out = { write: () => Promise.reject(new PipeClosed()), isTerminal: false, columns: undefined };
    const { code, stderr } = await running('run --json', ({ tell }) => tell({ report: changed, ...at }), {
      terminal: { out },
    });
    expect(code).toBe(0);
    expect(stderr).toContain('Stopped.');
  });

  test('several configurations are one engine', async () => {
    const folder = temporaryFolder();
    for (const connectionId of ['contoso', 'fabrikam'])
      writeFileSync(join(folder, `${connectionId}.json`), JSON.stringify({ ...soundConfiguration, connectionId }));
    const { stderr, engine } = await running('run --config contoso.json --config fabrikam.json', () => undefined, {
      folder,
    });
    expect(stderr).toContain('Started: contoso, fabrikam.');
    expect(engine.opened.map(({ configurations }) => configurations.map(({ connectionId }) => connectionId))).toEqual([
      ['contoso', 'fabrikam'],
    ]);
    expect(engine.opened[0]?.options.publicUrl).toBeUndefined();
  });

  test('a log of another tenant is exit code 2', async () => {
    const engine = () =>
      Promise.reject(new DirectorySyncError('wrong-tenant', 'tenantId: this log belongs to tenant 0.'));
    expect(await run('run', { engine })).toMatchObject({ code: 2, stdout: '' });
  });
});

describe('its server', () => {
  const configured = (listen: string, publicUrl?: string) => ({
    ...soundConfiguration,
    notifications: { listen, ...(publicUrl === undefined ? {} : { publicUrl }) },
  });

  test('answers Graph under the path of the public address, and nothing elsewhere', async () => {
    const port = await freePort();
    const answers: unknown[] = [];
    const ask = async (path: string, method: string): Promise<void> => {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, { method });
      answers.push([response.status, await response.text()]);
    };
    const { stderr, engine } = await running(
      'run',
      async () => {
        await ask('/hooks/graph?validationToken=a%2Bb', 'POST');
        await ask('/hooks/other?validationToken=a', 'POST');
        await ask('/', 'GET');
      },
      { configuration: configured(`127.0.0.1:${port}`, 'https://sync.example/hooks/graph/') },
    );
    expect(answers).toEqual([
      [200, 'a+b'],
      [404, expect.any(String) as unknown],
      [404, expect.any(String) as unknown],
    ]);
    expect(stderr).toContain(`listening on 127.0.0.1:${port}`);
    expect(engine.opened[0]?.options.publicUrl).toBe('https://sync.example/hooks/graph');
    await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow();
  });

  test('tells its health in counts, without a name', async () => {
    const port = await freePort();
    const found: unknown[] = [];
    const statuses = [
      makeStatus({ live: makeLive({ running: true }) }),
      makeStatus({ paused: true, connectionId: 'fabrikam' }),
    ];
    const health = async (): Promise<void> => {
      const response = await fetch(`http://127.0.0.1:${port}/healthz`);
      found.push([response.status, await response.json()]);
    };
    await running('run', health, { configuration: configured(`127.0.0.1:${port}`) }, statuses);
    await running(
      'run',
      async (engine) => {
        engine.breakStatus();
        await health();
      },
      { configuration: configured(`127.0.0.1:${port}`) },
    );
    expect(found).toEqual([
      [200, { ok: true, connections: { idle: 1, paused: 1 } }],
      [503, { ok: false, connections: {} }],
    ]);
  });

  test('whose port is taken is one sentence, exit code 1, and the engine is stopped', async () => {
    const taken: Server = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as AddressInfo;
    try {
      const engine = makeFakeEngine();
      const configuration = configured(`127.0.0.1:${port}`);
      const result = await run('run', { engine: engine.open, configuration });
      expect(result).toMatchObject({ code: 1, stdout: '' });
      expect(result.stderr).toBe(
        `Another process listens on 127.0.0.1:${port} already: end it, or choose another notifications.listen.\n`,
      );
      expect(engine.calls).toEqual(['stop 10000']);
    } finally {
      await new Promise((resolve) => taken.close(resolve));
    }
  });

  test.each([
    ['an address of another machine', { listen: '192.0.2.1:9' }, 'notifications.listen: names an address'],
    ['nowhere to listen', { publicUrl: 'https://sync.example/hooks' }, 'notifications.listen: is required with'],
  ])('%s is exit code 2', async (_what, notifications, said) => {
    const configuration = { ...soundConfiguration, notifications };
    const result = await run('run', { engine: makeFakeEngine().open, configuration });
    expect(result.code).toBe(2);
    expect(result.stderr).toContain(said);
  });

  test('configurations that name two addresses are refused', async () => {
    const folder = temporaryFolder();
    for (const [connectionId, port] of [
      ['contoso', 8080],
      ['fabrikam', 8081],
    ])
      writeFileSync(
        join(folder, `${connectionId}.json`),
        JSON.stringify({ ...configured(`127.0.0.1:${port}`), connectionId }),
      );
    const result = await run('run --config contoso.json --config fabrikam.json', {
      folder,
      engine: makeFakeEngine().open,
    });
    expect(result).toMatchObject({ code: 2 });
    expect(result.stderr).toContain('notifications.listen: must be the same');
  });
});
