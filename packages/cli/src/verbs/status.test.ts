import { DirectorySyncError, type Status } from '@learnamp/directory-sync';
import { describe, expect, test } from 'vitest';
import type { Screen } from '../command-line/screen.js';
import type { OpenConnection } from '../open-connection.js';
import { makeFakeConnection, makeLive, makeStatus } from '../testing/fake-connection.js';
import { json, lines, run, type Setting } from '../testing/run-words.js';
import { soundConfiguration, temporaryFolder } from '../testing/test-configuration.js';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const synced = makeStatus({
  head: { revision: '41', hash: 'abcdef0123456789' },
  // The clock of the test terminal begins at 2026-01-01T00:00:00Z and goes on by a second each time it is read.
  lastSync: { at: '2025-12-31T23:55:00.000Z', ok: true },
  freshness: { roundAt: '2025-12-31T23:55:00.000Z', ageSeconds: 301 },
  people: { inScope: 3, linked: 2, held: 0, parked: 1, waiting: 1 },
  cursors: [{ source: 'users', ageSeconds: 300 }],
});
const webhook = makeLive().webhook;

const saying = (...found: ReadonlyArray<Status>): Setting => {
  let turn = 0;
  return { connection: { status: async () => found[Math.min(turn++, found.length - 1)] ?? synced } };
};

const folderWith = (...connectionIds: ReadonlyArray<string>): string => {
  const folder = temporaryFolder();
  for (const connectionId of connectionIds)
    writeFileSync(join(folder, `${connectionId}.json`), JSON.stringify({ ...soundConfiguration, connectionId }));
  return folder;
};

const opening =
  (connections: Readonly<Record<string, () => Promise<Status>>>): OpenConnection =>
  async ({ connectionId }) =>
    makeFakeConnection({ status: connections[connectionId] ?? (() => Promise.reject(new Error(connectionId))) });

describe('status of one connection', () => {
  test('says how many links were refused, where the last one led, and when', async () => {
    const refusedLinks = { count: 3, lastAt: '2025-12-31T23:00:00.000Z', host: 'evil.example:8443' };
    const refusing = makeStatus({ ...synced, refusedLinks });
    const result = await run('status', saying(refusing));
    expect(result.stdout).toContain(
      '3 links in answers of Microsoft Graph led elsewhere and were not followed; the last one at 2025-12-31T23:00:00.000Z, to evil.example:8443.',
    );
    expect(json((await run('status --json', saying(refusing))).stdout)).toMatchObject({ refusedLinks });
    expect((await run('status', saying(synced))).stdout).not.toContain('led elsewhere');
  });

  test('says which round was begun again and again, and what to do', async () => {
    const restartedRounds = [{ source: 'groups' as const, starts: 4, since: '2025-12-31T23:00:00.000Z' }];
    const restarting = makeStatus({ ...synced, restartedRounds });
    const { stdout } = await run('status', saying(restarting));
    expect(stdout).toContain('A round of groups (begun 4 times since 2025-12-31T23:00:00.000Z) does not reach its end');
    expect(stdout).toContain('let one sync run without interruption');
    expect(json((await run('status --json', saying(restarting))).stdout)).toMatchObject({ restartedRounds });
    expect((await run('status', saying(synced))).stdout).not.toContain('does not reach its end');
  });

  test.each([
    [4.9, undefined],
    [5.5, 'The oldest delta link is 5 days old and lives 7: let a sync come to its end before then.'],
    [8, 'The oldest delta link is older than the 7 days it lives: the next sync reads everything from the beginning'],
  ])('says of a delta link that is %d days old what to do: %s', async (days, says) => {
    const cursors = [
      { source: 'users', ageSeconds: 300 },
      { source: 'groups:1', ageSeconds: days * 86_400 },
    ];
    const { stdout } = await run('status', saying(makeStatus({ ...synced, cursors })));
    if (says === undefined) expect(stdout).not.toContain('delta link');
    else expect(stdout).toContain(says);
  });

  test('is a row, then sentences, or one document', async () => {
    const result = await run('status', saying(synced));
    expect(result.opened).toEqual([{ readOnly: true, logger: undefined }]);
    expect(result.stdout).toContain('3 people in scope, 2 with a Learn Amp account, 1 without an account yet');
    expect(result.stdout).toMatch(/users\s+5 min/);
    expect(result.stdout).toMatch(/^contoso\s+not running\s+5 min ago\s+-\s+5 min\s+3\s+2\s+1\s+0\s+1\s+off$/m);
    expect(result.connection.closed()).toBe(1);
    expect(json((await run('status --json', saying(synced))).stdout)).toEqual(synced);
  });

  test('that was never synced says what to do', async () => {
    const { stdout } = await run('status');
    expect(stdout).toContain('No sync has been completed yet: run "directory-sync sync".');
    expect(stdout).toMatch(/^contoso\s+not running\s+never\s+-\s+-\s+0/m);
  });

  test.each([
    ['running', { cycle: 'syncing' as const }],
    ['idle', { nextSyncAt: '2026-01-01T00:03:00.000Z' }],
    ['waiting', { cycle: 'waiting' as const, waitingUntil: '2026-01-01T00:03:00.000Z' }],
    ['failing', { lastError: { code: 'graph-unreachable' as const, message: 'Graph is away.' } }],
  ])('of a live engine says that it is %s', async (state, live) => {
    const { stdout } = await run('status', saying({ ...synced, live: makeLive({ running: true, ...live }) }));
    expect(stdout).toMatch(new RegExp(`^contoso\\s+${state}\\s+5 min ago`, 'm'));
    expect(stdout).toContain('An engine runs it.');
  });

  test('tells when the next sync is due, what failed last, and how notifications are', async () => {
    const live = makeLive({
      running: true,
      nextSyncAt: '2026-01-01T00:03:00.000Z',
      lastError: { code: 'graph-unreachable', message: 'Graph is away.' },
      webhook: { ...webhook, state: 'poll-only', problem: 'The subscription to groups is gone.' },
    });
    const { stdout } = await run('status', saying({ ...synced, live }));
    expect(stdout).toContain('The next sync is due in 3 min.');
    for (const part of ['Graph is away.', 'polls only', 'The subscription to groups is gone.'])
      expect(stdout).toContain(part);
  });

  test('that is paused says how it goes on', async () => {
    const { stdout } = await run('status', saying({ ...synced, paused: true, live: makeLive({ running: true }) }));
    expect(stdout).toMatch(/^contoso\s+paused/m);
    expect(stdout).toContain('"directory-sync resume"');
  });

  test('that cannot be read is one sentence and exit code 1', async () => {
    const status = () => Promise.reject(new DirectorySyncError('log-unavailable', 'The log cannot be read.'));
    expect(await run('status', { connection: { status } })).toMatchObject({
      code: 1,
      stdout: '',
      stderr: 'The log cannot be read.\n',
    });
  });
});

