import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DirectorySyncError, type Why, type WhyOptions } from '@learnamp/directory-sync';
import { describe, expect, test } from 'vitest';
import { makeExport, makePerson, makeWhy, objectId, yielded } from '../testing/fake-connection.js';
import { toldCommand, toldEvent } from '../testing/told-change.js';
import { json, lines, run, runWords } from '../testing/run-words.js';

const id = objectId(1);
const people = () => yielded([makePerson(1)]);

const full: Partial<Why> = {
  conclusion: 'Active in Learn Amp as 101; the override manager waits until the manager is there.',
  events: [toldEvent()],
  commands: [toldCommand({ after: { jobTitle: null } })],
  waits: [{ kind: 'deferred', says: 'the override manager waits', until: 'until the manager is there' }],
  answers: [{ topic: 'photo', says: 'syncPhotos is off: photos are left alone' }],
};

describe('why', () => {
  test('begins with the answer, and shows what it rests on, whatever stands in the data', async () => {
    const { code, stdout } = await run(`why ${id}`, {
      connection: { why: (who) => Promise.resolve(makeWhy(who, full)) },
    });
    expect(code).toBe(0);
    expect(stdout.split('\n')[0]).toBe(full.conclusion);
    expect(stdout).toContain(`In scope  yes, through All staff\nGroups    ${objectId(900)}\n`);
    expect(stdout).toContain('Account   101 (confirmed, primary team Sales)');
    expect(stdout).toContain('  deferred: the override manager waits until the manager is there.');
    expect(stdout).toContain('photo          syncPhotos is off: photos are left alone');
    expect(stdout).toMatch(/ 3 {2}2026-.*graph .*Writer\\u\{1b\}\[2J -> Editor \(request-id request-7\)/);
    expect(stdout).toMatch(/ 4 {2}2026-.*UpdateProfile: succeeded/);
    expect(stdout).toContain('because job title: Writer -> Editor (revision 3)');
    expect(stdout).toContain('before  jobTitle = Writer');
    expect(stdout).toContain('after   jobTitle = empty');
    expect(stdout).toContain('receipt done (revision 5)');
  });

  test('says what was looked at for somebody who never appeared, exit code 0', async () => {
    const looked: Why['looked'] = {
      scopeGroupId: objectId(900),
      cursors: [{ cursor: 'users', readToEndAt: null, unfinished: true }],
      inScope: 3,
      lastSyncAt: null,
      reasons: [{ reason: 'not-a-member', applies: 'possible', says: 'they are not a member of the group' }],
    };
    const scope = { inScope: false, groupPath: [], groupNames: [], nesting: [] };
    const why = (who: Why['userId']) => Promise.resolve(makeWhy(who, { looked, scope }));
    const { code, stdout } = await run(`why ${objectId(5)}`, { connection: { why } });
    expect(code).toBe(0);
    expect(stdout).toContain('users: never read to its end, a read is under way');
    expect(stdout).toContain('not-a-member (possible): they are not a member of the group');
    expect(stdout).not.toContain('\nNext\n');
  });

  test('asks as told, under the name of who started it or the one that is given, and makes no file', async () => {
    const asked: (WhyOptions | undefined)[] = [];
    const why = (who: Why['userId'], options?: WhyOptions) => (asked.push(options), Promise.resolve(makeWhy(who)));
    const result = await run('why 101', { connection: { people, why } });
    await runWords(['why', 'person1@contoso.example', '--live', '--by', 'Sam Support'], {
      connection: { people, why },
    });
    expect(asked).toMatchObject([
      { live: false, by: { actor: 'tester (command line)' } },
      { live: true, by: { actor: 'Sam Support' }, signal: expect.any(AbortSignal) as unknown },
    ]);
    expect(result.opened).toEqual([{ readOnly: true, logger: undefined }]);
    expect(existsSync(join(result.folder, 'contoso.db'))).toBe(false);
  });

  test('shows what was asked now, and prints everything as one document with --json', async () => {
    const live: Why['live'] = {
      askedAt: '2026-01-01T00:00:00.000Z',
      steps: [{ step: 'user', outcome: 'refused', says: 'the account cannot be read: 403 x', requestId: 'r-1' }],
      comparison: 'Nothing can be compared.',
    };
    const connection = { why: (who: Why['userId']) => Promise.resolve(makeWhy(who, { live })) };
    const { stdout } = await run(`why ${id} --live`, { connection });
    expect(stdout).toMatch(
      /user +refused: the account cannot be read: 403 x \(request-id r-1\)\n {2}Nothing can be compared\./,
    );
    expect(json((await run(`why ${id} --live --json`, { connection })).stdout)).toEqual(makeWhy(id, { live }));
  });

  test('an address that nobody is known by is exit 2 with a hint, and no address on stderr', async () => {
    const result = await run('why ann.lee@contoso.example', { connection: { people } });
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toMatch(
      /^Nobody has the address given now; .* With --live Microsoft Graph is asked for it\.\n$/,
    );
    expect(result.stderr).not.toContain('@');
  });

  test('what cannot be recorded is not shown: one sentence, exit code 1', async () => {
    const refused = () => Promise.reject(new DirectorySyncError('log-unavailable', 'Nothing was shown: it is full.'));
    for (const words of [`why ${id}`, `export ${id}`]) {
      const result = await run(words, { connection: { why: refused, exportPerson: refused } });
      expect(result).toMatchObject({ code: 1, stdout: '', stderr: 'Nothing was shown: it is full.\n' });
    }
  });
});

describe('export', () => {
  test('prints the document, indented or on one line', async () => {
    const plain = await run(`export ${id}`);
    expect(JSON.parse(plain.stdout)).toEqual(makeExport(id));
    expect(plain.stdout.split('\n').length).toBeGreaterThan(10);
    expect(json((await run(`export ${id} --json`)).stdout)).toEqual(makeExport(id));
  });

  test('--out writes a new file that only its owner can read, and says so without the data', async () => {
    const result = await run(`export ${id} --out ann.json`);
    expect(result).toMatchObject({ code: 0, stdout: `Written: 0 events about ${id}, and 0 looks at their data.\n` });
    const path = join(result.folder, 'ann.json');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(makeExport(id));
  });

  test('--out never replaces a file, and names no address', async () => {
    const first = await run(`export ${id} --out ann.json`);
    writeFileSync(join(first.folder, 'ann.json'), 'mine');
    const again = await run(`export ${id} --out ann.json`, { folder: first.folder });
    expect(again).toMatchObject({ code: 2, stderr: 'The file ann.json exists already; name a new one with --out.\n' });
    expect(readFileSync(join(first.folder, 'ann.json'), 'utf8')).toBe('mine');
    const nowhere = await run(`export ${id} --out nowhere/ann@contoso.example.json`);
    expect(nowhere.code).toBe(2);
    expect(nowhere.stderr).toMatch(/^The file \[address\] cannot be written \(ENOENT\)/);
  });
});

describe('accesses', () => {
  const one = {
    revision: '0',
    recordedAt: '2026-01-01T00:00:00.000Z',
    view: 'why' as const,
    userIds: [id],
    count: 1,
    actor: 'Sam\u001b[2J',
  };
  const everybody = { ...one, revision: '1', view: 'people' as const, userIds: [], count: 1_200 };

  test('prints a line a look, or a document a line, and passes the query on', async () => {
    const asked: unknown[] = [];
    const accesses = (query: unknown) => (asked.push(query), yielded([one, everybody]));
    const { stdout } = await run(`accesses --user ${id} --from 2026-01-01`, { connection: { accesses } });
    expect(stdout).toMatch(new RegExp(`why +Sam\\\\u\\{1b\\}\\[2J +${id}\\n`));
    expect(stdout).toMatch(/people +Sam.* everybody \(1,200 people\)\n2 looks\.\n$/);
    expect(asked).toEqual([{ userIds: [id], from: new Date('2026-01-01T00:00:00.000Z') }]);
    expect(lines((await run('accesses --json', { connection: { accesses } })).stdout)).toEqual([one, everybody]);
  });

  test('a revision is no time', async () => {
    const result = await run('accesses --from 7');
    expect(result).toMatchObject({ code: 2 });
    expect(result.stderr).toContain('--from must be a time');
  });
});

test('people are shown under a name, and only those who were asked for are asked of the engine', async () => {
  const asked: unknown[] = [];
  const listed = (query: unknown) => (asked.push(query), yielded([makePerson(1)]));
  await run(`people --user ${id}`, { connection: { people: listed } });
  await runWords(['people', '--by', 'Sam Support'], { connection: { people: listed } });
  expect(asked).toEqual([
    { userIds: [id], by: { actor: 'tester (command line)' } },
    { userIds: undefined, by: { actor: 'Sam Support' } },
  ]);
});
