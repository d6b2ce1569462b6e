import { keyStoreConformance } from '@learnamp/directory-sync-event-sourcing/conformance';
import { describe, expect, it, onTestFinished } from 'vitest';
import { keyStoreFile } from './key-store-file.js';
import { openFile } from './open-file.js';
import { openSqliteKeyStore } from './open-sqlite-key-store.js';
import { availableDrivers } from './testing/drivers.js';
import { keyStoreInFolder } from './testing/key-store-in-folder.js';
import { scratchFolder } from './testing/scratch-folder.js';

for (const driver of await availableDrivers()) {
  keyStoreConformance({
    name: `SQLite through ${driver}`,
    describe,
    it,
    durable: true,
    open: () => keyStoreInFolder({ driver }),
  });
}

describe.each(await availableDrivers())('a key store of the first schema through %s', (driver) => {
  it('opens with its id, its keys and its tombstones, and can rotate', async () => {
    const folder = await scratchFolder();
    onTestFinished(folder.remove);
    const options = { path: folder.path('old.keys'), driver };
    const first = { ...keyStoreFile, migrations: keyStoreFile.migrations.slice(0, 1) };
    const old = await openFile(first, options);
    old.exec(`INSERT INTO store (id) VALUES ('the store');
      INSERT INTO keys (key_id, owner, key) VALUES ('k1', 'ada', x'${'01'.repeat(32)}'), ('k2', 'bob', NULL)`);
    old.close();
    const keys = await openSqliteKeyStore(options);
    expect(keys.id).toBe('the store');
    const ada = { keyId: 'k1', key: new Uint8Array(32).fill(1) };
    expect(await keys.current(['ada'])()).toMatchObject({ right: new Map([['ada', ada]]) });
    expect(await keys.byId(['k2'])()).toMatchObject({ right: new Map([['k2', { _tag: 'Destroyed' }]]) });
    expect(await keys.rotate()()).toMatchObject({ right: { retired: 1 } });
    const owned = await keys.ofOwners(['ada'])();
    expect(owned).toMatchObject({
      right: new Map([['ada', [{ keyId: 'k1', state: 'retired', lookup: { _tag: 'Key', key: ada } }]]]),
    });
    await keys.close();
  });
});