describe('status of several connections', () => {
  const words = 'status --config contoso.json --config fabrikam.json';
  const fabrikam = { ...synced, connectionId: 'fabrikam', live: makeLive({ running: true }) };

  test('is a row each, and an array of their documents', async () => {
    const setting = () => ({
      folder: folderWith('contoso', 'fabrikam'),
      open: opening({ contoso: async () => synced, fabrikam: async () => fabrikam }),
    });
    const result = await run(words, setting());
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(result.stdout).toMatch(/^contoso\s+not running.*\nfabrikam\s+idle/m);
    expect(result.stdout).not.toContain('delta cursor');
    expect(json((await run(`${words} --json`, setting())).stdout)).toEqual([synced, fabrikam]);
  });

  test('a credential that ends within a month is told of whichever it is', async () => {
    const ending = { ...synced, credentialExpiresAt: '2000-01-01T00:00:00.000Z' };
    const open = opening({ contoso: async () => ending, fabrikam: async () => fabrikam });
    const { stdout } = await run(words, { folder: folderWith('contoso', 'fabrikam'), open });
    expect(stdout).toContain('contoso: The Graph credential ended at 2000-01-01T00:00:00.000Z: replace it.');
    expect(stdout).not.toContain('fabrikam: The Graph credential');
  });

  test('one that cannot be read hides no other, and is exit code 1', async () => {
    const contoso = () => Promise.reject(new DirectorySyncError('log-unavailable', 'The log cannot be read.'));
    const setting = () => ({
      folder: folderWith('contoso', 'fabrikam'),
      open: opening({ contoso, fabrikam: async () => fabrikam }),
    });
    const result = await run(words, setting());
    expect(result.code).toBe(1);
    expect(result.stdout).toMatch(/^contoso\s+unreadable.*\nfabrikam\s+idle/m);
    expect(result.stdout).toContain('contoso: The log cannot be read.');
    expect(json((await run(`${words} --json`, setting())).stdout)).toEqual([
      { connectionId: 'contoso', error: { code: 'log-unavailable', message: 'The log cannot be read.' } },
      fabrikam,
    ]);
  });

  test('mistakes of all files are listed at once, each with its file', async () => {
    const folder = folderWith('contoso');
    writeFileSync(join(folder, 'a.json'), JSON.stringify({ ...soundConfiguration, tenantId: 'x' }));
    writeFileSync(join(folder, 'b.json'), JSON.stringify({ ...soundConfiguration, groupId: 'y' }));
    const result = await run('status --config a.json --config b.json', { folder });
    expect(result).toMatchObject({ code: 2, opened: [] });
    expect(result.stderr).toContain('a.json: tenantId: must be a GUID');
    expect(result.stderr).toContain('b.json: groupId: must be a GUID');
  });

  test('two files about one connection are refused', async () => {
    const folder = folderWith('contoso');
    const result = await run('status --config contoso.json --config contoso.json', { folder });
    expect(result).toMatchObject({ code: 2, stderr: 'Two configuration files are about the connection contoso.\n' });
  });
});

