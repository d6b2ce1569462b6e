import { scanJson } from '@learnamp/directory-sync-event-sourcing';
import type { JsonLimits } from '@learnamp/directory-sync-event-sourcing';

/**
 * Far more than any answer of Microsoft needs: a page of a delta round is nested six deep, and a text of 64 MiB has room for
 * fewer members of a group than these are values.
 */
export const answerLimits: JsonLimits = { depth: 64, items: 200_000, values: 3_000_000 };

export type ParsedJson =
  | { readonly _tag: 'Json'; readonly value: unknown }
  /** Cut off, a page of a proxy, nothing at all. */
  | { readonly _tag: 'NoJson' }
  /** JSON that nobody in good faith sends: it is not parsed. `detail` goes on behind "the answer". */
  | { readonly _tag: 'Refused'; readonly detail: string };

/** The name by which a copy of an object would be given a prototype, in every way it may be spelled in JSON. */
const mayNamePrototype = (text: string): boolean => text.includes('__proto__') || /\\u00(5f|70|72|6f|74)/i.test(text);

/**
 * A text from outside as a value. Bounded before anything is built of it; of a key that stands twice the last one counts, and
 * one that is called `__proto__` is left out wherever it stands.
 */
export const parseJson = (text: string, limits: JsonLimits = answerLimits): ParsedJson => {
  const scanned = scanJson(text, limits);
  if (scanned === 'too-deep') return { _tag: 'Refused', detail: `is nested deeper than ${String(limits.depth)}` };
  if (scanned === 'too-many') return { _tag: 'Refused', detail: 'holds more values than any page has' };
  try {
    const value: unknown = mayNamePrototype(text)
      ? JSON.parse(text, (key, each: unknown) => (key === '__proto__' ? undefined : each))
      : JSON.parse(text);
    return { _tag: 'Json', value };
  } catch {
    return { _tag: 'NoJson' };
  }
};
