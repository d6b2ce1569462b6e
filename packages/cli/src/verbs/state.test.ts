import type { DiffStep } from '@learnamp/directory-sync';
import { describe, expect, test } from 'vitest';
import { objectId, yielded } from '../testing/fake-connection.js';
import { makeConnectionAt, makePersonAt } from '../testing/made-steps.js';
import { lines, run } from '../testing/run-words.js';

const people = [makePersonAt(1), makePersonAt(2)];
const stateAt = () => yielded([makeConnectionAt(), ...people]);

describe('state', () => {
  test('tells the connection, then everybody in a table', async () => {
    const { stdout, code } = await run('state --at 7', { connection: { stateAt } });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Revision 7, recorded 2026-01-01T00:00:07.000Z \(hash abcdef012345\): 8 events folded\.\n/);
    expect(stdout).toContain('2 teams known. Cursors: users (deltaLink, 2026-01-01T00:00:05.000Z).');
    expect(stdout).toMatch(new RegExp(`Person 1 +person1@contoso.example +active +101 +confirmed +${objectId(1)}\n`));
    expect(stdout).toContain('2 people.');
  });

  test.each([objectId(2), '102', 'PERSON2@contoso.example'])('of one person tells every field (%s)', async (user) => {
    const { stdout } = await run(`state --at 7 --user ${user}`, { connection: { stateAt } });
    expect(stdout).toContain(`Person 2 (${objectId(2)})`);
    expect(stdout).toMatch(/profile\.jobTitle +Writer\n/);
    expect(stdout).not.toContain('Person 1');
  });

  test('prints the connection and each person as NDJSON', async () => {
    const { stdout } = await run('state --at 7 --json', { connection: { stateAt } });
    const [first, ...others] = lines(stdout);
    expect(first).toMatchObject({ connection: { at: { revision: '7' }, stateDigest: 'd7' } });
    expect(others.map((person) => ({ _tag: 'Person', ...(person as object) }))).toEqual(people);
  });

  test.each([
    [objectId(3), `Nobody was known with the object id ${objectId(3)} at that moment`],
    ['103', 'Nobody had the Learn Amp id 103 at that moment'],
    ['nobody@contoso.example', 'Nobody had the address given as --user at that moment'],
  ])('of somebody who was not known is exit code 2 (%s)', async (user, sentence) => {
    const { code, stderr } = await run(`state --at 7 --user ${user} --json`, { connection: { stateAt } });
    expect(code).toBe(2);
    expect(stderr).toContain(sentence);
    expect(stderr).not.toContain('nobody@');
  });

  test('of an empty log says so, whoever was asked for', async () => {
    const empty = { stateAt: () => yielded([makeConnectionAt({ at: null })]) };
    for (const words of ['state --at 0', 'state --at 0 --user nobody@contoso.example'])
      expect(await run(words, { connection: empty })).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('The log is empty: run "directory-sync sync".') as unknown,
      });
  });
});

describe('diff', () => {
  const place = (revision: string) => ({ revision, recordedAt: '2026-01-01T00:00:00.000Z', hash: 'h' });
  const field = { path: 'delivered.profile.jobTitle', before: 'Writer', after: 'Editor' };
  const edge = { change: 'added', groupId: objectId(9), memberId: objectId(1), kind: 'user' } as const;
  const counts = { added: 0, gone: 0, changed: 1, edges: 1 };
  const steps: ReadonlyArray<DiffStep> = [
    { _tag: 'Person', userId: objectId(1), displayName: 'Ann', change: 'changed', fields: [field] },
    { _tag: 'Edge', ...edge },
    { _tag: 'Summary', from: place('3'), to: place('7'), ...counts },
  ];

  test('tells fields, memberships and counts; a difference is no failure', async () => {
    const { code, stdout } = await run('diff --from 3 --to 7', { connection: { diff: () => yielded(steps) } });
    expect(code).toBe(0);
    expect(stdout).toContain(`Ann (${objectId(1)}) changed:\n`);
    expect(stdout).toMatch(/delivered\.profile\.jobTitle +Writer +Editor\n/);
    expect(stdout).toContain(`+ user ${objectId(1)} in the group ${objectId(9)}\n`);
    expect(stdout).toContain('1 person changed, 1 membership.\n');
  });

  test('prints a line for each as NDJSON', async () => {
    const { stdout } = await run('diff --from 3 --to 7 --json', { connection: { diff: () => yielded(steps) } });
    expect(lines(stdout)).toEqual([
      { person: { userId: objectId(1), displayName: 'Ann', change: 'changed', fields: [field] } },
      { edge },
      { summary: { from: place('3'), to: place('7'), ...counts } },
    ]);
  });

  test('says that nobody differs', async () => {
    const diff = () =>
      yielded([
        { _tag: 'Summary' as const, from: place('3'), to: place('7'), added: 0, gone: 0, changed: 0, edges: 0 },
      ]);
    const { code, stdout } = await run('diff --from 3 --to 7', { connection: { diff } });
    expect(code).toBe(0);
    expect(stdout).toContain(': nobody differs.\n');
  });
});
