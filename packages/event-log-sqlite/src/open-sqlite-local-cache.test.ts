import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqliteLocalCache } from './open-sqlite-local-cache.js';
import { availableDrivers } from './testing/drivers.js';
import { scratchFolder } from './testing/scratch-folder.js';

let folder: Awaited<ReturnType<typeof scratchFolder>>;
beforeEach(async () => {
  folder = await scratchFolder();
});
afterEach(() => folder.remove());

describe.each(await availableDrivers())('the local cache through %s', (driver) => {
  const open = () => openSqliteLocalCache({ path: folder.path('local.db'), driver });

  it('gives back what was put, also after it was opened again', async () => {
    const cache = await open();
    expect(await cache.get('link')).toBeUndefined();
    await cache.put('link', 'one');
    await cache.put('link', 'two ü \u{1F511}');
    await cache.put('', '');
    await cache.close();
    const again = await open();
    expect([await again.get('link'), await again.get('')]).toEqual(['two ü \u{1F511}', '']);
    await again.close();
  });

  it('what is taken is gone, and one alone of two connections is given it', async () => {
    const [one, other] = [await open(), await open()];
    await one.put('state', 'secret');
    expect(await other.take('state')).toBe('secret');
    expect([await one.take('state'), await one.get('state')]).toEqual([undefined, undefined]);
    await one.close();
    await other.close();
    const again = await open();
    expect(await again.get('state')).toBeUndefined();
    await again.close();
  });

  it('begins again when the file is no database, and puts the file aside', async () => {
    writeFileSync(folder.path('local.db'), 'what is this? '.repeat(500));
    const cache = await open();
    await cache.put('link', 'one');
    expect(await cache.get('link')).toBe('one');
    expect(readFileSync(folder.path('local.db.damaged'), 'utf8')).toBe('what is this? '.repeat(500));
    await cache.close();
  });

  it('begins again when damage shows while it is in use', async () => {
    const first = await open();
    for (let n = 0; n < 200; n += 1) await first.put(`key-${n}`, 'x'.repeat(500));
    await first.close();
    const bytes = readFileSync(folder.path('local.db'));
    writeFileSync(folder.path('local.db'), bytes.fill(0xff, 8_192));
    const cache = await open();
    expect(await cache.get('key-150')).toBeUndefined();
    await cache.put('key-150', 'new');
    expect(await cache.get('key-150')).toBe('new');
    expect(existsSync(folder.path('local.db.damaged'))).toBe(true);
    await cache.close();
  });

  it('never rejects: after it was closed, values are absent', async () => {
    const cache = await open();
    await cache.close();
    await cache.put('key', 'value');
    expect(await cache.get('key')).toBeUndefined();
    await cache.close();
  });
});
