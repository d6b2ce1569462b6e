import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scanJson } from './scan-json.js';

const wide = { depth: 1_000, items: 1_000_000, values: 1_000_000 };
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
/** In bytes and decoded: the answers are the same. */
const scan = (text: string, limits: Partial<typeof wide>) => {
  const found = scanJson(text, { ...wide, ...limits });
  expect(scanJson(bytes(text), { ...wide, ...limits })).toBe(found);
  return found;
};

const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;

const valuesIn = (value: unknown): number =>
  typeof value === 'object' && value !== null
    ? Object.values(value).reduce((sum: number, each) => sum + valuesIn(each), 1)
    : 1;

describe('the scan of a JSON text', () => {
  it('finds nesting that is too deep, whatever it is made of, without going down into it', () => {
    for (const text of ['['.repeat(1_000_000), '{"a":'.repeat(200_000), '[{"a":'.repeat(100_000)]) {
      expect(scan(text, { depth: 32 })).toBe('too-deep');
    }
    expect(scan('[[[[1]]]]', { depth: 4 })).toBe('within');
    expect(scan('[[[[1]]]]', { depth: 3 })).toBe('too-deep');
  });

  it('takes brackets in texts for text', () => {
    const text = JSON.stringify({ value: [{ a: '[[[[[{{{{{,,,,"\\\\"[[[[\\' }, { '[[[[': ']' }] });
    expect(scan(text, { depth: 3, items: 2, values: 10 })).toBe('within');
  });

  it('counts the items of the lists of the root', () => {
    const body = (count: number): string =>
      JSON.stringify({ value: Array.from({ length: count }, () => ({ a: [{}] })) });
    expect(scan(body(10), { items: 10 })).toBe('within');
    expect(scan(body(11), { items: 10 })).toBe('too-many');
  });

  it('counts small values too', () => {
    expect(scan(`{"value":[${'1,'.repeat(50)}1]}`, { values: 50 })).toBe('too-many');
    expect(scan(`{"value":[${'[],'.repeat(50)}1]}`, { values: 50 })).toBe('too-many');
  });

  it('ends with texts that end in the middle of anything', () => {
    const text = '{"value":[{"a":"\\u00fc\\""}]}';
    for (let length = 0; length <= text.length; length += 1) expect(scan(text.slice(0, length), {})).toBe('within');
    expect(scan('"\\', {})).toBe('within');
    expect(scan(`"${'\\"'.repeat(100_000)}`, {})).toBe('within');
    expect(scan(`["${'\\'.repeat(100_000)}",[]]`, { depth: 1 })).toBe('too-deep');
    expect(scan(`["${'\\'.repeat(99_999)}",[]]`, { depth: 1 })).toBe('within');
    expect(scan(']]]]}}}}[[[[', {})).toBe('within');
  });

  it('is exact about the depth of what is JSON, and counts at least every value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.integer({ min: 0, max: 4 }), (value, spaces) => {
        const text = JSON.stringify(value, undefined, spaces);
        const depth = depthOf(value);
        expect(scan(text, { depth })).toBe('within');
        if (depth > 0) expect(scan(text, { depth: depth - 1 })).toBe('too-deep');
        expect(scan(text, { values: 2 * valuesIn(value) })).toBe('within');
        expect(scan(text, { values: Math.floor(valuesIn(value) / 2) - 1 })).toBe('too-many');
      }),
    );
  });
});
