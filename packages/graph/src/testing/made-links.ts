import fc from 'fast-check';
import { friendlyLinks, hostileLinks } from './hostile-links.js';

const pieces = [
  ...[
    'https://',
    'http://',
    '//',
    '/',
    '\\',
    '@',
    ':',
    '#',
    '?',
    '.',
    '..',
    '%',
    '%2e',
    '%2f',
    '%5c',
    '%40',
    '%00',
    '%25',
  ],
  ...[
    '\t',
    '\r\n',
    ' ',
    '\u0000',
    '\u3002',
    '\uff0f',
    '\u200b',
    '\u202e',
    '\ud800',
    '\u0430',
    '\u212a',
    ';',
    '[',
    ']',
    '0x',
    '::1',
  ],
  ...[
    'ORIGIN',
    'SCHEME',
    'AUTHORITY',
    'EVIL',
    'PATH',
    'OTHER',
    'v1.0',
    'V1.0',
    'beta',
    'users',
    'groups',
    'delta',
    '443',
    '&x=',
  ],
];

const piece = fc.constantFrom(...pieces);
const some = (most: number): fc.Arbitrary<string> =>
  fc.array(piece, { maxLength: most }).map((parts) => parts.join(''));
const known = fc.constantFrom(...friendlyLinks, ...hostileLinks.filter(({ length }) => length < 1_000));

/** Templates of links: pieces put together, pieces put into a good link, and known ones with a piece put in, taken out or put in a place. */
export const madeLinks: fc.Arbitrary<string> = fc.oneof(
  some(14),
  some(8).map((tail) => `ORIGIN/v1.0/PATH${tail}`),
  some(4).map((middle) => `ORIGIN${middle}/v1.0/PATH`),
  some(4).map((middle) => `ORIGIN/v1.0${middle}/PATH`),
  some(4).map((head) => `${head}ORIGIN/v1.0/PATH`),
  fc
    .tuple(known, fc.nat(60), fc.nat(3), piece)
    .map(([link, at, gone, put]) => link.slice(0, at) + put + link.slice(at + gone)),
  fc.tuple(known, known, fc.nat(40)).map(([head, tail, at]) => head.slice(0, at) + tail.slice(at)),
);
