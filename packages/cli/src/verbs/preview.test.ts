import type { Preview, PreviewedCommand } from '@learnamp/directory-sync';
import { expect, test } from 'vitest';
import { makeReport, makeTotals, objectId } from '../testing/fake-connection.js';
import { json, run } from '../testing/run-words.js';

const command = (n: number, parts: Partial<PreviewedCommand> = {}): PreviewedCommand => ({
  kind: 'UpdateProfile',
  userId: objectId(n),
  displayName: `Anna ${n}`,
  role: undefined,
  held: false,
  reason: 'directory-changed',
  risk: 'safe',
  before: { jobTitle: 'Clerk' },
  after: { jobTitle: 'Writer' },
  summary: 'set jobTitle = Writer',
  ...parts,
});

const previewing = (count: number, parts: Partial<Preview> = {}) => {
  const report = makeReport({ exitCode: 3 });
  const commands = Array.from({ length: count }, (_, n) => command(n));
  const totals = makeTotals({
    send: count,
    held: 2,
    byKind: { UpdateProfile: count },
    byReason: { 'directory-changed': count },
    byRisk: { safe: count },
    owners: 1,
    admins: 2,
  });
  const made: Preview = { report, expected: { events: {}, people: report.people }, commands, totals, ...parts };
  return { connection: { preview: () => Promise.resolve(made) } };
};

test('counts by kind, reason and risk, and tells of owners and admins; nobody is named', async () => {
  const result = await run('preview', previewing(2));
  expect(result.code).toBe(3);
  expect(result.opened).toEqual([{ readOnly: true, logger: undefined }]);
  expect(result.stdout).toMatch(/^Commands +2 commands to send, 2 held for approval\.$/m);
  expect(result.stdout).toMatch(/^By kind +UpdateProfile 2\.$/m);
  expect(result.stdout).toMatch(/^By reason +directory-changed 2\.$/m);
  expect(result.stdout).toMatch(/^By risk +safe 2\.$/m);
  expect(result.stdout).toMatch(/^Protected +1 owner and 2 admins among the deactivations/m);
  expect(result.stdout).toContain(objectId(1));
  expect(result.stdout).not.toMatch(/Anna|Clerk|Writer/);
});

test('with --names it says who, and what would be written', async () => {
  const result = await run('preview --names', previewing(2));
  expect(result.stdout).toMatch(/UpdateProfile +Anna 1 +set jobTitle = Writer +directory-changed +safe/);
});

test('a list that does not fit says how much is missing and how to see it; --json has all', async () => {
  const result = await run('preview', previewing(1003));
  expect(result.stdout).toContain('and 3 more: "directory-sync preview --json" lists all.');
  const document = json((await run('preview --json', previewing(1003))).stdout) as { commands: ReadonlyArray<unknown> };
  expect(document.commands).toHaveLength(1003);
  expect(document.commands[0]).toEqual({
    kind: 'UpdateProfile',
    userId: objectId(0),
    held: false,
    reason: 'directory-changed',
    risk: 'safe',
    fields: ['jobTitle'],
  });
});

test('--names --json has names, before and after', async () => {
  const document = json((await run('preview --names --json', previewing(1))).stdout);
  expect(document).toMatchObject({ commands: [{ displayName: 'Anna 0', before: { jobTitle: 'Clerk' } }] });
});
