import { resolve } from 'node:path';
import { inspect } from 'node:util';
import * as E from 'fp-ts/lib/Either.js';
import { isRecord, mistake, type Read, type Reader } from './reader.js';
import { secret, type SecretSources, whyUnreadable } from './secret.js';

/** A file, or a variable, of any bytes that are secret: read when it is asked for, so that what was replaced is used. Prints as `[secret]`. */
export type Material = {
  readonly bytes: () => Uint8Array;
  /** Every text it was read as. */
  readonly seen: () => ReadonlyArray<string>;
};

const makeMaterial = (read: () => Uint8Array): Material => {
  const hidden = (): string => '[secret]';
  const seen = new Set<string>();
  const bytes = (): Uint8Array => {
    const now = read();
    seen.add(Buffer.from(now).toString('latin1').trim());
    return now;
  };
  const material = { bytes, seen: () => [...seen], toJSON: hidden, toString: hidden, [inspect.custom]: hidden };
  return material;
};

/** Read once here: a file that is not there is told with the other mistakes, as `told`. */
const fromFile = (name: string, path: string, sources: SecretSources, told?: string): Read<Material> => {
  const file = resolve(sources.folder, name);
  const named = told ?? `the file ${file}`;
  try {
    return sources.readBytes(file).length === 0
      ? mistake(path, `${named} is empty`)
      : E.right(makeMaterial(() => sources.readBytes(file)));
  } catch (cause) {
    return mistake(path, `${named} ${whyUnreadable(cause)}`);
  }
};

/** A token in the place of the file that holds it is repeated by no message. */
const looksLikeToken = (text: string): boolean => /^[\w-]+\.[\w-]+\.[\w-]+$/.test(text) && text.length > 60;

const named = (input: unknown, key: 'env' | 'file'): string | undefined => {
  const only = isRecord(input) && Object.keys(input).length === 1 ? input[key] : undefined;
  return typeof only === 'string' && only !== '' ? only : undefined;
};

/** `{ "file": PATH }`, or `{ "env": NAME }` of a variable that holds PEM, or PFX in base64. */
export const material =
  (sources: SecretSources): Reader<Material> =>
  (input, path) => {
    const file = named(input, 'file');
    if (file !== undefined) return fromFile(file, path, sources);
    const value = sources.environment[named(input, 'env') ?? ''];
    if (value !== undefined && value.includes('-----BEGIN ')) return E.right(makeMaterial(() => Buffer.from(value)));
    // Of one line, as every other secret; whatever is wrong is said there.
    const read = secret(sources)(input, path);
    return E.isLeft(read) ? read : E.right(makeMaterial(() => Buffer.from(read.right.reveal(), 'base64')));
  };

/** The path of a file, or `{ "env": NAME }` of a variable that holds the path, such as AZURE_FEDERATED_TOKEN_FILE. */
export const fileNamedBy =
  (sources: SecretSources): Reader<Material> =>
  (input, path) => {
    if (typeof input === 'string' && input.trim() !== '')
      return looksLikeToken(input.trim())
        ? mistake(path, 'must be the path of the file that holds the token, not the token itself')
        : fromFile(input, path, sources);
    if (!isRecord(input) || !('env' in input))
      return mistake(path, 'must be the path of a file, or { "env": "NAME" } of a variable that holds the path');
    const read = secret(sources)(input, path);
    const told = `the file that the variable ${named(input, 'env') ?? ''} names`;
    return E.isLeft(read) ? read : fromFile(read.right.reveal(), path, sources, told);
  };
