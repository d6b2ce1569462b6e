import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DirectorySyncError, type HistoryStep, type ReplayQuery, type WhatIfStep } from '@learnamp/directory-sync';
import { describe, expect, test } from 'vitest';
import { objectId, yielded } from '../testing/fake-connection.js';
import { makeCommand, makeConnectionAt, makePersonAt, makeReplayed, makeReplaySummary } from '../testing/made-steps.js';
import { lines, run } from '../testing/run-words.js';
import { soundConfiguration, writeConfiguration } from '../testing/test-configuration.js';

const step = makeReplayed(3, {
  commands: [makeCommand(1)],
  fellAway: [makeCommand(1, { summary: 'set jobTitle = X' })],
});
const summary = makeReplaySummary();

const replaying = (asked: (query: ReplayQuery | undefined) => void = () => undefined) => ({
  replay: (query?: ReplayQuery) => {
    asked(query);
    return yielded([step, summary]);
  },
});

const without = ({ _tag, ...rest }: { readonly _tag: string }): unknown => (_tag === '' ? undefined : rest);

describe('replay', () => {
  test('prints each event with its commands, and the summary, as NDJSON', async () => {
    const { stdout, code } = await run('replay --json', { connection: replaying() });
    expect(code).toBe(0);
    expect(lines(stdout)).toEqual([without(step), { summary: without(summary) }]);
  });

  test('of the whole log counts for people', async () => {
    const { stdout } = await run('replay', { connection: replaying() });
    expect(stdout).toMatch(/JobTitleChanged +1\n/);
    expect(stdout).toMatch(/UpdateProfile +1 +1 +0\n/);
    expect(stdout).toContain('Replayed 1 event up to revision 0 (hash abcdef012345): 1 person.');
  });

  test('of a part tells each event and what followed', async () => {
    const asked: (ReplayQuery | undefined)[] = [];
    const words = 'replay --from 3 --to 2026-01-31';
    const { stdout } = await run(words, { connection: replaying((query) => asked.push(query)) });
    expect(asked).toEqual([{ from: { revision: 3n }, to: { time: new Date('2026-01-31') }, userIds: undefined }]);
    expect(stdout).toContain(`     3  2026-01-01T00:00:00.000Z  JobTitleChanged           ${objectId(1)}\n`);
    expect(stdout).toContain(`        + UpdateProfile ${objectId(1)}: set jobTitle = Writer\n`);
    expect(stdout).toContain(`        - UpdateProfile ${objectId(1)}: set jobTitle = X\n`);
  });

  test('finds people by who they were at the end of the part', async () => {
    const asked: (ReplayQuery | undefined)[] = [];
    const connection = {
      ...replaying((query) => asked.push(query)),
      stateAt: () => yielded([makeConnectionAt(), makePersonAt(1), makePersonAt(2)]),
    };
    expect((await run('replay --to 7 --user person2@CONTOSO.example', { connection })).code).toBe(0);
    expect(asked[0]?.userIds).toEqual([objectId(2)]);
    const nobody = await run('replay --to 7 --user gone@contoso.example', { connection });
    expect(nobody).toMatchObject({ code: 2, stdout: '' });
    expect(nobody.stderr).not.toContain('gone@');
  });

  test('ends with exit code 1 and the revision at which the chain is broken', async () => {
    async function* replay() {
      yield await Promise.resolve(makeReplayed(0));
      throw new DirectorySyncError('log-unavailable', 'The chain is broken at revision 1.');
    }
    const result = await run('replay --json', { connection: { replay } });
    expect(result).toMatchObject({ code: 1, stderr: 'The chain is broken at revision 1.\n' });
    expect(result.connection.closed()).toBe(1);
  });

  test('of a moment that the log does not hold is exit code 2 and one sentence', async () => {
    const replay = () => {
      throw new DirectorySyncError('wrong-moment', 'There is no revision 900: the log ends at 12.');
    };
    const result = await run('replay --to 900', { connection: { replay } });
    expect(result).toMatchObject({ code: 2, stdout: '', stderr: 'There is no revision 900: the log ends at 12.\n' });
  });

  test('of an empty log says so', async () => {
    const replay = () => yielded([makeReplaySummary({ events: 0, head: null, people: 0 })]);
    const result = await run('replay', { connection: { replay } });
    expect(result).toMatchObject({ code: 0, stdout: 'The log is empty: run "directory-sync sync".\n' });
  });

  test.each([
    ['replay --from yesterday', '--from must be a revision, or a time'],
    ['replay --history --from 3', 'leave out --from'],
    ['replay --with-preferences p.json --to 3', 'leave out --to'],
    ['replay --with-preferences p.json --history', 'leave out --with-preferences'],
    ['state', "'--at <moment>'"],
    ['diff --from 1', "'--to <moment>'"],
  ])('%s is refused', async (words, sentence) => {
    const { code, stderr } = await run(words);
    expect(code).toBe(2);
    expect(stderr).toContain(sentence);
  });

  test('opens everything for reading only', async () => {
    for (const words of ['replay', 'replay --history', 'state --at 3', 'diff --from 1 --to 2'])
      expect((await run(words)).opened).toEqual([expect.objectContaining({ readOnly: true })]);
  });
});

