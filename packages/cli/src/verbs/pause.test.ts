import { expect, test } from 'vitest';
import { makeEvent, makeLive, makeStatus, yielded } from '../testing/fake-connection.js';
import { json, run, runWords } from '../testing/run-words.js';

type By = { readonly actor: string; readonly reason: string };

const pausing = (paused: boolean, running: boolean) => {
  const asked: By[] = [];
  const note = async (by: By): Promise<void> => void asked.push(by);
  const status = async () => makeStatus({ paused, live: makeLive({ running }) });
  return { asked, connection: { pause: note, resume: note, status } };
};

test.each([
  [true, 'the running engine reads and sends nothing more until "directory-sync resume"'],
  [false, 'nothing is read or sent until "directory-sync resume"'],
])('pause records who and why, and says what stands now; an engine runs: %s', async (running, said) => {
  const { asked, connection } = pausing(true, running);
  const result = await runWords(['pause', '--reason', 'the group is being rebuilt', '--by', 'Ann'], { connection });
  expect(asked).toEqual([{ actor: 'Ann', reason: 'the group is being rebuilt' }]);
  expect(result).toMatchObject({ code: 0, stderr: '', opened: [{ readOnly: false }] });
  expect(result.stdout).toContain(said);
});

test.each([
  [true, 'the running engine syncs it at once'],
  [false, 'no engine runs it'],
])('resume is by the one who started the command; an engine runs: %s', async (running, said) => {
  const { asked, connection } = pausing(false, running);
  const result = await run('resume', { connection });
  expect(asked).toEqual([{ actor: 'tester (command line)', reason: expect.any(String) as unknown }]);
  expect(result).toMatchObject({ code: 0, opened: [{ readOnly: false }] });
  expect(result.stdout).toContain(said);
});

test('--json is one document', async () => {
  const { connection } = pausing(true, true);
  const { stdout } = await run('pause --reason x --json', { connection });
  expect(json(stdout)).toEqual({ connectionId: 'contoso', paused: true, running: true });
});

test.each(['', ' ', 'two\nlines', 'x'.repeat(501)])('a reason that says nothing is refused: %j', async (reason) => {
  const { asked, connection } = pausing(true, false);
  const result = await runWords(['pause', '--reason', reason], { connection });
  expect(result.code).toBe(2);
  expect(asked).toEqual([]);
});

test('sync on a paused connection says who paused it, since when, and how it goes on', async () => {
  const events = () =>
    yielded([
      makeEvent(3, 'ConnectionPaused', { actor: 'Bob', reason: 'earlier' }),
      { ...makeEvent(7, 'ConnectionPaused', { actor: 'Ann', reason: 'x' }), recordedAt: '2026-01-02T00:00:00.000Z' },
    ]);
  let synced = 0;
  const connection = {
    status: async () => makeStatus({ paused: true }),
    events,
    sync: () => Promise.reject(new Error(`synced ${(synced += 1)}`)),
  };
  const said = 'contoso is paused since 2026-01-02T00:00:00.000Z, by Ann: "directory-sync resume" lets it go on.';
  expect(await run('sync', { connection })).toMatchObject({ code: 1, stdout: '', stderr: `${said}\n` });
  const document = json((await run('sync --json', { connection })).stdout);
  expect(document).toMatchObject({ ok: false, exitCode: 1, error: { code: 'stopped', message: said } });
  expect(synced).toBe(0);
});

test('sync --dry-run looks at a paused connection all the same', async () => {
  const status = async () => makeStatus({ paused: true });
  expect(await run('sync --dry-run', { connection: { status } })).toMatchObject({ code: 0, stderr: '' });
});

test('sync says that it asks the engine that runs', async () => {
  const status = async () => makeStatus({ live: makeLive({ running: true }) });
  const result = await run('sync', { connection: { status } });
  expect(result.code).toBe(0);
  expect(result.stderr).toBe('An engine runs this connection: it was asked, and its cycle is waited for.\n');
  expect(result.stdout).toContain('Synced contoso');
});
