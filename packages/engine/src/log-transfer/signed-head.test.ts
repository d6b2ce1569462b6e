import { makeMemoryKeyStore, type DataKey } from '@learnamp/directory-sync-event-sourcing';
import * as E from 'fp-ts/lib/Either.js';
import { expect, it } from 'vitest';
import { isSignedBy } from '../../../../test/examples/check-head.js';
import { readOwnerKeys } from '../verify/owner-keys.js';
import { headMistake, signHead } from './signed-head.js';

const owner = 'connection:contoso';
const head = { revision: 41n, hash: 'a'.repeat(64) };
const at = new Date('2026-03-02T08:00:00.000Z');

const keyOf = async (keys = makeMemoryKeyStore()): Promise<DataKey> => {
  const found = await keys.current([owner])();
  const key = E.isRight(found) ? found.right.get(owner) : undefined;
  if (key === undefined) throw new Error('There is no key.');
  return key;
};

it('a head is signed, and checked with the public key alone', async () => {
  const signed = signHead(await keyOf(), 'directorySync-contoso', head, at);
  expect(signed).toMatchObject({ revision: '41', hash: head.hash, at: at.toISOString() });
  expect(isSignedBy(signed.publicKey, signed)).toBe(true);
  for (const field of ['stream', 'revision', 'hash', 'at', 'keyId'] as const)
    expect(isSignedBy(signed.publicKey, { ...signed, [field]: `${signed[field]}0` })).toBe(false);
});

it('the same key signs with the same key pair, another with another', async () => {
  const key = await keyOf();
  const [one, later] = [signHead(key, 's', head, at), signHead(key, 's', head, new Date(0))];
  expect(later.publicKey).toBe(one.publicKey);
  expect(signHead(await keyOf(), 's', head, at).publicKey).not.toBe(one.publicKey);
});

it('holds after the key was rotated, and after it was destroyed nobody can tell', async () => {
  const keys = makeMemoryKeyStore();
  const signed = signHead(await keyOf(keys), 's', head, at);
  await keys.rotate()();
  const next = await keyOf(keys);
  expect(next.keyId).not.toBe(signed.keyId);
  expect(headMistake(signed, (await readOwnerKeys(keys, [owner]))(owner))).toBeUndefined();
  await keys.destroy(owner)();
  expect(headMistake(signed, (await readOwnerKeys(keys, [owner]))(owner))).toMatch(/does not have/);
});

it('a key pair of somebody else is not believed, whatever its signature says', async () => {
  const [ours, theirs] = [await keyOf(), await keyOf()];
  const forged = { ...signHead({ ...theirs, keyId: ours.keyId }, 's', head, at) };
  expect(isSignedBy(forged.publicKey, forged)).toBe(true);
  expect(headMistake(forged, [ours])).toMatch(/public key is not that of this connection/);
});
