import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DirectorySyncError, type EventsQuery, type SyncOptions, type SyncReport } from '@learnamp/directory-sync';
import { describe, expect, test } from 'vitest';
import type { OpenConnection } from '../open-connection.js';
import {
  makeEvent,
  makeFakeConnection,
  makePerson,
  makeReport,
  objectId,
  yielded,
  makeTotals,
} from '../testing/fake-connection.js';
import { json, lines, run } from '../testing/run-words.js';
import { environment, GRAPH_CANARY, soundConfiguration, temporaryFolder } from '../testing/test-configuration.js';
import { makeTestTerminal } from '../testing/test-terminal.js';
import type { Terminal } from './terminal.js';

const held = makeReport({
  exitCode: 3,
  commands: { DeactivateUser: { planned: 7, succeeded: 0, rejected: 0, deferred: 0, held: 7, unsupported: 0 } },
  people: { inScope: 0, linked: 7, held: 7, parked: 0 },
  attention: [{ userId: objectId(1), kind: 'held', reason: 'the scope would become empty' }],
});
const attention = makeReport({
  exitCode: 4,
  attention: [{ userId: objectId(2), kind: 'rejected', reason: 'unknown_language' }],
});
const stopped = makeReport({
  ok: false,
  exitCode: 1,
  error: { code: 'graph-unreachable', message: 'Microsoft Graph gave no usable answer: refused. Run the sync again.' },
});

describe('sync', () => {
  test.each([
    [0, makeReport()],
    [1, stopped],
    [3, held],
    [4, attention],
  ])('ends with exit code %i, and --json prints the report as one document', async (code, report) => {
    const result = await run('sync --json', { connection: { sync: async () => report } });
    expect(result.code).toBe(code);
    expect(json(result.stdout)).toEqual(report);
    expect(result.connection.closed()).toBe(1);
  });

  test('prints one sentence to stderr and nothing to stdout when it ended before anything was recorded', async () => {
    const result = await run('sync', { connection: { sync: async () => stopped } });
    expect(result).toMatchObject({ code: 1, stdout: '', stderr: `${stopped.error?.message ?? ''}\n` });
  });

  test('tells what was read, changed, sent and what waits', async () => {
    const report: SyncReport = {
      ...held,
      events: { UserJoinedGroup: 2, DepartmentChanged: 1, DeltaCursorMoved: 3 },
      commands: {
        ...held.commands,
        CreateUser: { planned: 2, succeeded: 2, rejected: 0, deferred: 0, held: 0, unsupported: 0 },
      },
    };
    const { stdout } = await run('sync', { connection: { sync: async () => report } });
    for (const part of [
      'Synced contoso in 4.2 s.',
      '12 requests to Microsoft Graph, 9 requests to Learn Amp.',
      '2 people joined the group, 1 department changed.',
      '6 events in the log.',
      '2 accounts created.',
      'for approval: 7 accounts to deactivate.',
      'People     0 people in scope, 7 with a Learn Amp account, 7 held.',
      objectId(1),
      'the scope would become empty',
      'put the members back and sync again',
    ])
      expect(stdout).toContain(part);
    expect(stdout).not.toContain('\u001b[');
  });

  test('that did not complete tells how far it got, and does not say that all is well', async () => {
    const report: SyncReport = { ...stopped, events: { UserJoinedGroup: 1, SyncStarted: 1 } };
    const { stdout, code } = await run('sync', { connection: { sync: async () => report } });
    expect(code).toBe(1);
    expect(stdout).toContain('The sync of contoso did not complete (4.2 s).');
    expect(stdout).toContain('1 person joined the group.');
    expect(stdout).toMatch(/^Sent +nothing\.$/m);
  });

  test('says so when nothing changed and nothing had to be sent', async () => {
    const { stdout } = await run('sync');
    expect(stdout).toContain('nothing in the directory.');
    expect(stdout).toContain('nothing; Learn Amp is as it should be.');
  });

  test('counts the people whose language was left alone, and names them only with --verbose', async () => {
    const note = { userId: objectId(5), kind: 'unmapped-language' as const, reason: 'not offered' };
    const report = makeReport({ notes: [note] });
    const connection = { sync: async () => report };
    const plain = await run('sync', { connection });
    expect(plain.stdout).toContain("1 person's language is not offered by Learn Amp and left alone");
    expect(plain.stdout).not.toContain(objectId(5));
    expect((await run('sync --verbose', { connection })).stdout).toContain(objectId(5));
    expect(json((await run('sync --json', { connection })).stdout)).toEqual(makeReport());
  });

  test('passes its flags, the signal and who asked to the engine', async () => {
    let seen: SyncOptions | undefined;
    const sync = async (options?: SyncOptions) => {
      seen = options;
      return makeReport();
    };
    const result = await run('sync --full --no-photos', { connection: { sync } });
    expect(seen).toMatchObject({ full: true, photos: false, actor: 'tester (command line)' });
    expect(seen?.signal).toBeInstanceOf(AbortSignal);
    expect(seen?.confirmFirstSync).toBeUndefined();
    expect(result.opened).toEqual([{ readOnly: false, logger: undefined }]);
  });

  test('colours its output on a terminal, and neither with --no-color nor with NO_COLOR', async () => {
    const base = makeTestTerminal().terminal.out;
    let text = '';
    const out = { ...base, isTerminal: true, write: async (more: string) => void (text += more) };
    await run('sync', { terminal: { out } });
    expect(text).toContain('\u001b[');
    text = '';
    await run('sync --no-color', { terminal: { out } });
    await run('sync', { terminal: { out, environment: { ...environment, NO_COLOR: '1' } } });
    expect(text).toContain('Synced');
    expect(text).not.toContain('\u001b[');
  });
});

