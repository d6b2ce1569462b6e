// #region check
import { createPublicKey, verify } from 'node:crypto';

type SignedHead = Readonly<Record<'stream' | 'revision' | 'hash' | 'at' | 'keyId' | 'publicKey' | 'signature', string>>;

/** Whether a head was signed with the key whose public half was handed over before. */
export const isSignedBy = (publicKey: string, head: SignedHead): boolean => {
  const { at, hash, keyId, revision, stream } = head;
  // Canonical JSON (RFC 8785): the keys in order, nothing between them.
  const signed = JSON.stringify({ at, hash, keyId, revision, stream });
  return verify(null, Buffer.from(signed), createPublicKey(publicKey), Buffer.from(head.signature, 'base64'));
};
// #endregion check
