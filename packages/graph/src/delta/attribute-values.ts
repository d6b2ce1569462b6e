import * as E from 'fp-ts/lib/Either.js';
import type { Attributes } from '@learnamp/directory-sync-domain';

export type Item = Readonly<Record<string, unknown>>;

export const isItem = (value: unknown): value is Item =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What stands at a path, or `undefined` where the answer does not mention it. A parent that is null is an emptied child. */
const lookUp = (item: Item, path: string): { readonly value: unknown } | undefined => {
  let value: unknown = item;
  for (const key of path.split('.')) {
    if (value === null) return { value: null };
    if (!isItem(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return { value };
};

/** A number that lost digits on its way into the value, or that is none, is not what the directory holds. */
const isExact = (value: number): boolean => Number.isSafeInteger(value) || (Number.isFinite(value) && value % 1 !== 0);

const isScalar = (value: unknown): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && isExact(value));

/** Directories write their smallest date where they mean that there is none. */
const SMALLEST_DATE = /^0001-01-01(T|$)/;

const isNothing = (text: string): boolean => text.trim() === '' || SMALLEST_DATE.test(text);

/**
 * Half of a character is no text in UTF-8, and NUL none in most databases: what is stored and compared must be what comes
 * back out of a store.
 */
const asUnicode = (text: string): string => text.replaceAll('\u0000', '').replace(/\p{Surrogate}/gu, '\ufffd');

/** A text as it is kept; `undefined` of a blank one. */
export const attributeText = (value: string): string | undefined => {
  const text = asUnicode(value);
  return isNothing(text) ? undefined : text;
};

/** An attribute as text. Empty and blank texts and the smallest date are `null`: a directory cannot hold the difference on purpose. */
const asText = (value: unknown): E.Either<'no text', string | null> => {
  if (value === null) return E.right(null);
  if (isScalar(value)) {
    const text = asUnicode(String(value));
    return E.right(isNothing(text) ? null : text);
  }
  if (!Array.isArray(value) || !value.every(isScalar)) return E.left('no text');
  const joined = value
    .map(String)
    .filter((part) => part.trim() !== '')
    .join(', ');
  return E.right(joined === '' ? null : asUnicode(joined));
};

/**
 * The attributes an answer mentions: a value, `null`, or not there at all. A path that holds no text is not mentioned where
 * `noText` takes note of it; else Left.
 */
export const readAttributes = (
  item: Item,
  paths: ReadonlyArray<string>,
  noText?: (path: string) => void,
): E.Either<string, Attributes> => {
  const attributes: Record<string, string | null> = {};
  for (const path of paths) {
    const found = lookUp(item, path);
    if (found === undefined) continue;
    const text = asText(found.value);
    if (E.isLeft(text)) {
      if (noText === undefined) return E.left(path);
      noText(path);
      continue;
    }
    attributes[path] = text.right;
  }
  return E.right(attributes);
};
