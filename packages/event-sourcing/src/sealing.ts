/**
 * Sealing (log-format, "Sealing"): AES-256-GCM under a key of the key store.
 *
 * - A seal is `{ "sealed": base64url(nonce ‖ ciphertext ‖ tag) }`: 12 bytes, as many as the plaintext, 16 bytes.
 * - The plaintext is the UTF-8 of the canonical JSON of what is sealed.
 * - Associated data: the canonical JSON of `[stream, id, type, schemaVersion]`, so a seal opens in its own place only.
 * - The nonce is the first 12 bytes of HMAC-SHA-256 under the nonce subkey over netstring(id) ‖ plaintext: a retry writes
 *   the same bytes, and no nonce meets two plaintexts.
 * - Subkeys are HKDF-SHA-256 of the data key, empty salt, 32 bytes, info `event-log/1/seal`, `event-log/1/nonce` and
 *   `event-log/1/hmac/<purpose>`: no key serves two purposes.
 */
import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import { canonicalJson } from './canonical-json.js';
import type { Json } from './envelope.js';
import type { DataKey } from './key-store.js';
import { hmacSha256 } from './hmac-sha256.js';
import { netstring } from './netstring.js';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** What of a record its seal is bound to. */
export type SealContext = {
  readonly stream: string;
  readonly id: string;
  readonly type: string;
  readonly schemaVersion: number;
};

export type Sealed = { readonly sealed: string };

/** The subkeys of one data key, each derived once. */
export type SealingKey = { readonly keyId: string; readonly seal: Uint8Array; readonly nonce: () => Uint8Array };

const hmac = (key: Uint8Array, ...parts: ReadonlyArray<string | Uint8Array>): Buffer => {
  const mac = createHmac('sha256', key);
  for (const part of parts) mac.update(part);
  return mac.digest();
};

const emptySalt = new Uint8Array(32);

/**
 * HKDF (RFC 5869) with an empty salt, for one block of 32 bytes: extract, then the first step of expand. Two HMACs are
 * several times faster than the built-in function, and each page of a log derives keys for the people in it.
 */
const extract = (key: Uint8Array): Uint8Array => hmacSha256(emptySalt, key);
const expand = (extracted: Uint8Array, info: string): Uint8Array =>
  hmacSha256(extracted, Buffer.from(`event-log/1/${info}\u0001`));

/** Reading needs no nonce subkey, so that one waits until something is sealed. */
export const sealingKey = ({ keyId, key }: DataKey): SealingKey => {
  const extracted = extract(key);
  let nonce: Uint8Array | undefined;
  return { keyId, seal: expand(extracted, 'seal'), nonce: () => (nonce ??= expand(extracted, 'nonce')) };
};

/**
 * HMAC-SHA-256 of a text under a data key, as base64url (43 characters). Each purpose has a key of its own, so hashes
 * made for one purpose say nothing about another. Once the key is destroyed nobody can tell what was hashed.
 */
export const hmacUnder = ({ key }: DataKey, purpose: string, text: string): string =>
  hmac(expand(extract(key), `hmac/${purpose}`), text).toString('base64url');

/** A list of texts and a number has one form in JSON. */
const associatedData = ({ stream, id, type, schemaVersion }: SealContext): Buffer =>
  Buffer.from(JSON.stringify([stream, id, type, schemaVersion]));

/** Exactly one property, `sealed`, a string. */
export const isSealed = (value: unknown): value is Sealed =>
  typeof value === 'object' &&
  value !== null &&
  'sealed' in value &&
  typeof value.sealed === 'string' &&
  Object.keys(value).length === 1;

/** Seals a value. The same value in the same place gives the same bytes. */
export const seal = (key: SealingKey, context: SealContext, value: Json): Sealed => {
  const plaintext = Buffer.from(canonicalJson(value));
  const mac = hmac(key.nonce(), netstring(context.id), plaintext);
  const nonce = mac.subarray(0, NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key.seal, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(associatedData(context));
  const ciphertext = [cipher.update(plaintext), cipher.final()];
  return { sealed: Buffer.concat([nonce, ...ciphertext, cipher.getAuthTag()]).toString('base64url') };
};

/** Where a seal is read into bytes: each is opened before the next one is read. Larger ones take bytes of their own. */
const scratch = Buffer.allocUnsafeSlow(64 * 1024);

const bytesOf = (sealed: string): Buffer =>
  sealed.length > scratch.length
    ? Buffer.from(sealed, 'base64url')
    : scratch.subarray(0, scratch.write(sealed, 'base64url'));

/** Opens a seal; `undefined` when it was not made by this key for this place, or was changed. */
export const openSeal = (key: SealingKey, context: SealContext, { sealed }: Sealed): Json | undefined => {
  const bytes = bytesOf(sealed);
  if (bytes.length < NONCE_BYTES + TAG_BYTES) return undefined;
  // Without options, which cost as much as the deciphering: the tag that is set has its full length in any case.
  const decipher = createDecipheriv('aes-256-gcm', key.seal, bytes.subarray(0, NONCE_BYTES));
  decipher.setAAD(associatedData(context));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    const plaintext = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
    // Of this mode the last step gives no bytes: it throws where the tag does not match.
    decipher.final();
    return JSON.parse(plaintext.toString('utf8')) as Json;
  } catch {
    // The tag does not match: whoever wrote this did not hold the key, or wrote it for another place.
    return undefined;
  }
};