describe('the first sync on a terminal', () => {
  const asking = async (options?: SyncOptions): Promise<SyncReport> => {
    const go = (await options?.confirmFirstSync?.({ CreateUser: 250, EnsureTeam: 1 })) ?? true;
    return go
      ? makeReport()
      : makeReport({ ok: false, exitCode: 1, error: { code: 'declined', message: 'Declined; nothing was sent.' } });
  };

  test.each([
    ['y', 0],
    ['YES', 0],
    ['n', 1],
    ['', 1],
    ['yesterday', 1],
  ])('shows the counts and asks; "%s" ends with exit code %i', async (answer, code) => {
    const result = await run('sync', {
      connection: { sync: asking },
      terminal: { interactive: true, answers: [answer] },
    });
    expect(result.code).toBe(code);
    expect(result.questions).toHaveLength(1);
    expect(result.stderr).toContain('250 accounts to create');
    expect(result.stderr).toContain('1 team to ensure');
  });

  test('the end of the input is a no', async () => {
    const result = await run('sync --json', { connection: { sync: asking }, terminal: { interactive: true } });
    expect(result.code).toBe(1);
    expect(json(result.stdout)).toMatchObject({ error: { code: 'declined' } });
  });

  test('Ctrl+C at the question is a stop', async () => {
    const controller = new AbortController();
    const terminal: Partial<Terminal> = {
      interactive: true,
      stopSignal: () => controller.signal,
      ask: async () => {
        controller.abort();
        return undefined;
      },
    };
    const result = await run('sync --json', { connection: { sync: asking }, terminal });
    expect(json(result.stdout)).toMatchObject({ ok: false, exitCode: 1, error: { code: 'stopped' } });
  });

  test.each([
    ['sync --yes', true],
    ['sync', false],
  ])('"%s" on a terminal: %s does not ask', async (words, interactive) => {
    const result = await run(words, { connection: { sync: asking }, terminal: { interactive } });
    expect(result).toMatchObject({ code: 0, questions: [], stderr: '' });
  });
});

