import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';

/**
 * What wraps the data keys of a key store, and is not kept with them: a key management service of the host's, or
 * `localMasterKey`. Each call takes many keys, so that a service is asked once for a page of events.
 */
export interface MasterKey {
  /** Recorded in the key store, so that another master key is refused, not tried. Not a secret. */
  readonly id: string;
  /** In the same order. Wrapping a key twice need not give the same bytes. */
  readonly wrap: (keys: ReadonlyArray<Uint8Array>) => Promise<ReadonlyArray<Uint8Array>>;
  /** In the same order. Rejects where one of them was not wrapped by this master key, or was changed. */
  readonly unwrap: (wrapped: ReadonlyArray<Uint8Array>) => Promise<ReadonlyArray<Uint8Array>>;
}

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * A master key that the host holds itself: AES-256-GCM, a random nonce in front and the tag behind. Its id is derived from
 * it and does not give it away.
 */
export const localMasterKey = (key: Uint8Array): MasterKey => {
  if (key.length !== KEY_BYTES) throw new TypeError(`A master key has ${KEY_BYTES} bytes, not ${key.length}.`);
  const derived = (purpose: string): Buffer =>
    createHmac('sha256', key).update(`directory-sync/master-key/1/${purpose}`).digest();
  const wrapping = derived('wrap');

  const wrapOne = (plain: Uint8Array): Uint8Array => {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', wrapping, nonce, { authTagLength: TAG_BYTES });
    const sealed = [cipher.update(plain), cipher.final()];
    return new Uint8Array(Buffer.concat([nonce, ...sealed, cipher.getAuthTag()]));
  };

  const unwrapOne = (wrapped: Uint8Array): Uint8Array => {
    const nonce = wrapped.subarray(0, NONCE_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', wrapping, nonce, { authTagLength: TAG_BYTES });
    decipher.setAuthTag(wrapped.subarray(-TAG_BYTES));
    const plain = [decipher.update(wrapped.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()];
    return new Uint8Array(Buffer.concat(plain));
  };

  return {
    id: `local:${derived('id').toString('hex').slice(0, 16)}`,
    wrap: (keys) => new Promise((resolve) => resolve(keys.map(wrapOne))),
    unwrap: (wrapped) => new Promise((resolve) => resolve(wrapped.map(unwrapOne))),
  };
};
