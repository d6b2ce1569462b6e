import type { DataKey, Head } from '@learnamp/directory-sync-event-sourcing';
import { canonicalJson, hmacUnder } from '@learnamp/directory-sync-event-sourcing';
import * as t from 'io-ts';
import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';

/**
 * The last record of a log at a time, signed: kept elsewhere, it shows later that the log was not cut short or written anew.
 * `publicKey` (PEM) is enough to check `signature` (base64), an Ed25519 signature over the canonical JSON of the other fields.
 */
export const SignedHead = t.strict({
  stream: t.string,
  revision: t.string,
  hash: t.string,
  at: t.string,
  /** The connection's key that the signing key was derived from. */
  keyId: t.string,
  publicKey: t.string,
  signature: t.string,
});
export type SignedHead = Readonly<t.TypeOf<typeof SignedHead>>;

/** PKCS #8 of an Ed25519 key, up to its 32 bytes of seed (RFC 8410). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/** Derived, so that nothing beside the key store has to be kept: whoever has the connection's key has this one. */
const signingKey = (key: DataKey): KeyObject => {
  const seed = Buffer.from(hmacUnder(key, 'head-signature', 'ed25519/1'), 'base64url');
  return createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: 'der', type: 'pkcs8' });
};

const publicKeyOf = (key: KeyObject): string => createPublicKey(key).export({ format: 'pem', type: 'spki' }).toString();

const signedText = ({ stream, revision, hash, at, keyId }: Omit<SignedHead, 'publicKey' | 'signature'>): Buffer =>
  Buffer.from(canonicalJson({ stream, revision, hash, at, keyId }));

export const signHead = (key: DataKey, stream: string, head: Head, at: Date): SignedHead => {
  const own = signingKey(key);
  const said = {
    stream,
    revision: head.revision.toString(),
    hash: head.hash,
    at: at.toISOString(),
    keyId: key.keyId,
  };
  return { ...said, publicKey: publicKeyOf(own), signature: sign(null, signedText(said), own).toString('base64') };
};

/** What is wrong with a signature; `undefined`: nothing. The key in the file is not believed: the key store has it, too. */
export const headMistake = (head: SignedHead, keys: ReadonlyArray<DataKey>): string | undefined => {
  const key = keys.find(({ keyId }) => keyId === head.keyId);
  if (key === undefined) return 'it was signed with a key that this key store does not have.';
  const publicKey = publicKeyOf(signingKey(key));
  if (publicKey !== head.publicKey) return 'its public key is not that of this connection.';
  return verify(null, signedText(head), publicKey, Buffer.from(head.signature, 'base64'))
    ? undefined
    : 'its signature does not fit: it was changed, or not signed by this connection.';
};
