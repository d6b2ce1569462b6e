import { DirectorySyncError, type ObjectId } from '@learnamp/directory-sync';
import { expect, test } from 'vitest';
import { json, run, runWords } from '../testing/run-words.js';
import { objectId } from '../testing/fake-connection.js';

const ann = objectId(1);
type By = { readonly actor: string; readonly reason: string };

const erasing = (outcome: 'erased' | 'already-erased' | 'nothing-known') => {
  const asked: (readonly [ObjectId, By])[] = [];
  const erase = async (userId: ObjectId, by: By) => {
    asked.push([userId, by]);
    return { userId, outcome };
  };
  return { asked, connection: { erase } };
};

test('erase records who and why, and names the person by id', async () => {
  const { asked, connection } = erasing('erased');
  const result = await runWords(['erase', ann, '--reason', 'article 17', '--by', 'Ann'], { connection });
  expect(asked).toEqual([[ann, { actor: 'Ann', reason: 'article 17' }]]);
  expect(result).toMatchObject({ code: 0, stderr: '', opened: [{ readOnly: false }] });
  expect(result.stdout).toBe(`${ann} is erased: nobody can read their data in this log any more.\n`);
});

test('erase a second time is no mistake', async () => {
  const { connection } = erasing('already-erased');
  const result = await run(`erase ${ann} --reason x --json`, { connection });
  expect(result.code).toBe(0);
  expect(json(result.stdout)).toEqual({ userId: ann, outcome: 'already-erased' });
});

test('erase of somebody who never was there is a mistake: it may be a slip of the pen', async () => {
  const { connection } = erasing('nothing-known');
  const result = await run(`erase ${ann} --reason x`, { connection });
  expect(result).toMatchObject({ code: 2, stdout: '' });
  expect(result.stderr).toBe(`Nobody with the object id ${ann} was ever in the group; nothing was erased.\n`);
});

test('erase that is refused says why, with exit code 2', async () => {
  const erase = () => Promise.reject(new DirectorySyncError('not-erasable', `${ann} is still in the group.`));
  const result = await run(`erase ${ann} --reason x`, { connection: { erase } });
  expect(result).toMatchObject({ code: 2, stdout: '', stderr: `${ann} is still in the group.\n` });
});

test('erase needs a reason', async () => {
  const { asked, connection } = erasing('erased');
  expect((await run(`erase ${ann}`, { connection })).code).toBe(2);
  expect(asked).toEqual([]);
});