describe('replay --history', () => {
  const totals = {
    cycles: { started: 2, completed: 2, aborted: 0 },
    events: { UserJoinedGroup: 3, CommandsDispatched: 1 },
    erased: 0,
    commands: {
      CreateUser: {
        ...{ dispatched: 3, succeeded: 2, rejected: 1, deferred: 0, parked: 0 },
        ...{ held: 0, approved: 0, refused: 0, dissolved: 0 },
      },
    },
    people: { joined: 3, left: 0, rejoined: 0 },
  };
  const place = { revision: '3', recordedAt: '2026-01-01T00:00:00.000Z', hash: 'h' };
  const standing = {
    ...{ inScope: 3, linked: 2, waiting: 1, held: { deactivations: 0, creations: 0 } },
    ...{ parked: 0, deferred: 0, rejected: 1, conflicts: 0, unanswered: 0, open: { CreateUser: 1 } },
  };
  const steps: ReadonlyArray<HistoryStep> = [
    { _tag: 'Day', day: '2026-01-01', ...totals },
    { _tag: 'Total', from: place, to: place, days: 1, ...totals, standing, stateDigest: 'd1' },
  ];

  test('tells days, commands by kind, and what is left standing', async () => {
    const { stdout } = await run('replay --history --to 3', { connection: { history: () => yielded(steps) } });
    expect(stdout).toMatch(/2026-01-01 +4 +3 +0 +0 +3 +2 +1 +0\n/);
    expect(stdout).toMatch(/CreateUser +3 +2 +1 +0/);
    expect(stdout).toContain('At the end: 3 people in the group, 2 with an account, 1 without one yet.');
    expect(stdout).toContain('Left standing: 1 person with a refused command.');
    expect(stdout).toContain('Still asked for: 1 account to create.');
  });

  test('prints a line a day and the total as NDJSON', async () => {
    const { stdout } = await run('replay --history --json', { connection: { history: () => yielded(steps) } });
    const [day, total] = steps;
    expect(lines(stdout)).toEqual([day && without(day), { total: total && without(total) }]);
  });
});

describe('replay --with-preferences', () => {
  const command = makeCommand(1, { summary: 'set location = Bonn' });
  const steps: ReadonlyArray<WhatIfStep> = [
    { _tag: 'Command', ...command, displayName: 'Ann', held: null, anyway: false },
    { _tag: 'Command', ...makeCommand(2, { kind: 'DeactivateUser' }), displayName: 'Bo', held: 'count', anyway: true },
    { _tag: 'NoLonger', ...makeCommand(3, { kind: 'SetOverrideManager' }), displayName: 'Cy' },
    {
      _tag: 'Summary',
      head: { revision: '7', hash: 'h' },
      commands: { UpdateProfile: { sent: 1, held: 0 }, DeactivateUser: { sent: 0, held: 1 } },
      people: 2,
      noLonger: { SetOverrideManager: 1 },
      notYetRead: ['city'],
    },
  ];
  const whatIf = () => yielded(steps);
  const folderWith = (text: string): string => {
    const folder = writeConfiguration(soundConfiguration);
    writeFileSync(join(folder, 'p.json'), text);
    return folder;
  };

  test('tells what would be sent, held and no longer sent', async () => {
    const folder = folderWith('{"syncPhotos":false}');
    const { stdout, opened } = await run('replay --with-preferences p.json', { connection: { whatIf }, folder });
    expect(stdout).toContain('These preferences would send, for 2 people: 1 profile to update.');
    expect(stdout).toContain('Waiting for approval: 1 account to deactivate.');
    expect(stdout).toContain('No longer sent: 1 manager to set.');
    expect(stdout).toContain('Not known yet, and left alone here: city.');
    expect(opened).toEqual([expect.objectContaining({ readOnly: true })]);
  });

  test('prints every command by person, and the counts, as NDJSON', async () => {
    const folder = folderWith('{}');
    const { stdout } = await run('replay --with-preferences p.json --json', { connection: { whatIf }, folder });
    const [first, , third, last] = lines(stdout);
    expect(first).toEqual({ ...command, displayName: 'Ann', held: null, anyway: false });
    expect(third).toMatchObject({ kind: 'SetOverrideManager', noLonger: true });
    expect(last).toMatchObject({ summary: { people: 2, noLonger: { SetOverrideManager: 1 } } });
  });

  test.each([
    ['{"bad":1}', 'The file of preferences p.json has one mistake:\n  preferences.bad: unknown key'],
    ['{"bad"', 'The file of preferences p.json is not valid JSON at line 1, column 7: expected ":".'],
    ['{"invitations":"hire-date"}', 'preferences.invitations: "hire-date" is for Learn Amp itself'],
  ])('of a file that holds %s is exit code 2, and says where', async (text, sentence) => {
    const { code, stdout, stderr } = await run('replay --with-preferences p.json', { folder: folderWith(text) });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(sentence);
  });

  test('of a file that is not there is exit code 2', async () => {
    const { code, stderr } = await run('replay --with-preferences nowhere.json');
    expect([code, stderr]).toEqual([2, 'The file of preferences nowhere.json is not there, or cannot be read.\n']);
  });
});
