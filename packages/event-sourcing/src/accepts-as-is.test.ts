import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { describe, expect, it } from 'vitest';
import { acceptsAsIs } from './accepts-as-is.js';

/** A codec that takes digits for the number they write: what it decodes is another value. */
const digits = new t.Type<number, string>(
  'Digits',
  t.number.is,
  (input, context) => (typeof input === 'string' ? t.success(Number(input)) : t.failure(input, context)),
  String,
);
const named = t.refinement(t.string, (text) => text !== '', 'Named');

/** What the compiler takes for a codec that names its fields, whatever it is. */
const namesFields = (codec: t.Mixed): t.HasProps => codec as unknown as t.HasProps;

const codecs: ReadonlyArray<readonly [string, t.Mixed]> = [
  ['a strict object', t.strict({ a: t.string, b: t.union([t.number, t.null]) })],
  ['parts of one', t.exact(t.partial({ a: t.string }))],
  ['several in one', t.exact(t.intersection([t.type({ a: t.string }), t.partial({ b: t.boolean })]))],
  [
    'several with one that names no fields',
    t.exact(namesFields(t.intersection([t.type({ a: t.string }), t.UnknownRecord]))),
  ],
  ['one that names no fields', t.exact(namesFields(named))],
  ['a record', t.record(t.string, t.number)],
  ['a record of known keys', t.record(t.keyof({ a: null, b: null }), t.number)],
  ['a list', t.array(t.literal('x'))],
  ['a codec that changes what it reads', digits],
  ['the same in a field', t.type({ a: digits })],
  ['the same before a text', t.union([digits, t.string])],
  ['a refined text', named],
  ['anything', t.unknown],
  ['nothing', t.null],
];

const values: ReadonlyArray<unknown> = [
  ...[null, undefined, true, 7, '7', '', 'x', [], ['x'], ['y'], {}, new Date(0), Object.create(null) as unknown],
  ...[{ a: 'x' }, { a: 'x', b: 7 }, { a: 'x', b: null }, { a: 'x', b: true }, { a: 7 }, { a: 1, b: 2 }],
  ...[{ a: undefined }, { a: '7' }, { a: 'x', more: 1 }, { c: 1 }],
];

describe.each(codecs)('%s', (_, codec) => {
  it('takes nothing as it is that its codec refuses or makes another value of', () => {
    for (const value of values) {
      if (!acceptsAsIs(codec)(value)) continue;
      const decoded = codec.decode(value);
      expect(E.isRight(decoded) && decoded.right === value).toBe(true);
    }
  });
});

it('what a log holds is taken as it is', () => {
  const plain = t.strict({ a: t.string, b: t.union([t.number, t.null]) });
  expect(acceptsAsIs(plain)({ a: 'x', b: null })).toBe(true);
  expect(acceptsAsIs(t.record(t.string, t.number))({ a: 1 })).toBe(true);
  expect(acceptsAsIs(named)('x')).toBe(true);
  expect(acceptsAsIs(named)('')).toBe(false);
  expect(acceptsAsIs(digits)('7')).toBe(false);
  expect(acceptsAsIs(t.union([digits, t.string]))('7')).toBe(false);
});

it('a codec without a name of its own is asked', () => {
  const { _tag, ...bare } = t.string as unknown as { readonly _tag: string };
  expect(_tag).toBe('StringType');
  const untagged = Object.assign(Object.create(t.Type.prototype) as t.Mixed, bare);
  expect([acceptsAsIs(untagged)('x'), acceptsAsIs(untagged)(7)]).toEqual([true, false]);
  expect(acceptsAsIs(t.union([untagged, t.number]))(7)).toBe(true);
});
