import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { DataKey, KeyLookup, KeyStore, OwnedKey } from '../key-store.js';
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

const ownedBy = async (keys: KeyStore, owner: string): Promise<ReadonlyArray<OwnedKey>> =>
  (await succeed(keys.ofOwners([owner]))).get(owner) ?? assert.fail('no answer for an owner');

const states = async (keys: KeyStore, owner: string): Promise<ReadonlyArray<readonly [string, string]>> =>
  (await ownedBy(keys, owner)).map(({ keyId, state }) => [keyId, state] as const);

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
  {
    title: 'destroying named keys leaves the others of their owner, and takes none of anybody else',
    run: async ({ keys }) => {
      const [first, bob] = [await keyOf(keys, 'ada'), await keyOf(keys, 'bob')];
      await succeed(keys.rotate(['ada']));
      const second = await keyOf(keys, 'ada');
      await succeed(keys.destroy('ada', [first.keyId, bob.keyId, randomUUID()]));
      assert.deepEqual(await lookUp(keys, first.keyId), { _tag: 'Destroyed' });
      assert.deepEqual(await keyOf(keys, 'ada'), second);
      assert.deepEqual(await lookUp(keys, bob.keyId), { _tag: 'Key', key: bob });
      await succeed(keys.destroy('ada', []));
      assert.deepEqual(await keyOf(keys, 'ada'), second);
      await succeed(keys.destroy('ada', [second.keyId]));
      assert.notEqual((await keyOf(keys, 'ada')).keyId, second.keyId);
    },
  },
  {
    title: 'looking for the keys of an owner makes none',
    run: async ({ keys }) => {
      const bob = await keyOf(keys, 'bob');
      const found = await succeed(keys.ofOwners(['ada', 'bob', 'ada']));
      assert.deepEqual([...found.keys()].toSorted(), ['ada', 'bob']);
      assert.deepEqual(found.get('ada'), []);
      assert.deepEqual(found.get('bob'), [{ keyId: bob.keyId, state: 'present', lookup: { _tag: 'Key', key: bob } }]);
      assert.deepEqual(await ownedBy(keys, 'ada'), []);
      assert.equal((await succeed(keys.ofOwners([]))).size, 0);
    },
  },
  {
    title: 'a rotated key still opens what it sealed, and the next one is another; nobody else is touched',
    run: async ({ keys }) => {
      const [first, bob] = [await keyOf(keys, 'ada'), await keyOf(keys, 'bob')];
      assert.deepEqual(await succeed(keys.rotate(['ada', 'ada', 'nobody'])), { retired: 1 });
      assert.deepEqual(await states(keys, 'ada'), [[first.keyId, 'retired']]);
      assert.deepEqual(await lookUp(keys, first.keyId), { _tag: 'Key', key: first });
      const second = await keyOf(keys, 'ada');
      assert.notEqual(second.keyId, first.keyId);
      assert.notDeepEqual(second.key, first.key);
      assert.deepEqual(await states(keys, 'ada'), [
        [second.keyId, 'present'],
        [first.keyId, 'retired'],
      ]);
      assert.deepEqual(await keyOf(keys, 'bob'), bob);
      assert.deepEqual(await succeed(keys.rotate([])), { retired: 0 });
      assert.deepEqual(await keyOf(keys, 'ada'), second);
    },
  },
  {
    title: 'rotating without names rotates everybody, once',
    run: async ({ keys }) => {
      const before = await succeed(keys.current(['ada', 'bob', 'connection:a']));
      assert.deepEqual(await succeed(keys.rotate()), { retired: 3 });
      assert.deepEqual(await succeed(keys.rotate()), { retired: 0 });
      const after = await succeed(keys.current([...before.keys()]));
      for (const [owner, key] of before) assert.notEqual(after.get(owner)?.keyId, key.keyId);
    },
  },
  {
    title: 'destroying takes the retired keys too, and the tombstones stay with their owner',
    run: async ({ keys }) => {
      const first = await keyOf(keys, 'ada');
      await succeed(keys.rotate(['ada']));
      const second = await keyOf(keys, 'ada');
      await succeed(keys.rotate(['ada']));
      await succeed(keys.destroy('ada'));
      for (const { keyId } of [first, second]) assert.deepEqual(await lookUp(keys, keyId), { _tag: 'Destroyed' });
      const third = await keyOf(keys, 'ada');
      const owned = await ownedBy(keys, 'ada');
      assert.deepEqual(owned[0], { keyId: third.keyId, state: 'present', lookup: { _tag: 'Key', key: third } });
      const rest = owned.slice(1).map(({ keyId, state, lookup }) => [keyId, state, lookup._tag] as const);
      const expected = [first, second].map(({ keyId }) => [keyId, 'destroyed', 'Destroyed'] as const);
      assert.deepEqual(new Set(rest.map(String)), new Set(expected.map(String)));
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
    await succeed(again.rotate(['ada']));
    const once = await reopen();
    assert.deepEqual(await states(once, 'ada'), [[ada.keyId, 'retired']]);
    assert.notEqual((await keyOf(once, 'ada')).keyId, ada.keyId);
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
