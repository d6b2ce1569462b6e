/**
 * Any text as SQLite can hold it: without NUL (`node:sqlite` of Node 22 cuts it there) and without lone surrogates
 * (UTF-8 has none, so different ones would become the same text). Two texts stay different, and their order by code
 * points stays as it is. Nearly all texts are left alone.
 */
export const toSortable = (text: string): string =>
  NEEDS_ESCAPE.test(text) ? text.replace(EACH_ESCAPED, (character) => escapes(character)) : text;

/** The text that `toSortable` was given. */
export const fromSortable = (stored: string): string =>
  stored.includes(LOW) || stored.includes(HIGH)
    ? stored.replace(EACH_ESCAPE, (_, low: string | undefined, high: string | undefined) => unescapes(low, high))
    : stored;

/** Stands before what replaces NUL and itself: nothing but NUL sorts before it. */
const LOW = '\u0001';
/** Stands before what replaces a lone surrogate and itself: the last character before the surrogates. */
const HIGH = '\uD7FF';

// With the flag `u` a surrogate is matched only where it has no partner.
const NEEDS_ESCAPE = /[\0\u0001\uD7FF\p{Surrogate}]/u;
const EACH_ESCAPED = /[\0\u0001\uD7FF\p{Surrogate}]/gu;
const EACH_ESCAPE = /\u0001([\u0001\u0002])|\uD7FF([\u0002-\u1fff])/gu;

const FIRST_SURROGATE = 0xd800;
const FIRST_REPLACEMENT = 0x1000;

const escapes = (character: string): string => {
  if (character === '\0') return `${LOW}\u0001`;
  if (character === LOW) return `${LOW}\u0002`;
  if (character === HIGH) return `${HIGH}\u0002`;
  return HIGH + String.fromCharCode(character.charCodeAt(0) - FIRST_SURROGATE + FIRST_REPLACEMENT);
};

const unescapes = (low: string | undefined, high: string | undefined): string => {
  if (low !== undefined) return low === '\u0001' ? '\0' : LOW;
  if (high === undefined || high === '\u0002') return HIGH;
  return String.fromCharCode(high.charCodeAt(0) - FIRST_REPLACEMENT + FIRST_SURROGATE);
};
