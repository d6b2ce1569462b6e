import { createDecipheriv, createHmac, hkdfSync } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DataKey } from './key-store.js';
import { hmacUnder, isSealed, openSeal, seal, sealingKey } from './sealing.js';

const dataKey: DataKey = { keyId: 'k', key: new Uint8Array(32).fill(7) };
const other: DataKey = { keyId: 'o', key: new Uint8Array(32).fill(8) };
const context = { stream: 's', id: 'i', type: 'T', schemaVersion: 1 };

describe('sealing', () => {
  it('makes the documented bytes', () => {
    const subkey = (info: string) => Buffer.from(hkdfSync('sha256', dataKey.key, '', `event-log/1/${info}`, 32));
    const bytes = Buffer.from(seal(sealingKey(dataKey), context, { b: 1, a: 'ü' }).sealed, 'base64url');
    const plaintext = '{"a":"ü","b":1}';
    const nonce = createHmac('sha256', subkey('nonce')).update(`1:i,${plaintext}`).digest().subarray(0, 12);
    expect(bytes.subarray(0, 12).equals(nonce)).toBe(true);
    const decipher = createDecipheriv('aes-256-gcm', subkey('seal'), nonce);
    decipher.setAAD(Buffer.from('["s","i","T",1]'));
    decipher.setAuthTag(bytes.subarray(-16));
    const opened = Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]);
    expect(opened.toString('utf8')).toBe(plaintext);
  });

  it('opens what it sealed, and seals the same value in the same place to the same bytes', () => {
    const key = sealingKey(dataKey);
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const json = JSON.parse(JSON.stringify(value)) as never;
        const sealed = seal(key, context, json);
        expect(openSeal(key, context, sealed)).toEqual(json);
        expect(seal(sealingKey(dataKey), context, json)).toEqual(sealed);
      }),
    );
  });

  it('opens what is larger than most', () => {
    const [key, long] = [sealingKey(dataKey), 'ü'.repeat(100_000)];
    expect(openSeal(key, context, seal(key, context, long))).toBe(long);
  });

  it('shows neither the plaintext nor that two events hold the same', () => {
    const key = sealingKey(dataKey);
    const one = seal(key, context, { name: 'Ada Lovelace' }).sealed;
    expect(Buffer.from(one, 'base64url').includes('Ada')).toBe(false);
    expect(seal(key, { ...context, id: 'j' }, { name: 'Ada Lovelace' }).sealed.slice(0, 16)).not.toBe(one.slice(0, 16));
  });

  it('opens nothing under another key, in another place, or after any change', () => {
    const key = sealingKey(dataKey);
    const sealed = seal(key, context, { name: 'Ada' });
    expect(openSeal(sealingKey(other), context, sealed)).toBeUndefined();
    for (const place of [{ stream: 'x' }, { id: 'x' }, { type: 'X' }, { schemaVersion: 2 }]) {
      expect(openSeal(key, { ...context, ...place }, sealed)).toBeUndefined();
    }
    const bytes = Buffer.from(sealed.sealed, 'base64url');
    for (let index = 0; index < bytes.length; index += 1) {
      const changed = Buffer.from(bytes);
      changed[index]! ^= 1;
      expect(openSeal(key, context, { sealed: changed.toString('base64url') })).toBeUndefined();
    }
    for (const text of ['', 'AAAA', bytes.subarray(0, -1).toString('base64url')]) {
      expect(openSeal(key, context, { sealed: text })).toBeUndefined();
    }
  });

  it('knows a seal by its exact form', () => {
    expect(isSealed({ sealed: 'x' })).toBe(true);
    for (const value of [null, 'sealed', ['sealed'], { sealed: 1 }, { sealed: 'x', more: 1 }, {}]) {
      expect(isSealed(value)).toBe(false);
    }
  });

  it('hashes under a key for one purpose', () => {
    const hash = hmacUnder(dataKey, 'command-id', 'text');
    expect(hash).toMatch(/^[\w-]{43}$/);
    expect(hmacUnder(dataKey, 'command-id', 'text')).toBe(hash);
    expect(hmacUnder(dataKey, 'mac', 'text')).not.toBe(hash);
    expect(hmacUnder(other, 'command-id', 'text')).not.toBe(hash);
    expect(hmacUnder(dataKey, 'command-id', 'texu')).not.toBe(hash);
  });
});
