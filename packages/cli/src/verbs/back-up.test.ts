import { mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openSqliteStores } from '@learnamp/directory-sync/sqlite';
import { expect, test } from 'vitest';
import { objectId } from '../testing/fake-connection.js';
import { json, runWords } from '../testing/run-words.js';
import { soundConfiguration, writeConfiguration } from '../testing/test-configuration.js';

/** The files of the configuration, with one record in the log. */
const openFolder = async (): Promise<string> => {
  const folder = writeConfiguration(soundConfiguration);
  const logPath = join(folder, 'contoso.db');
  const stores = await openSqliteStores({ logPath, keysPath: `${logPath}.keys`, localPath: `${logPath}.local` });
  const metadata = { subjects: [objectId(7)], correlationId: 'c', causationId: 'c' };
  const record = {
    id: '1',
    type: 'PersonErased',
    schemaVersion: 1,
    recordedAt: '2026-01-01T00:00:00.000Z',
    data: {},
    metadata,
  };
  await stores.log.append('directorySync-contoso', 'no-stream', [record])();
  await stores.keys.current(['connection:contoso', objectId(9)])();
  for (const store of Object.values(stores)) await store.close();
  return folder;
};

const loseDisk = (folder: string): void => {
  mkdirSync(join(folder, 'lost'));
  for (const name of ['contoso.db', 'contoso.db.keys', 'contoso.db.local'])
    renameSync(join(folder, name), join(folder, 'lost', name));
};

test('backup and restore bring the files back, and open no connection', async () => {
  const folder = await openFolder();
  const made = await runWords(['backup', 'copy', '--json'], { folder });
  expect(made).toMatchObject({ code: 0, stderr: '', opened: [] });
  expect(json(made.stdout)).toMatchObject({
    streams: [{ name: 'directorySync-contoso', revision: '0' }],
    erasures: [objectId(7)],
  });
  for (const name of ['log.db', 'log.db.keys', 'manifest.json'])
    expect((statSync(join(folder, 'copy', name)).mode & 0o777).toString(8)).toBe('600');
  const again = await runWords(['backup', 'copy'], { folder });
  expect(again).toMatchObject({ code: 2, stdout: '' });
  expect(again.stderr).toMatch(/copy exists already: name a new folder for the backup\.\n$/);

  const refused = await runWords(['restore', 'copy'], { folder });
  expect(refused).toMatchObject({ code: 2, stdout: '' });
  expect(refused.stderr).toMatch(/contoso\.db exists: move log, key store and local database aside first/);
  loseDisk(folder);
  writeFileSync(join(folder, 'erased.txt'), `${objectId(8)}\n${objectId(9).toUpperCase()}\n`);
  const restored = await runWords(['restore', 'copy', '--erasures', 'erased.txt'], { folder });
  expect(restored).toMatchObject({ code: 0, stderr: '', opened: [] });
  expect(restored.stdout).toContain('Keys of 1 person erased since then were destroyed.');
});

test('restore without a list says what that means, and refuses a list that is none', async () => {
  const folder = await openFolder();
  await runWords(['backup', 'copy'], { folder });
  loseDisk(folder);
  writeFileSync(join(folder, 'names.txt'), 'Ann Lee\n');
  const refused = await runWords(['restore', 'copy', '--erasures', 'names.txt'], { folder });
  expect(refused).toMatchObject({ code: 2, stdout: '' });
  expect(refused.stderr).not.toContain('Ann');
  const restored = await runWords(['restore', 'copy'], { folder });
  expect(restored.code).toBe(0);
  expect(restored.stdout).toContain('Whoever was erased since then is readable again');
});

test('a log in memory is nothing to back up', async () => {
  const configuration = { ...soundConfiguration, eventLog: { kind: 'memory' } };
  expect(await runWords(['backup', 'copy'], { configuration })).toMatchObject({ code: 2, stdout: '' });
});