describe('sync --dry-run', () => {
  const preview = async () => ({
    report: { ...held, people: { inScope: 7, linked: 7, held: 0, parked: 0 } },
    expected: { events: { UserLeftGroup: 7, SyncStarted: 1 }, people: held.people },
    commands: [
      {
        kind: 'DeactivateUser' as const,
        userId: objectId(1),
        displayName: 'Anna \u001b[2J',
        role: undefined,
        held: true,
        holdReason: 'count' as const,
        reason: 'left-the-group' as const,
        risk: 'destructive' as const,
        before: { status: 'confirmed' },
        after: { status: 'deactivated' },
        summary: 'left',
      },
    ],
    totals: makeTotals({ held: 1 }),
  });

  test('opens the files for reading only and lists the commands', async () => {
    const result = await run('sync --dry-run', { connection: { preview } });
    expect(result.code).toBe(3);
    expect(result.opened).toEqual([{ readOnly: true, logger: undefined }]);
    expect(result.stdout).toContain('nothing was written or sent');
    expect(result.stdout).toMatch(/^Changed +7 people left the group\.$/m);
    expect(result.stdout).toMatch(/^Would send +nothing\.$/m);
    expect(result.stdout).toMatch(/^Now +7 people in scope, 7 with a Learn Amp account\.$/m);
    expect(result.stdout).toMatch(/^Afterwards +0 people in scope, 7 with a Learn Amp account, 7 held\.$/m);
    expect(result.stdout).toMatch(/^Waiting +for approval: 7 accounts to deactivate\.$/m);
    expect(result.stdout).toContain(objectId(1));
    expect(result.stdout).toMatch(/DeactivateUser\s+\S+\s+status\s+left-the-group\s+destructive\s+waits for approval/);
    // Whose it is stands there by id: names are asked for by "preview --names".
    expect(result.stdout).not.toContain('Anna');
    expect(readdirSync(result.folder)).toEqual(['directory-sync.json']);
  });

  test('prints the report with --json, and each command with reason, risk and fields, and nobody by name', async () => {
    const result = await run('sync --dry-run --json', { connection: { preview } });
    expect(json(result.stdout)).toEqual({
      ...held,
      people: { inScope: 7, linked: 7, held: 0, parked: 0 },
      preview: {
        totals: makeTotals({ held: 1 }),
        commands: [
          expect.objectContaining({
            kind: 'DeactivateUser',
            userId: objectId(1),
            reason: 'left-the-group',
            risk: 'destructive',
            fields: ['status'],
          }),
        ],
      },
    });
    expect(result.stdout).not.toContain('displayName');
  });
});

describe('exit code 2', () => {
  const broken = { ...soundConfiguration, tenantId: 'x', groupID: 'y', learnAmp: undefined };

  test('lists every mistake on stderr, and as a document for sync --json', async () => {
    const plain = await run('sync', { configuration: broken });
    expect(plain).toMatchObject({ code: 2, stdout: '', opened: [] });
    for (const path of ['tenantId: must be a GUID', 'groupID: unknown key', 'learnAmp: is required'])
      expect(plain.stderr).toContain(path);
    const result = await run('sync --json', { configuration: broken });
    expect(json(result.stdout)).toEqual({
      ok: false,
      exitCode: 2,
      errors: [
        { path: 'groupID', message: 'unknown key; did you mean `groupId`?' },
        { path: 'tenantId', message: expect.stringMatching(/GUID/) as unknown },
        { path: 'learnAmp', message: expect.stringMatching(/required/) as unknown },
      ],
    });
  });

  test.each([
    ['sync --json --frobnicate', '--frobnicate'],
    ['sync --json --user 7', '--user'],
    ['--json sync --full now', ''],
  ])('"%s" prints the document too', async (words, path) => {
    const result = await run(words);
    expect(result.code).toBe(2);
    const message = expect.stringMatching(/^[A-Z].*\.$/) as unknown;
    const where = path === '' ? (expect.any(String) as unknown) : path;
    expect(json(result.stdout)).toEqual({ ok: false, exitCode: 2, errors: [{ path: where, message }] });
  });

  test('stands for a log of another tenant', async () => {
    const message = 'this log belongs to tenant 0.';
    const sync = async () => Promise.reject(new DirectorySyncError('wrong-tenant', `tenantId: ${message}`));
    const result = await run('sync --json', { connection: { sync } });
    expect(result).toMatchObject({ code: 2, stderr: `The configuration has one mistake:\n  tenantId: ${message}\n` });
    expect(json(result.stdout)).toEqual({ ok: false, exitCode: 2, errors: [{ path: 'tenantId', message }] });
  });

  test('stands for a machine without SQLite', async () => {
    const cause = Object.assign(new Error('No SQLite driver: use Node 22.5 or later.'), { name: 'NoSqliteDriver' });
    const open = async () => Promise.reject(new DirectorySyncError('log-unavailable', 'Cannot open.', { cause }));
    const result = await run('sync --json', { open });
    expect(result).toMatchObject({ code: 2, stderr: 'No SQLite driver: use Node 22.5 or later.\n' });
  });

  test('a configuration file that is not there, a folder, or no JSON is one sentence', async () => {
    const missing = await run('sync --config nowhere.json');
    expect(missing.code).toBe(2);
    expect(missing.stderr).toMatch(
      /^There is no configuration file .*nowhere\.json: write one \(docs\/how-to\/connect-a-directory\.md\), or name another one with --config FILE\.\n$/,
    );
    expect((await run(`sync --config ${temporaryFolder()}`)).stderr).toMatch(/is a folder\.\n$/);
    const text = `{\n  "connectionId": "contoso",\n  "secret": "${GRAPH_CANARY}" "oops"\n}`;
    expect((await run('sync', { configuration: text })).stderr).toMatch(
      /is not valid JSON at line 3, column \d+: expected "," or "}"\.\n$/,
    );
  });

  test('a byte order mark is no mistake', async () => {
    const result = await run('sync', { configuration: `\uFEFF${JSON.stringify(soundConfiguration)}` });
    expect(result.code).toBe(0);
  });
});

