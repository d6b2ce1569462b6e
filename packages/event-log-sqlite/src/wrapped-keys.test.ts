import { existsSync, readFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { localMasterKey, type KeyStore, type MasterKey } from '@learnamp/directory-sync-event-sourcing';
import { keyStoreConformance } from '@learnamp/directory-sync-event-sourcing/conformance';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { openSqliteKeyStore } from './open-sqlite-key-store.js';
import { rewrapSqliteKeyStore } from './rewrap-sqlite-key-store.js';
import { availableDrivers } from './testing/drivers.js';
import { keyStoreInFolder } from './testing/key-store-in-folder.js';
import { scratchFolder } from './testing/scratch-folder.js';

const master = localMasterKey(new Uint8Array(32).fill(7));
const other = localMasterKey(new Uint8Array(32).fill(8));

const right = async <T>(
  ask: () => Promise<{ readonly _tag: 'Left'; readonly left: unknown } | { readonly _tag: 'Right'; readonly right: T }>,
): Promise<T> => {
  const answer = await ask();
  if (answer._tag === 'Left') throw new Error(JSON.stringify(answer.left));
  return answer.right;
};

for (const driver of await availableDrivers()) {
  keyStoreConformance({
    name: `SQLite through ${driver}, wrapped`,
    describe,
    it,
    durable: true,
    open: () => keyStoreInFolder({ driver, masterKey: master }),
  });
}

describe.each(await availableDrivers())('wrapped keys through %s', (driver) => {
  let folder: Awaited<ReturnType<typeof scratchFolder>>;
  beforeEach(async () => {
    folder = await scratchFolder();
    onTestFinished(folder.remove);
  });
  const open = async (masterKey?: MasterKey): Promise<KeyStore> => {
    const keys = await openSqliteKeyStore({ path: folder.path('keys'), driver, masterKey });
    onTestFinished(keys.close);
    return keys;
  };
  const rewrap = (from: MasterKey | undefined, to: MasterKey | undefined) =>
    rewrapSqliteKeyStore({ path: folder.path('keys'), driver, from, to });
  const holds = (key: Uint8Array): boolean =>
    ['keys', 'keys-wal', 'keys-shm']
      .map(folder.path)
      .some((path) => existsSync(path) && readFileSync(path).includes(Buffer.from(key)));
  const ada = async (keys: KeyStore) => {
    const key = (await right(keys.current(['ada']))).get('ada');
    if (key === undefined) throw new Error('no key');
    return key;
  };

  it('stand in no file as they are', async () => {
    const keys = await open(master);
    expect(holds((await ada(keys)).key)).toBe(false);
  });

  it('are refused without their master key, and with another one: never read as erased', async () => {
    await ada(await open(master));
    await expect(open()).rejects.toMatchObject({ reason: 'mismatch' });
    await expect(open()).rejects.toThrow(`are wrapped by the master key ${master.id}: give it in keys.masterKey.`);
    await expect(open(other)).rejects.toMatchObject({ reason: 'mismatch' });
  });

  it('that are not wrapped yet are refused with a master key, and wrapped in place without a trace', async () => {
    const plain = await open();
    const made = await right(plain.current(Array.from({ length: 300 }, (_, n) => `owner-${n}`)));
    await plain.close();
    await expect(open(master)).rejects.toThrow(/are not wrapped yet: run "directory-sync keys rewrap" once/);
    expect(await rewrap(undefined, master)).toEqual({ keys: 300 });
    expect([...made.values()].filter(({ key }) => holds(key))).toEqual([]);
    const keys = await open(master);
    expect(keys.id).toBe(plain.id);
    expect(await right(keys.current([...made.keys()]))).toEqual(made);
  });

  it('change their master key in one step, and the old one opens nothing any more', async () => {
    const first = await open(master);
    const key = await ada(first);
    await right(first.current(['bob']));
    await right(first.destroy('bob'));
    await first.close();
    await expect(rewrap(other, master)).rejects.toMatchObject({ reason: 'mismatch' });
    expect(await rewrap(master, other)).toEqual({ keys: 1 });
    await expect(open(master)).rejects.toMatchObject({ reason: 'mismatch' });
    const keys = await open(other);
    expect(await ada(keys)).toEqual(key);
    expect((await right(keys.ofOwners(['bob']))).get('bob')).toMatchObject([{ state: 'destroyed' }]);
    await keys.close();
    expect(await rewrap(other, undefined)).toEqual({ keys: 1 });
    expect(await ada(await open())).toEqual(key);
  });

  it('stay as they are where the master key fails half-way', async () => {
    const key = await ada(await open(master));
    const failing: MasterKey = { ...other, wrap: () => Promise.reject(new Error('the service is down')) };
    await expect(rewrap(master, failing)).rejects.toThrow('the service is down');
    expect(await ada(await open(master))).toEqual(key);
  });

  it('are made under the new master key only: a process with the old one makes none', async () => {
    const old = await open(master);
    const key = await ada(old);
    await rewrap(master, other);
    expect(await old.current(['bob'])()).toMatchObject({ _tag: 'Left', left: { _tag: 'KeyStoreUnavailable' } });
    const keys = await open(other);
    expect((await right(keys.ofOwners(['bob']))).get('bob')).toEqual([]);
    expect(await ada(keys)).toEqual(key);
  });

  it.each([
    ['wrapped for the first time', undefined, master],
    ['not wrapped any more', master, undefined],
  ] as const)(
    '%s under a process that runs are not available to it: nothing is sealed with what stands there',
    async (_, before, after) => {
      const running = await open(before);
      const { keyId } = await ada(await open(before));
      await rewrap(before, after);
      const unavailable = { _tag: 'Left', left: { _tag: 'KeyStoreUnavailable' } };
      expect(await running.current(['ada'])()).toMatchObject(unavailable);
      expect(await running.byId([keyId])()).toMatchObject(unavailable);
      expect(await running.current(['bob'])()).toMatchObject(unavailable);
    },
  );

  it('are opened once for many events, and not any more once another process destroyed them', async () => {
    let asked = 0;
    const counting: MasterKey = { ...master, unwrap: (wrapped) => ((asked += 1), master.unwrap(wrapped)) };
    const [one, two] = [await open(counting), await open(master)];
    const { keyId } = await ada(two);
    for (let n = 0; n < 5; n += 1) await right(one.byId([keyId]));
    expect(asked).toBe(1);
    await right(two.destroy('ada'));
    expect(await right(one.byId([keyId]))).toEqual(new Map([[keyId, { _tag: 'Destroyed' }]]));
  });

  it('whose bytes were changed are not available, and neither erased nor missing', async () => {
    const keys = await open(master);
    const { keyId } = await ada(keys);
    await keys.close();
    const broken: MasterKey = {
      ...master,
      unwrap: (wrapped) => master.unwrap(wrapped.map((bytes) => bytes.map((b) => b ^ 1))),
    };
    const answer = await (await open(broken)).byId([keyId])();
    expect(answer).toMatchObject({ _tag: 'Left', left: { _tag: 'KeyStoreUnavailable' } });
  });
});

it('a local master key has 32 bytes, an id that is the same for the same bytes, and never wraps alike', async () => {
  expect(() => localMasterKey(randomBytes(31))).toThrow('has 32 bytes');
  expect(localMasterKey(new Uint8Array(32).fill(7)).id).toBe(master.id);
  expect(other.id).not.toBe(master.id);
  const key = new Uint8Array(randomBytes(32));
  const [one, two] = await master.wrap([key, key]);
  expect(one).not.toEqual(two);
  expect(await master.unwrap([one ?? key, two ?? key])).toEqual([key, key]);
  await expect(other.unwrap([one ?? key])).rejects.toThrow();
});
