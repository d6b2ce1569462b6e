import fc from 'fast-check';

/** What may stand in the place of any value of an answer. */
export const hostileValues: ReadonlyArray<unknown> = [
  ...[
    null,
    true,
    false,
    0,
    -1,
    1.5,
    1e308,
    Number.MAX_SAFE_INTEGER + 2,
    '',
    ' ',
    '\u0000',
    '\ufeff',
    '\ud800',
    '\udfff x',
  ],
  ...[
    '\u202egnp.exe',
    'a\u0000b',
    'x'.repeat(100_000),
    '__proto__',
    'constructor',
    '1e400',
    'NaN',
    '2026-13-45T99:99:99Z',
  ],
  ...[[], {}, [[]], [null], [{}], { value: 1 }, { toString: 1 }, { length: 1e9 }, [[[[[[]]]]]], ['a', { b: 1 }]],
  { constructor: { prototype: { polluted: 1 } } },
  JSON.parse('{"__proto__":{"polluted":1,"@removed":{"reason":"deleted"}}}') as unknown,
];

const isBranch = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Every place within a value, the value itself first. */
export const placesIn = (value: unknown, at: ReadonlyArray<string> = []): ReadonlyArray<ReadonlyArray<string>> =>
  isBranch(value) ? [at, ...Object.entries(value).flatMap(([key, each]) => placesIn(each, [...at, key]))] : [at];

/** The value with another one at a place; `undefined` leaves it out. */
export const withAt = (value: unknown, at: ReadonlyArray<string>, put: unknown): unknown => {
  const [key, ...rest] = at;
  if (key === undefined) return put;
  if (Array.isArray(value)) {
    return value.flatMap((each: unknown, index): Array<unknown> => {
      if (String(index) !== key) return [each];
      return rest.length === 0 && put === undefined ? [] : [withAt(each, rest, put)];
    });
  }
  const entries = Object.entries(value as object).flatMap(([name, each]): Array<[string, unknown]> => {
    if (name !== key) return [[name, each]];
    return rest.length === 0 && put === undefined ? [] : [[name, withAt(each, rest, put)]];
  });
  return Object.fromEntries(entries);
};

/** Whole bodies of an answer that nobody in good faith sends, as bytes. */
export const hostileBodies: ReadonlyArray<readonly [string, Uint8Array]> = [
  ...Object.entries({
    nothing: '',
    blanks: ' \r\n\t',
    'a page of a proxy': '<!DOCTYPE html><html><body>Sign in</body></html>',
    'half of an object': '{"value":[{"id":"',
    'a text': '"value"',
    'a number': '1e400',
    null: 'null',
    true: 'true',
    'a list': '[]',
    'a list of lists': '[[],[],[[]]]',
    'an empty object': '{}',
    'lists 100,000 deep': '['.repeat(100_000) + ']'.repeat(100_000),
    'lists 100,000 deep that do not end': '['.repeat(100_000),
    'objects 100,000 deep': '{"error":'.repeat(100_000) + '1' + '}'.repeat(100_000),
    'a value 100,000 deep': `{"value":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
    'more than three million values': `{"value":[${'[],'.repeat(1_600_000)}[]]}`,
    'a list called __proto__': '{"__proto__":[1,2,3]}',
    'the prototype polluted': '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}',
    'the prototype polluted, escaped': '{"\\u005f_proto\\u005f_":{"polluted":1,"value":[]},"value":"x"}',
    'a body twice': '{"value":[]}{"value":[]}',
    'a comment': '{/* */"value":[]}',
    'not a number': '{"value":NaN}',
    'a number of a million digits': `{"value":${'9'.repeat(1_000_000)}}`,
  }).map(([name, text]) => [name, Buffer.from(text)] as const),
  ['UTF-16 with its mark', Buffer.from('\ufeff{"value":[]}', 'utf16le')],
  ['UTF-16 without a mark', Buffer.from('{"value":[]}', 'utf16le')],
  ['Latin-1', Buffer.from('{"value":[{"displayName":"Zo\u00eb"}]}', 'latin1')],
  ['an overlong slash', Buffer.from([0x7b, 0x22, 0xc0, 0xaf, 0x22, 0x3a, 0x31, 0x7d])],
  ['a surrogate in UTF-8', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])],
  ['bytes at random', Buffer.from(Array.from({ length: 256 }, (_, n) => (n * 167) % 256))],
];

/** Any JSON, with the keys of answers among its keys. */
export const hostileJson: fc.Arbitrary<unknown> = fc.letrec<{ readonly value: unknown }>((tie) => {
  const keys = [
    'value',
    'id',
    'error',
    'code',
    'innerError',
    'responses',
    'status',
    'body',
    'headers',
    '@removed',
    'manager',
  ];
  const key = fc.constantFrom(
    ...keys,
    ...[
      '@odata.nextLink',
      '@odata.deltaLink',
      'members@delta',
      'manager@delta',
      '@odata.type',
      'access_token',
      'expires_in',
    ],
    ...[
      '__proto__',
      'constructor',
      'toString',
      'displayName',
      'width',
      '@odata.mediaEtag',
      'visibility',
      'expirationDateTime',
    ],
  );
  const own = (entries: ReadonlyArray<readonly [string, unknown]>): unknown =>
    JSON.parse(`{${entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`);
  return {
    value: fc.oneof(
      { maxDepth: 5 },
      fc.constantFrom(...hostileValues.filter((value) => typeof value !== 'string' || value.length < 1_000)),
      fc.jsonValue({ maxDepth: 1 }),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.array(fc.tuple(key, tie('value')), { maxLength: 6 }).map(own),
    ),
  };
}).value;