describe('status --watch', () => {
  const later = { ...synced, people: { ...synced.people, linked: 3, waiting: 0 } };

  /** Stops after so many readings. */
  const watched = (
    words: string,
    stopAfter: number,
    statuses: ReadonlyArray<Status>,
    terminal?: Setting['terminal'],
  ) => {
    let turn = 0;
    let stop = (): void => undefined;
    const status = async (): Promise<Status> => {
      const found = statuses[Math.min(turn, statuses.length - 1)] ?? synced;
      turn += 1;
      if (turn === stopAfter) stop();
      return found;
    };
    const setting = { connection: { status }, ...(terminal === undefined ? {} : { terminal }) };
    return run(words, { ...setting, onTerminal: (test) => (stop = test.stop) });
  };

  test('without a terminal prints a line only when something changed', async () => {
    const older = { ...synced, freshness: { roundAt: '2025-12-31T23:55:00.000Z', ageSeconds: 303 } };
    const { stdout, code } = await watched('status --watch', 5, [synced, older, later, later]);
    expect(code).toBe(0);
    expect(stdout.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/contoso: not running; last sync .*; 3 in scope, 2 linked, 1 waiting, 0 held, 1 parked$/),
      expect.stringMatching(/contoso: not running; last sync .*; 3 in scope, 3 linked, 0 waiting, 0 held, 1 parked$/),
    ]);
  });

  test('a cycle that came and went without a change is no change', async () => {
    const live = (cycle: 'idle' | 'syncing') => ({ ...synced, live: makeLive({ running: true, cycle }) });
    const { stdout } = await watched('status --watch', 4, [live('idle'), live('syncing'), live('idle')]);
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
  });

  test('with --json prints the document when something changed', async () => {
    const { stdout } = await watched('status --watch --json', 4, [synced, synced, later]);
    expect(lines(stdout)).toEqual([synced, later]);
  });

  test('a connection that cannot be read for a while is told, and told again when it can', async () => {
    let turn = 0;
    let stop = (): void => undefined;
    const status = async (): Promise<Status> => {
      turn += 1;
      if (turn === 4) stop();
      if (turn === 2) throw new DirectorySyncError('log-unavailable', 'The log cannot be read.');
      return synced;
    };
    const result = await run('status --watch', { connection: { status }, onTerminal: (test) => (stop = test.stop) });
    expect(result.code).toBe(0);
    expect(result.stdout.trimEnd().split('\n')).toEqual([
      expect.stringContaining('not running'),
      expect.stringContaining('unreadable. The log cannot be read.'),
      expect.stringContaining('not running'),
    ]);
  });

  test('on a terminal draws anew until the person leaves, and gives the terminal back', async () => {
    const frames: string[] = [];
    const left = new AbortController();
    let closed = 0;
    const screen: Screen = {
      draw: (text) => {
        frames.push(text);
        if (frames.length === 3) left.abort();
      },
      left: left.signal,
      close: () => (closed += 1),
    };
    const result = await watched('status --watch', 99, [synced, synced, later], { openScreen: () => screen });
    expect(result).toMatchObject({ code: 0, stdout: '' });
    expect(frames).toHaveLength(3);
    expect(frames[2]).toMatch(/3\s+3\s+0\s+0\s+1\s+off/);
    expect(closed).toBe(1);
  });

  test('a connection without a log is opened anew: its files may come', async () => {
    const { opened, connection } = await watched('status --watch', 3, [makeStatus(), makeStatus(), synced]);
    expect(opened.length).toBe(3);
    expect(connection.closed()).toBe(3);
  });
});
