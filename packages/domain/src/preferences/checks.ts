import * as E from 'fp-ts/lib/Either.js';
import { separate } from 'fp-ts/lib/ReadonlyArray.js';
import { unknownKeyMessage } from './nearest-key.js';
import type { ConfigurationMistake } from './preferences.js';

/**
 * Checks of configuration values. Each answers with the value, or with every mistake in it, and never quotes the value:
 * it may be an address, or a secret that slipped into the wrong key.
 */
export type Checked<A> = E.Either<ReadonlyArray<ConfigurationMistake>, A>;
export type Check<A> = (value: unknown, path: string) => Checked<A>;

export const mistake = (path: string, message: string): Checked<never> => E.left([{ path, message }]);

/** `path.key`, or `path["odd key"]` where the key is no plain name. */
export const keyPath = (path: string, key: string): string =>
  /^[A-Za-z_$][\w$]{0,63}$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key.slice(0, 64))}]`;

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The keys of a record that is known to hold no others. */
export const keysOf = <A extends object>(record: A): ReadonlyArray<keyof A & string> =>
  Object.keys(record) as unknown as ReadonlyArray<keyof A & string>;

/** All values, or all mistakes of all of them. */
export const all = <A>(checked: ReadonlyArray<Checked<A>>): Checked<ReadonlyArray<A>> => {
  const { left, right } = separate(checked);
  return left.length > 0 ? E.left(left.flat()) : E.right(right);
};

const valid =
  <A>(is: (value: unknown) => value is A, allowed: string): Check<A> =>
  (value, path) =>
    is(value) ? E.right(value) : mistake(path, allowed);

export const flag: Check<boolean> = valid((value) => typeof value === 'boolean', 'must be true or false');

export const oneOf = <A extends string>(allowed: ReadonlyArray<A>): Check<A> =>
  valid(
    (value): value is A => (allowed as ReadonlyArray<unknown>).includes(value),
    `must be one of ${allowed.map((one) => `"${one}"`).join(', ')}`,
  );

export const wholeNumber = (from: number): Check<number> =>
  valid(
    (value): value is number => Number.isSafeInteger(value) && (value as number) >= from,
    `must be a whole number, ${from} or more`,
  );

export const share: Check<number> = valid(
  (value): value is number => typeof value === 'number' && value >= 0 && value <= 1,
  'must be a share between 0 and 1, such as 0.05 for 5 %',
);

export const nullable =
  <A>(check: Check<A>): Check<A | null> =>
  (value, path) =>
    value === null
      ? E.right(null)
      : E.mapLeft((mistakes: ReadonlyArray<ConfigurationMistake>) =>
          mistakes.map(({ path: at, message }) => ({ path: at, message: `${message}, or null` })),
        )(check(value, path));

export const listOf =
  <A>(check: Check<A>, allowed: string): Check<ReadonlyArray<A>> =>
  (value, path) =>
    Array.isArray(value)
      ? all((value as ReadonlyArray<unknown>).map((item, index) => check(item, `${path}[${index}]`)))
      : mistake(path, allowed);

/** An object of known keys. A key that is absent (or undefined) takes its default; an unknown one is a mistake. */
export const shape =
  <A extends object>(checks: { readonly [K in keyof A]: Check<A[K]> }, defaults: A): Check<A> =>
  (value, path) => {
    if (!isRecord(value)) return mistake(path, 'must be an object');
    const known = keysOf(checks);
    const entries = known.map((key): Checked<readonly [string, unknown]> => {
      const given = Object.hasOwn(value, key) ? value[key] : undefined;
      if (given === undefined) return E.right([key, defaults[key]]);
      return E.map((decoded: unknown) => [key, decoded] as const)(checks[key](given, keyPath(path, key)));
    });
    const unknown = Object.keys(value)
      .filter((key) => !known.some((one) => one === key))
      .map((key) => mistake(keyPath(path, key), unknownKeyMessage(key, known)));
    return E.map((decoded: ReadonlyArray<readonly [string, unknown]>) => Object.fromEntries(decoded) as A)(
      all([...entries, ...unknown]),
    );
  };
