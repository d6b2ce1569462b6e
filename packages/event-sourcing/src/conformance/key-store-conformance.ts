import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { DataKey, KeyLookup, KeyStore } from '../key-store.js';
import { registerCases, succeed } from './suite.js';
import type { Case, Runner } from './suite.js';

export type KeyStoreUnderTest = {
  readonly keys: KeyStore;
  /** Closes the store and opens it again, for stores that outlive the process. */
  readonly reopen?: (() => Promise<KeyStore>) | undefined;
  readonly close: () => Promise<void>;
};

type KeyCase = Case<KeyStoreUnderTest>;

const keyOf = async (keys: KeyStore, owner: string): Promise<DataKey> => {
  const key = (await succeed(keys.current([owner]))).get(owner);
  return key ?? assert.fail(`no key for ${owner}`);
};

const lookUp = async (keys: KeyStore, keyId: string): Promise<KeyLookup> =>
  (await succeed(keys.byId([keyId]))).get(keyId) ?? assert.fail('no answer for a key id');

const cases: ReadonlyArray<KeyCase> = [
  {
    title: 'an owner gets a key of 32 bytes, and the same one again',
    run: async ({ keys }) => {
      const first = await keyOf(keys, 'ada');
      assert.equal(first.key.length, 32);
      assert.deepEqual(await keyOf(keys, 'ada'), first);
      assert.deepEqual(await lookUp(keys, first.keyId), { _tag: 'Key', key: first });
    },
  },
  {
    title: 'every owner has a key of his own',
    run: async ({ keys }) => {
      const owners = [
        'connection:a',
        'Ada',
        'ada',
        '李 \u{1F511}',
        '',
        ...Array.from({ length: 500 }, () => randomUUID()),
      ];
      const made = await succeed(keys.current([...owners, ...owners]));
      assert.deepEqual(new Set(made.keys()), new Set(owners));
      assert.equal(new Set([...made.values()].map(({ keyId }) => keyId)).size, owners.length);
      assert.equal(new Set([...made.values()].map(({ key }) => Buffer.from(key).toString('hex'))).size, owners.length);
      assert.deepEqual(await succeed(keys.current(owners)), made);
    },
  },
  {
    title: 'one key comes of asking side by side',
    run: async ({ keys }) => {
      const asked = await Promise.all(Array.from({ length: 20 }, () => keyOf(keys, 'ada')));
      assert.equal(new Set(asked.map(({ keyId }) => keyId)).size, 1);
    },
  },
  {
    title: 'nobody asked for is nobody answered for',
    run: async ({ keys }) => {
      assert.equal((await succeed(keys.current([]))).size, 0);
      assert.equal((await succeed(keys.byId([]))).size, 0);
    },
  },
  {
    title: 'a key that was never here is missing, which is not destroyed',
    run: async ({ keys }) => {
      assert.deepEqual(await lookUp(keys, randomUUID()), { _tag: 'Missing' });
    },
  },
  {
    title: 'destroying leaves a tombstone, takes nobody else with it, and a later key has another id',
    run: async ({ keys }) => {
      const [ada, bob] = [await keyOf(keys, 'ada'), await keyOf(keys, 'bob')];
      await succeed(keys.destroy('ada'));
      assert.deepEqual(await lookUp(keys, ada.keyId), { _tag: 'Destroyed' });
      assert.deepEqual(await lookUp(keys, bob.keyId), { _tag: 'Key', key: bob });
      const later = await keyOf(keys, 'ada');
      assert.notEqual(later.keyId, ada.keyId);
      assert.notDeepEqual(later.key, ada.key);
      assert.deepEqual(await lookUp(keys, ada.keyId), { _tag: 'Destroyed' });
      await succeed(keys.destroy('ada'));
      assert.deepEqual(await lookUp(keys, later.keyId), { _tag: 'Destroyed' });
    },
  },
  {
    title: 'destroying twice, or an owner without a key, does no harm',
    run: async ({ keys }) => {
      const ada = await keyOf(keys, 'ada');
      await succeed(keys.destroy('ada'));
      await succeed(keys.destroy('ada'));
      await succeed(keys.destroy('nobody'));
      assert.deepEqual(await lookUp(keys, ada.keyId), { _tag: 'Destroyed' });
    },
  },
];

const reopenCase: KeyCase = {
  title: 'a store opened again has its id, its keys and its tombstones',
  run: async ({ keys, reopen }) => {
    assert.ok(reopen);
    const [ada, bob] = [await keyOf(keys, 'ada'), await keyOf(keys, 'bob')];
    await succeed(keys.destroy('bob'));
    const again = await reopen();
    assert.equal(again.id, keys.id);
    assert.deepEqual(await keyOf(again, 'ada'), ada);
    assert.deepEqual(await lookUp(again, bob.keyId), { _tag: 'Destroyed' });
    assert.notEqual((await keyOf(again, 'bob')).keyId, bob.keyId);
  },
};

/** Holds a key store to the port's promises. */
export const keyStoreConformance = (
  options: Runner & {
    readonly name: string;
    /** True when `open` gives a `reopen`. */
    readonly durable: boolean;
    readonly open: () => Promise<KeyStoreUnderTest>;
  },
): void => {
  const { name, durable, open } = options;
  registerCases(options, `key store conformance: ${name}`, { open, cases: durable ? [...cases, reopenCase] : cases });
};
