import { resolve } from 'node:path';
import { inspect } from 'node:util';
import * as E from 'fp-ts/lib/Either.js';
import { isRecord, mistake, type Read, type Reader } from './reader.js';

/** A secret that prints as `[secret]` wherever it is logged, inspected or turned into JSON. */
export type Secret = {
  readonly reveal: () => string;
  /** As it stands now where it is kept: what was replaced there since. Throws where it cannot be read. */
  readonly again: () => string;
  /** Every value it was read as: one that was replaced is a secret still. */
  readonly seen: () => ReadonlyArray<string>;
};

export const makeSecret = (value: string, again: () => string = () => value): Secret => {
  const hidden = (): string => '[secret]';
  const seen = new Set([value]);
  const readAgain = (): string => {
    const now = again();
    seen.add(now);
    return now;
  };
  const secret = {
    reveal: () => value,
    again: readAgain,
    seen: () => [...seen],
    toJSON: hidden,
    toString: hidden,
    [inspect.custom]: hidden,
  };
  return secret;
};

/** Where secrets come from. `readFile` throws as Node's does. */
export type SecretSources = {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly readFile: (path: string) => string;
  readonly readBytes: (path: string) => Uint8Array;
  /** Relative paths start here. */
  readonly folder: string;
};

const literal = 'must not hold the secret itself: write { "env": "NAME" } or { "file": "PATH" }';

const usable = (value: string, path: string, place: string, again?: () => string): Read<Secret> => {
  if (value === '') return mistake(path, `${place} is empty`);
  // These would break the request header they go into.
  if (/[\u0000-\u001f\u007f]/.test(value))
    return mistake(path, `${place} holds more than one line, or control characters`);
  return E.right(makeSecret(value, again));
};

const fromEnvironment = (name: unknown, path: string, sources: SecretSources): Read<Secret> => {
  // A secret pasted in place of the name must not be repeated in the message, and most are no valid names, or too long.
  if (typeof name !== 'string' || !/^[A-Za-z_][A-Za-z0-9_]{0,254}$/.test(name))
    return mistake(`${path}.env`, 'must be the name of an environment variable: letters, digits and underscores');
  const value = sources.environment[name];
  return value === undefined
    ? mistake(path, `the environment variable ${name} is not set`)
    : usable(value, path, `the environment variable ${name}`);
};

export const whyUnreadable = (cause: unknown): string => {
  const code = isRecord(cause) ? cause['code'] : undefined;
  if (code === 'ENOENT') return 'does not exist';
  if (code === 'EACCES' || code === 'EPERM') return 'may not be read by this user';
  if (code === 'EISDIR') return 'is a folder';
  return 'cannot be read';
};

const fromFile = (name: unknown, path: string, sources: SecretSources): Read<Secret> => {
  if (typeof name !== 'string' || name === '') return mistake(`${path}.file`, 'must be the path of a file');
  const file = resolve(sources.folder, name);
  const read = (): string => sources.readFile(file).replace(/\r?\n$/, '');
  try {
    return usable(read(), path, `the file ${file}`, read);
  } catch (cause) {
    return mistake(path, `the file ${file} ${whyUnreadable(cause)}`);
  }
};

/** `{ "env": NAME }` or `{ "file": PATH }`, read at once, and a file again where a sign-in is refused; a final line break of a file is no part of the secret. */
export const secret =
  (sources: SecretSources): Reader<Secret> =>
  (input, path) => {
    if (!isRecord(input)) return mistake(path, literal);
    const keys = Object.keys(input);
    if (keys.length !== 1) return mistake(path, 'must have one key: "env" or "file"');
    if (keys[0] === 'env') return fromEnvironment(input['env'], path, sources);
    if (keys[0] === 'file') return fromFile(input['file'], path, sources);
    return mistake(path, literal);
  };
