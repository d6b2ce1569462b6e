export type JsonLimits = {
  /** Objects and lists inside each other. */
  readonly depth: number;
  /** Objects and lists that stand directly in a list (or object) of the root. */
  readonly items: number;
  /** Values of any kind. */
  readonly values: number;
};

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;

const isOpening = (byte: number): boolean => byte === 0x7b || byte === 0x5b;
const isClosing = (byte: number): boolean => byte === 0x7d || byte === 0x5d;

/** A text in bytes of UTF-8 or decoded: all that is looked for is ASCII, which is the same in both. */
type Text = {
  readonly length: number;
  readonly codeAt: (at: number) => number;
  readonly quoteFrom: (at: number) => number;
};

const textOf = (text: Uint8Array | string): Text =>
  typeof text === 'string'
    ? { length: text.length, codeAt: (at) => text.charCodeAt(at), quoteFrom: (at) => text.indexOf('"', at) }
    : // Nothing is asked for that lies outside the text.
      { length: text.length, codeAt: (at) => text[at] as number, quoteFrom: (at) => text.indexOf(QUOTE, at) };

/** Where the string that begins at `start` ends: at its closing quote, or at the end of the text. */
const endOfString = ({ length, codeAt, quoteFrom }: Text, start: number): number => {
  for (let quote = quoteFrom(start + 1); quote >= 0; quote = quoteFrom(quote + 1)) {
    let before = quote;
    while (codeAt(before - 1) === BACKSLASH) before -= 1;
    if ((quote - before) % 2 === 0) return quote;
  }
  return length;
};

/**
 * Whether a text keeps to the limits, found in one pass without building anything: a parser that goes down into hostile
 * nesting, or makes a value of each byte, is never called. Says nothing about whether the text is JSON.
 *
 * In what is JSON, the limits are exact. In what is not, at most as much is let through as the parser reads before it
 * gives up.
 */
export const scanJson = (json: Uint8Array | string, limits: JsonLimits): 'within' | 'too-deep' | 'too-many' => {
  const text = textOf(json);
  let [depth, items, values] = [0, 0, 1];
  for (let at = 0; at < text.length; at += 1) {
    const byte = text.codeAt(at);
    if (byte === QUOTE) at = endOfString(text, at);
    else if (byte === COMMA) values += 1;
    else if (isClosing(byte)) depth -= 1;
    else if (isOpening(byte)) {
      if (depth === 2) items += 1;
      depth += 1;
      values += 1;
      if (depth > limits.depth) return 'too-deep';
    }
    if (items > limits.items || values > limits.values) return 'too-many';
  }
  return 'within';
};
