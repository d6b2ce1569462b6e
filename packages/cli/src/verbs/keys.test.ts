import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { localMasterKey } from '@learnamp/directory-sync';
import { openSqliteKeyStore } from '@learnamp/directory-sync/sqlite';
import { expect, test } from 'vitest';
import { objectId } from '../testing/fake-connection.js';
import { json, runWords } from '../testing/run-words.js';
import { soundConfiguration, writeConfiguration } from '../testing/test-configuration.js';

const bytes = (n: number): Uint8Array => new Uint8Array(32).fill(n);
const ann = objectId(1);

const makeKeys = async (folder: string, masterKey?: ReturnType<typeof localMasterKey>) => {
  const keys = await openSqliteKeyStore({ path: join(folder, 'contoso.db.keys'), masterKey });
  const made = await keys.current([ann, objectId(2)])();
  await keys.close();
  return made._tag === 'Right' ? made.right : undefined;
};

const withMasterKey = (n: number): string => {
  const folder = writeConfiguration({ ...soundConfiguration, keys: { masterKey: { file: 'master' } } });
  writeFileSync(join(folder, 'master'), `${Buffer.from(bytes(n)).toString('base64')}\n`);
  return folder;
};

test('keys rotate gives new keys to everybody, or to those named', async () => {
  const folder = writeConfiguration(soundConfiguration);
  const first = await makeKeys(folder);
  const one = await runWords(['keys', 'rotate', '--user', ann.toUpperCase()], { folder });
  expect(one).toMatchObject({ code: 0, stderr: '', opened: [] });
  expect(one.stdout).toBe('Retired 1 key: what is recorded from now on gets new ones.\n');
  const second = await makeKeys(folder);
  expect(second?.get(ann)).not.toEqual(first?.get(ann));
  expect(second?.get(objectId(2))).toEqual(first?.get(objectId(2)));
  expect(json((await runWords(['keys', 'rotate', '--json'], { folder })).stdout)).toEqual({ retired: 2 });
  expect((await runWords(['keys', 'rotate', '--user', 'ann@contoso.example'], { folder })).code).toBe(2);
});

test('keys rewrap wraps plain keys, then changes the master key', async () => {
  const folder = withMasterKey(1);
  const made = await makeKeys(folder);
  const wrapped = await runWords(['keys', 'rewrap'], { folder });
  expect(wrapped.stdout).toBe(`Wrapped 2 keys by the master key ${localMasterKey(bytes(1)).id}.\n`);
  expect(await makeKeys(folder, localMasterKey(bytes(1)))).toEqual(made);
  writeFileSync(join(folder, 'earlier'), Buffer.from(bytes(1)).toString('base64'));
  writeFileSync(join(folder, 'master'), Buffer.from(bytes(2)).toString('base64'));
  const wrong = await runWords(['keys', 'rewrap'], { folder });
  expect(wrong).toMatchObject({ code: 1, stdout: '' });
  expect(wrong.stderr).toMatch(/are wrapped by the master key local:/);
  expect((await runWords(['keys', 'rewrap', '--from-file', 'earlier'], { folder })).code).toBe(0);
  expect(await makeKeys(folder, localMasterKey(bytes(2)))).toEqual(made);
});

test.each(['short', 'not base64 at all!', ''])('a master key that is none is a mistake: %j', async (text) => {
  const folder = withMasterKey(1);
  writeFileSync(join(folder, 'master'), text);
  const result = await runWords(['keys', 'rotate'], { folder });
  expect(result).toMatchObject({ code: 2, stdout: '' });
  expect(result.stderr).toContain('keys.masterKey');
  if (text !== '') expect(result.stderr).not.toContain(text);
});
