import { resolve } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import { mistake, type Reader } from './reader.js';
import { makeSecret, secret, type Secret, type SecretSources } from './secret.js';

const literalLogin =
  'must not hold the login itself: write { "env": "NAME" } or { "file": "PATH" }; only a string without user and password may stand here';

/**
 * How a cluster is reached. The string usually holds a login and comes from where secrets come from; without one (no `@`
 * can stand in it then, but percent-encoded) it may be written out. What else is wrong with it, the log itself says.
 */
export const connectionString = (sources: SecretSources): Reader<Secret> => {
  const fromSources = secret(sources);
  return (input, path) => {
    if (typeof input !== 'string') return fromSources(input, path);
    if (input.trim() === '') return mistake(path, 'must be a text that is not empty');
    return input.includes('@') ? mistake(path, literalLogin) : E.right(makeSecret(input));
  };
};

const FILES = ['tlscafile', 'usercertfile', 'userkeyfile'];

const isFile = (key: string): boolean => FILES.includes(key.trim().toLowerCase().replace(/[_-]/g, ''));

const decoded = (value: string): string => {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
};

/** The files that a connection string names, from the configuration's folder: the client would start at the process's. */
export const withFilesFrom = (folder: string, given: Secret): Secret => {
  const [address = '', ...query] = given.reveal().trim().split('?');
  if (query.length === 0) return makeSecret(address);
  const options = query
    .join('?')
    .split('&')
    .map((option) => {
      const [key = '', ...rest] = option.split('=');
      const value = rest.join('=');
      return isFile(key) && value !== '' ? `${key}=${encodeURIComponent(resolve(folder, decoded(value)))}` : option;
    });
  return makeSecret(`${address}?${options.join('&')}`);
};

/** What of it no output may hold: all of it, and its login however it is written. */
export const secretsIn = (connection: string): ReadonlyArray<string> => {
  const authority = connection.replace(/^[^/]*\/\//, '').split(/[/?]/, 1)[0] ?? '';
  const at = authority.lastIndexOf('@');
  if (at < 0) return [];
  const login = authority.slice(0, at);
  const [user = '', ...rest] = login.split(':');
  const password = rest.join(':');
  const plain = `${decoded(user)}:${decoded(password)}`;
  return [connection, login, plain, password, decoded(password), Buffer.from(plain).toString('base64')];
};