describe('what the engine refuses', () => {
  test('is one sentence and exit code 1, and a whole document for sync --json', async () => {
    const open = async () =>
      Promise.reject(new DirectorySyncError('log-unavailable', 'The event log cannot be opened.'));
    const result = await run('sync --full --json', { open });
    expect(result).toMatchObject({ code: 1, stderr: 'The event log cannot be opened.\n' });
    expect(json(result.stdout)).toEqual({
      ok: false,
      exitCode: 1,
      connectionId: 'contoso',
      trigger: 'full',
      startedAt: '2026-01-01T00:00:00.000Z',
      finishedAt: '2026-01-01T00:00:01.000Z',
      durationMs: 1000,
      requests: { graph: 0, learnAmp: 0 },
      events: {},
      commands: {},
      people: { inScope: 0, linked: 0, held: 0, parked: 0 },
      attention: [],
      error: { code: 'log-unavailable', message: 'The event log cannot be opened.' },
    });
  });

  test('a fault that nobody expected shows no stack, no address and no secret; --verbose shows the stack', async () => {
    const sync = async () => Promise.reject(new Error(`boom for anna@contoso.example with ${GRAPH_CANARY}`));
    const plain = await run('sync --json', { connection: { sync } });
    expect(plain).toMatchObject({ code: 1, stdout: '' });
    expect(plain.stderr).toMatch(/^Something went wrong that should not: boom for \[address\] with \[secret\]\..*\n$/);
    const verbose = await run('sync --verbose', { connection: { sync } });
    expect(verbose.stderr).toMatch(/\n\s+at /);
    expect(verbose.stderr).not.toContain('anna');
  });
});

test('--verbose hands the engine a logger that writes JSON lines without secrets to stderr', async () => {
  const open: OpenConnection = async (_configuration, { logger }) => {
    logger?.info(
      { userId: objectId(1), clientSecret: 'x', nested: { token: 'y' }, url: `a?b=${GRAPH_CANARY}` },
      'hello',
    );
    return makeFakeConnection();
  };
  const result = await run('status --verbose', { open });
  const [line] = lines(result.stderr);
  expect(line).toMatchObject({
    msg: 'hello',
    userId: objectId(1),
    clientSecret: '[secret]',
    nested: { token: '[secret]' },
  });
});

describe('people', () => {
  const connection = {
    people: () => yielded([makePerson(1, { displayName: 'Anna' }), makePerson(2, { status: 'parked' as const })]),
  };

  test('prints a table, or one JSON document a line', async () => {
    const plain = await run('people', { connection });
    expect(plain.stdout).toMatch(/^name\s+e-mail\s+status/);
    expect(plain.stdout).toMatch(/Anna\s+person1@contoso\.example\s+active\s+101\s+Sales/);
    expect(plain.stdout).toContain('2 people.');
    const result = await run('people --json', { connection });
    expect(lines(result.stdout)).toEqual([makePerson(1, { displayName: 'Anna' }), makePerson(2, { status: 'parked' })]);
    expect(result.opened).toEqual([{ readOnly: true, logger: undefined }]);
  });

  test.each([objectId(2).toUpperCase(), '102', 'PERSON2@contoso.example'])(
    '--user %s shows that person alone',
    async (user) => {
      const result = await run(`people --json --user ${user}`, { connection });
      expect(lines(result.stdout)).toEqual([makePerson(2, { status: 'parked' })]);
    },
  );

  test('an unknown object id is exit 2', async () => {
    const result = await run(`people --user ${objectId(9)}`, { connection });
    expect(result).toMatchObject({ code: 2, stderr: `Nobody is known with the object id ${objectId(9)}.\n` });
  });
});

