/** Where a text stops being JSON: 1-based, columns in UTF-16 units. */
export type JsonMistake = { readonly line: number; readonly column: number; readonly expected: string };

class Stop extends Error {
  readonly at: number;
  readonly expected: string;
  constructor(at: number, expected: string) {
    super(expected);
    this.at = at;
    this.expected = expected;
  }
}

const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const DEPTH = 200;

/** Follows the grammar of RFC 8259 and stops at the first place that breaks it. Returns the place after the value. */
const value = (text: string, from: number, depth: number): number => {
  const at = skipped(text, from);
  const first = text[at];
  if (depth > DEPTH) throw new Stop(at, 'less nesting');
  if (first === '{') return members(text, at, depth);
  if (first === '[') return elements(text, at, depth);
  if (first === '"') return token(text, at, STRING, 'a text that ends in a quote on the same line');
  return token(text, at, SCALAR, 'a value (a text in double quotes, a number, true, false, null, { or [)');
};

const skipped = (text: string, from: number): number => {
  let at = from;
  while (at < text.length && ' \t\r\n'.includes(text.charAt(at))) at += 1;
  return at;
};

const token = (text: string, at: number, pattern: RegExp, expected: string): number => {
  pattern.lastIndex = at;
  const found = pattern.exec(text);
  if (found === null) throw new Stop(at, expected);
  return at + found[0].length;
};

/** The items between two brackets; `item` reads one and returns the place after it. */
const items = (text: string, open: number, close: '}' | ']', item: (at: number) => number): number => {
  let at = skipped(text, open + 1);
  if (text[at] === close) return at + 1;
  for (;;) {
    at = skipped(text, item(at));
    if (text[at] === close) return at + 1;
    if (text[at] !== ',') throw new Stop(at, `"," or "${close}"`);
    at = skipped(text, at + 1);
  }
};

const members = (text: string, open: number, depth: number): number =>
  items(text, open, '}', (at) => {
    const colon = skipped(text, token(text, at, STRING, 'a key in double quotes'));
    if (text[colon] !== ':') throw new Stop(colon, '":"');
    return value(text, colon + 1, depth + 1);
  });

const elements = (text: string, open: number, depth: number): number =>
  items(text, open, ']', (at) => value(text, at, depth + 1));

/**
 * The first place where `text` is no JSON. Node's own message quotes the text around it, and that may be a secret.
 */
export const locateJsonMistake = (text: string): JsonMistake | undefined => {
  try {
    const end = skipped(text, value(text, 0, 0));
    if (end < text.length) throw new Stop(end, 'the end of the file');
    return undefined;
  } catch (stop) {
    if (!(stop instanceof Stop)) throw stop;
    const before = text.slice(0, stop.at).split('\n');
    return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, expected: stop.expected };
  }
};
