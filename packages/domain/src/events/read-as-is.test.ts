import { acceptsAsIs } from '@learnamp/directory-sync-event-sourcing';
import * as E from 'fp-ts/lib/Either.js';
import * as fc from 'fast-check';
import type * as t from 'io-ts';
import { describe, expect, it } from 'vitest';
import { histories, madeTypes } from '../testing/arbitrary-events.js';
import { directoryEvents } from './directory-events.js';

const codecs = new Map<string, t.Type<unknown, unknown>>(
  directoryEvents.map(({ type, data }) => [type, data as unknown as t.Type<unknown, unknown>]),
);
const codecOf = (type: string): t.Type<unknown, unknown> => {
  const codec = codecs.get(type);
  if (codec === undefined) throw new Error(type);
  return codec;
};

type Tree = { [key: string]: unknown };

/** Every object and list in a value. */
const nodesOf = (value: unknown): ReadonlyArray<Tree> =>
  typeof value === 'object' && value !== null ? [value as Tree, ...Object.values(value).flatMap(nodesOf)] : [];

const otherValue = fc.constantFrom<unknown>(null, true, 7, 'a', '', 'AAAAAAAA-0000-4000-8000-000000000001', {}, [], {
  a: 1,
});

/** What a log may hold that was damaged: one field somewhere is another one, gone, or too many. */
const damage = (value: unknown, at: number, other: unknown, how: number): unknown => {
  const copy = JSON.parse(JSON.stringify(value)) as unknown;
  const nodes = nodesOf(copy);
  const node = nodes[at % nodes.length];
  if (node === undefined) return copy;
  const keys = Object.keys(node);
  const key = keys[at % Math.max(1, keys.length)] ?? 'more';
  if (how === 0) node[key] = other;
  else if (how === 1 && !Array.isArray(node)) Reflect.deleteProperty(node, key);
  else if (Array.isArray(node)) node.push(other);
  else node['more'] = other;
  return copy;
};

describe('the data of an event that is taken as it is', () => {
  it('is whatever was written, of every type', () => {
    fc.assert(
      fc.property(histories(madeTypes), (history) => {
        for (const { type, data } of history) {
          const codec = codecOf(type);
          const stored = JSON.parse(JSON.stringify(codec.encode(data))) as unknown;
          expect([type, acceptsAsIs(codec)(stored)]).toEqual([type, true]);
        }
      }),
    );
  });

  it('is what its codec decodes to the very same value, also where it was damaged', () => {
    let taken = 0;
    fc.assert(
      fc.property(histories(madeTypes), fc.nat(40), otherValue, fc.nat(2), (history, at, other, how) => {
        for (const { type, data } of history) {
          const codec = codecOf(type);
          const stored = damage(codec.encode(data), at, other, how);
          if (!acceptsAsIs(codec)(stored)) continue;
          taken += 1;
          const decoded = codec.decode(stored);
          expect(E.isRight(decoded) && decoded.right === stored).toBe(true);
        }
      }),
      { numRuns: 400 },
    );
    expect(taken).toBeGreaterThan(100);
  });
});
