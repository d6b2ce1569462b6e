import { expect, test } from 'vitest';
import { makeLive, makeStatus } from '../testing/fake-connection.js';
import { json, run } from '../testing/run-words.js';

const report = {
  events: 1234,
  head: { revision: '1233', hash: 'abcdef0123456789' },
  stateDigest: 'd1',
  durationMs: 2300,
};

test('rebuild folds everything and says how much, how long, and what it came to', async () => {
  const asked: unknown[] = [];
  const rebuild = async (options: unknown) => {
    asked.push(options);
    return report;
  };
  const result = await run('rebuild', { connection: { rebuild } });
  expect(result).toMatchObject({ code: 0, stderr: '', opened: [{ readOnly: false }] });
  expect(result.stdout).toBe(
    'Rebuilt the projections: 1,234 events folded in 2.3 s, up to revision 1233 (hash abcdef012345). The state has the digest d1.\n',
  );
  expect(asked).toEqual([expect.objectContaining({ projection: undefined, verify: false })]);
  await run('rebuild memberships', { connection: { rebuild } });
  expect(asked[1]).toMatchObject({ projection: 'memberships' });
});

test.each([
  [0, 0, 'no row differs'],
  [1, 1, '1 row differs in the projections'],
  [12, 1, '12 rows differ in the projections'],
])('--verify with %i differences writes nothing and ends with exit code %i', async (differences, code, said) => {
  const rebuild = async () => ({ ...report, differences });
  const result = await run('rebuild --verify', { connection: { rebuild } });
  expect(result).toMatchObject({ code, opened: [{ readOnly: true }] });
  expect(result.stdout).toContain(said);
  expect(json((await run('rebuild --verify --json', { connection: { rebuild } })).stdout)).toEqual({
    ...report,
    differences,
  });
});

test('--verify names the rows that differ, and where', async () => {
  const first = [
    {
      projection: 'directory-people',
      key: 'u1',
      expected: 'a'.repeat(64),
      found: 'b'.repeat(64),
      paths: ['attributes.department'],
    },
    { projection: 'delivered-people', key: 'u2', expected: 'c'.repeat(64), found: null, paths: [] },
  ];
  const rebuild = async () => ({ ...report, differences: 5, first });
  const { stdout } = await run('rebuild --verify', { connection: { rebuild } });
  expect(stdout).toMatch(/directory-people +u1 +aaaaaaaaaaaa +bbbbbbbbbbbb +attributes\.department\n/);
  expect(stdout).toMatch(/delivered-people +u2 +cccccccccccc +- +\(the row\)\n/);
  expect(stdout).toContain('and 3 more');
});

test('goes on while an engine runs the connection', async () => {
  const status = async () => makeStatus({ live: makeLive({ running: true }) });
  const result = await run('rebuild', { connection: { rebuild: async () => report, status } });
  expect(result).toMatchObject({ code: 0, stderr: '' });
});

test('says how fast it was, where it went on, and that more was replaced than was asked for', async () => {
  const rebuild = async () => ({ ...report, eventsPerSecond: 41_000, resumedFrom: '900', replaced: 'all' as const });
  const { stdout } = await run('rebuild memberships', { connection: { rebuild } });
  expect(stdout).toContain('1,234 events folded in 2.3 s (41,000 events a second)');
  expect(stdout).toContain('It went on from revision 900');
  expect(stdout).toContain('all projections were replaced');
  expect((await run('rebuild', { connection: { rebuild } })).stdout).not.toContain('were replaced');
});

test('--list is a table of where projections stand, and ends with 1 where one stopped', async () => {
  const active = {
    name: 'memberships' as const,
    version: '3.1',
    state: 'active' as const,
    checkpoint: { revision: '8', hash: 'h' },
    behind: { events: 0, seconds: 0 },
    since: '2026-01-01T00:00:00.000Z',
    stoppedAt: null,
  };
  const stopped = {
    ...active,
    name: 'connection' as const,
    state: 'error' as const,
    behind: { events: 1_200, seconds: 90 },
    stoppedAt: {
      revision: '9',
      type: 'Riddle',
      reason: 'The log holds an event of a type this version does not know.',
    },
  };
  const quiet = await run('rebuild --list', { connection: { projections: async () => [active] } });
  expect(quiet).toMatchObject({ code: 0, opened: [{ readOnly: true }] });
  expect(quiet.stdout).toMatch(/memberships +3\.1 +active +8 +- /);
  const loud = await run('rebuild --list', { connection: { projections: async () => [active, stopped] } });
  expect(loud.code).toBe(1);
  expect(loud.stdout).toMatch(/connection +3\.1 +error +8 +1,200 events, /);
  expect(loud.stdout).toContain('Stopped at revision 9 (Riddle): The log holds an event of a type');
  const listed = await run('rebuild --list --json', { connection: { projections: async () => [stopped] } });
  expect(json(listed.stdout)).toEqual([stopped]);
});
