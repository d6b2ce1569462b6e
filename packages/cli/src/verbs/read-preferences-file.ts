import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Preferences } from '@learnamp/directory-sync';
import * as E from 'fp-ts/lib/Either.js';
import type { LoadPreferencesDecoder } from '../configuration/decode-configuration.js';
import { locateJsonMistake } from '../configuration/locate-json-mistake.js';
import { WrongFile, WrongUse } from './verb-context.js';

const FLAG = '--with-preferences';
const LARGEST = 1024 * 1024;

const textOf = (path: string, file: string): string => {
  try {
    if (statSync(path).size <= LARGEST) return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch {
    throw new WrongUse(FLAG, `The file of preferences ${file} is not there, or cannot be read.`);
  }
  throw new WrongUse(FLAG, `The file of preferences ${file} is larger than 1 MiB.`);
};

const parsed = (text: string, file: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    const at = locateJsonMistake(text);
    const where = at === undefined ? '' : ` at line ${at.line}, column ${at.column}: expected ${at.expected}`;
    throw new WrongUse(FLAG, `The file of preferences ${file} is not valid JSON${where}.`);
  }
};

/**
 * Preferences as they stand under `preferences` in a configuration, from a file of their own. Throws with every mistake in them,
 * each with its path.
 */
export const readPreferencesFile = async (
  file: string,
  folder: string,
  load: LoadPreferencesDecoder,
): Promise<Preferences> => {
  const input = parsed(textOf(resolve(folder, file), file), file);
  const decoded = (await load())(input, 'preferences');
  if (E.isLeft(decoded)) throw new WrongFile(`The file of preferences ${file}`, decoded.left);
  if (decoded.right.invitations !== 'hire-date') return decoded.right;
  throw new WrongFile(`The file of preferences ${file}`, [
    {
      path: 'preferences.invitations',
      message: '"hire-date" is for Learn Amp itself: over its REST API use "immediate" or "manual"',
    },
  ]);
};