describe('events', () => {
  const events = [
    makeEvent(0, 'UserJoinedGroup', { userId: objectId(1), attributes: { displayName: 'Anna\nB' } }),
    makeEvent(1, 'DepartmentChanged', { userId: objectId(1), from: 'Sales', to: null }),
    { ...makeEvent(2, 'DepartmentChanged', null), erased: true as const },
  ];

  test('prints a line an event, whatever stands in the data', async () => {
    const { stdout } = await run('events', { connection: { events: () => yielded(events) } });
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/^ {5}0 .*UserJoinedGroup.*Anna\\u\{a\}B$/),
      expect.stringMatching(/^ {5}1 .*Sales -> -$/),
      expect.stringMatching(/^ {5}2 .*\(erased\)$/),
      '',
    ]);
  });

  test('prints NDJSON as the engine gives it, and passes the query on', async () => {
    const asked: unknown[] = [];
    const result = await run(
      `events --json --from 1 --to 2 --type UserJoinedGroup --user ${objectId(1)} --user ${objectId(1)}`,
      {
        connection: {
          events: (query) => {
            asked.push(query);
            return yielded(events);
          },
        },
      },
    );
    expect(lines(result.stdout)).toEqual(events);
    expect(asked).toEqual([{ from: 1n, to: 2n, types: ['UserJoinedGroup'], userIds: [objectId(1)] }]);
  });

  test.each([
    ['UserJoinedGruop', 'There is no type of event "UserJoinedGruop"; did you mean UserJoinedGroup?\n'],
    ['commandsucceeded', 'There is no type of event "commandsucceeded"; did you mean CommandSucceeded?\n'],
    ['a@b.example', 'There is no type of event "[address]"; did you mean '],
  ])('asked for the type %s, which there is none of, ends with exit code 2 and the nearest one', async (type, said) => {
    const asked: unknown[] = [];
    const connection = { events: (query: unknown) => (asked.push(query), yielded(events)) };
    const result = await run(`events --type UserLinked --type ${type}`, { connection });
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toContain(said);
    expect(asked).toEqual([]);
  });
});

test('no verb leaves a file behind by itself', async () => {
  for (const words of ['sync', 'status', 'people', 'events', 'replay', 'rebuild --verify']) {
    const { folder } = await run(words);
    expect(existsSync(join(folder, 'contoso.db'))).toBe(false);
  }
});

describe('events --follow', () => {
  const memory = { ...soundConfiguration, eventLog: { kind: 'memory' } };

  test('goes on with new events until Ctrl+C, exit code 0, with every filter', async () => {
    let stop = (): void => undefined;
    const asked: EventsQuery[] = [];
    async function* events(query: EventsQuery = {}) {
      asked.push(query);
      yield makeEvent(0, 'UserJoinedGroup', { userId: objectId(1) });
      stop();
      await new Promise((resolve) => setImmediate(resolve));
      yield makeEvent(1, 'UserJoinedGroup', { userId: objectId(1) });
      if (query.signal?.aborted !== true) throw new Error('nobody stopped it');
    }
    const result = await run(`events --follow --json --from 1 --type UserJoinedGroup --user ${objectId(1)}`, {
      configuration: memory,
      connection: { events },
      onTerminal: (test) => (stop = test.stop),
    });
    expect(result).toMatchObject({ code: 0, stderr: '', opened: [{ readOnly: true }] });
    expect(lines(result.stdout)).toMatchObject([{ revision: '0' }, { revision: '1' }]);
    expect(asked).toEqual([
      {
        from: 1n,
        to: undefined,
        types: ['UserJoinedGroup'],
        userIds: [objectId(1)],
        follow: true,
        signal: expect.any(AbortSignal) as unknown,
      },
    ]);
  });

  test('a log that fails is one sentence and exit code 1', async () => {
    async function* events() {
      yield makeEvent(0, 'SyncStarted', {});
      throw new DirectorySyncError('log-unavailable', 'The log cannot be read.');
    }
    const result = await run('events --follow', { configuration: memory, connection: { events } });
    expect(result).toMatchObject({ code: 1, stderr: 'The log cannot be read.\n' });
    expect(result.stdout).toContain('SyncStarted');
  });

  test('waits for files that are not there yet, and opens them once they are', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'directory-sync.json'), JSON.stringify(soundConfiguration));
    let waits = 0;
    const wait = async (): Promise<void> => {
      waits += 1;
      for (const name of ['', '.keys', '.local'].slice(0, waits)) writeFileSync(join(folder, `contoso.db${name}`), '');
    };
    const result = await run('events --follow', { folder, terminal: { wait } });
    expect(result).toMatchObject({ code: 0, opened: [{ readOnly: true }] });
    expect(waits).toBe(3);
  });

  test('Ctrl+C while it waits for them is exit code 0', async () => {
    let stop = (): void => undefined;
    const wait = async (): Promise<void> => stop();
    const result = await run('events --follow', { terminal: { wait }, onTerminal: (test) => (stop = test.stop) });
    expect(result).toMatchObject({ code: 0, opened: [] });
  });
});
