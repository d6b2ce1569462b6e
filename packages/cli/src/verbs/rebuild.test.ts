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

test('is refused while an engine runs the connection; a comparison is not', async () => {
  let rebuilt = 0;
  const rebuild = async () => {
    rebuilt += 1;
    return { ...report, differences: 0 };
  };
  const status = async () => makeStatus({ live: makeLive({ running: true }) });
  const result = await run('rebuild', { connection: { rebuild, status } });
  expect(result).toMatchObject({ code: 1, stdout: '' });
  expect(result.stderr).toBe(
    'An engine runs contoso: stop it first, or compare with "directory-sync rebuild --verify".\n',
  );
  expect(rebuilt).toBe(0);
  expect((await run('rebuild --verify', { connection: { rebuild, status } })).code).toBe(0);
});

test('goes on where the state is so broken that it cannot be told', async () => {
  const status = () => Promise.reject(new Error('broken rows'));
  expect(await run('rebuild', { connection: { rebuild: async () => report, status } })).toMatchObject({ code: 0 });
});
