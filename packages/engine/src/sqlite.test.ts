import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Stores } from './memory.js';
import { openSqliteStores } from './sqlite.js';

const scratch = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'stores-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const [logPath, keysPath, localPath] = ['log.db', 'keys.db', 'local.db'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  return { folder, paths: { logPath, keysPath, localPath } };
};

const fold = { name: 'people', version: '1' };
const head = { revision: 4n, hash: 'of the fifth' };
const ada = { table: 'people', key: 'ada', value: { name: 'Ada' }, entries: {} };

const closeAll = async (stores: Stores): Promise<void> => {
  for (const store of Object.values(stores)) await store.close();
};

describe('stores in SQLite', () => {
  it('keep the rows of projections in the local database', async () => {
    const { paths } = await scratch();
    const stores = await openSqliteStores(paths);
    expect((await stores.projections.rows(fold)).commit([ada], undefined, head)).toBe('committed');
    await closeAll(stores);
    const again = await openSqliteStores(paths);
    const rows = await again.projections.rows(fold);
    expect([rows.checkpoint(), rows.get('people', 'ada')]).toEqual([head, { name: 'Ada' }]);
    await closeAll(again);
  });

  it('for a view show the projections of one moment, and take none', async () => {
    const { folder, paths } = await scratch();
    const stores = await openSqliteStores(paths);
    const rows = await stores.projections.rows(fold);
    rows.commit([ada], undefined, head);
    const view = await openSqliteStores({ ...paths, readOnly: true });
    rows.commit([{ ...ada, value: { name: 'Grace' } }], head, { ...head, revision: 5n });
    const seen = await view.projections.rows(fold);
    expect([seen.checkpoint(), seen.get('people', 'ada')]).toEqual([head, { name: 'Ada' }]);
    expect(() => seen.commit([ada], head, head)).toThrow('takes no changes');
    await closeAll(view);
    await closeAll(stores);
    expect((await readdir(folder)).toSorted()).toEqual(['keys.db', 'local.db', 'log.db']);
  });

  it('for a view of nothing make no file', async () => {
    const { folder, paths } = await scratch();
    const view = await openSqliteStores({ ...paths, readOnly: true });
    expect((await view.projections.rows(fold)).checkpoint()).toBeUndefined();
    await closeAll(view);
    expect(await readdir(folder)).toEqual([]);
  });
});
