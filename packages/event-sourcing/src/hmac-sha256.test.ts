import { createHmac } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hmacSha256 } from './hmac-sha256.js';

describe('hmacSha256', () => {
  it('gives the value of RFC 4231, test case 2', () => {
    const mac = hmacSha256(Buffer.from('Jefe'), Buffer.from('what do ya want for nothing?'));
    expect(mac.toString('hex')).toBe('5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843');
  });

  it('gives what createHmac gives, for every key of up to 64 bytes and every message', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.uint8Array({ maxLength: 300 }), (key, message) => {
        expect(hmacSha256(key, message).equals(createHmac('sha256', key).update(message).digest())).toBe(true);
      }),
    );
  });

  it('takes a message of any length', () => {
    const [key, message] = [new Uint8Array(32).fill(7), new Uint8Array(100_000).fill(9)];
    expect(hmacSha256(key, message).equals(createHmac('sha256', key).update(message).digest())).toBe(true);
  });

  it('refuses a longer key, which would have to be hashed first', () => {
    expect(() => hmacSha256(new Uint8Array(65), new Uint8Array())).toThrow(RangeError);
  });
});
