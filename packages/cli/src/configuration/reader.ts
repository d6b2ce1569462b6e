import { distance } from 'fastest-levenshtein';
import * as E from 'fp-ts/lib/Either.js';

/** Where in the configuration, and what is wrong, as a phrase that follows the path. Never repeats a value: it may be a secret. */
export type ConfigurationMistake = { readonly path: string; readonly message: string };

export type Read<A> = E.Either<ReadonlyArray<ConfigurationMistake>, A>;

/** Reads one value. `undefined` is a key that is not there. Every reader lists all its mistakes, not the first. */
export type Reader<A> = (input: unknown, path: string) => Read<A>;

export const mistake = (path: string, message: string): E.Either<ReadonlyArray<ConfigurationMistake>, never> =>
  E.left([{ path, message }]);

export const isRecord = (input: unknown): input is Readonly<Record<string, unknown>> =>
  typeof input === 'object' && input !== null && !Array.isArray(input);

/** The value of an own key: what a prototype holds is no configuration. */
export const own = (input: unknown, key: string): unknown =>
  isRecord(input) && Object.hasOwn(input, key) ? input[key] : undefined;

export const nearest = (word: string, known: ReadonlyArray<string>): string | undefined => {
  const far = (other: string): number => distance(word.slice(0, 64).toLowerCase(), other.toLowerCase());
  return known.reduce<string | undefined>(
    (best, candidate) => (best === undefined || far(candidate) < far(best) ? candidate : best),
    undefined,
  );
};

export const listed = (words: ReadonlyArray<string>): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`;

/** `path.key`, or `path["odd key"]` where the key is no plain name. */
const joined = (path: string, key: string): string => {
  if (!/^[A-Za-z_$][\w$]{0,63}$/.test(key)) return `${path}[${JSON.stringify(key.slice(0, 64))}]`;
  return path === '' ? key : `${path}.${key}`;
};

export const required =
  <A>(reader: Reader<A>, what: string): Reader<A> =>
  (input, path) =>
    input === undefined ? mistake(path, `is required: ${what}`) : reader(input, path);

export const optional =
  <A>(reader: Reader<A>): Reader<A | undefined> =>
  (input, path) =>
    input === undefined ? E.right(undefined) : reader(input, path);

export const defaulted =
  <A>(reader: Reader<A>, value: A): Reader<A> =>
  (input, path) =>
    input === undefined ? E.right(value) : reader(input, path);

/** An object with these keys and no others. */
export const record =
  <A extends object>(shape: { readonly [K in keyof A]: Reader<A[K]> }): Reader<A> =>
  (input, path) => {
    if (!isRecord(input)) return mistake(path, 'must be an object, written in braces');
    const known = Object.keys(shape).filter((key): key is Extract<keyof A, string> => key in shape);
    const mistakes: ConfigurationMistake[] = Object.keys(input)
      .filter((key) => !Object.hasOwn(shape, key))
      .map((key) => ({
        path: joined(path, key),
        message: `unknown key; did you mean \`${nearest(key, known) ?? ''}\`?`,
      }));
    const values: Partial<A> = {};
    for (const key of known) {
      const read = shape[key](own(input, key), joined(path, key));
      if (E.isLeft(read)) mistakes.push(...read.left);
      else values[key] = read.right;
    }
    return mistakes.length === 0 ? E.right(values as A) : E.left(mistakes);
  };

/** Adds rules between fields. They look at the raw input, so they speak even where a field beside them is wrong. */
export const checked =
  <A>(reader: Reader<A>, rules: (input: unknown, path: string) => ReadonlyArray<ConfigurationMistake>): Reader<A> =>
  (input, path) => {
    const read = reader(input, path);
    const broken = rules(input, path);
    if (broken.length === 0) return read;
    return E.left([...(E.isLeft(read) ? read.left : []), ...broken]);
  };

/** Chooses the reader of an object by its `kind`. */
export const byKind =
  <A>(readers: Readonly<Record<string, Reader<A>>>): Reader<A> =>
  (input, path) => {
    const kinds = Object.keys(readers);
    if (!isRecord(input)) return mistake(path, 'must be an object, written in braces');
    const kind = own(input, 'kind');
    if (kind === undefined) return mistake(joined(path, 'kind'), `is required: ${listed(kinds)}`);
    const reader = typeof kind === 'string' && Object.hasOwn(readers, kind) ? readers[kind] : undefined;
    return reader === undefined ? mistake(joined(path, 'kind'), `must be ${listed(kinds)}`) : reader(input, path);
  };

export const text: Reader<string> = (input, path) =>
  typeof input === 'string' && input.trim() !== '' ? E.right(input) : mistake(path, 'must be a text that is not empty');

export const anyText: Reader<string> = (input, path) =>
  typeof input === 'string' ? E.right(input) : mistake(path, 'must be a text');

export const yesOrNo: Reader<boolean> = (input, path) =>
  typeof input === 'boolean' ? E.right(input) : mistake(path, 'must be true or false');

export const oneOf =
  <A extends string>(values: ReadonlyArray<A>): Reader<A> =>
  (input, path) => {
    const found = values.find((value) => value === input);
    return found === undefined ? mistake(path, `must be ${listed(values)}`) : E.right(found);
  };

export const positive =
  (options: { readonly whole: boolean; readonly atMost: number }): Reader<number> =>
  (input, path) => {
    const fits = typeof input === 'number' && input > 0 && input <= options.atMost;
    if (fits && (!options.whole || Number.isInteger(input))) return E.right(input);
    return mistake(path, `must be a ${options.whole ? 'whole ' : ''}number above 0 and at most ${options.atMost}`);
  };

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export const isGuid = (value: string): boolean => GUID.test(value);

/** A GUID in lower case. */
export const guid: Reader<string> = (input, path) =>
  typeof input === 'string' && isGuid(input)
    ? E.right(input.toLowerCase())
    : mistake(path, 'must be a GUID: 32 hexadecimal digits in groups of 8-4-4-4-12');
