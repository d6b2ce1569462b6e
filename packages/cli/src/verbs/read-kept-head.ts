import { type KeptHead, SignedHead } from '@learnamp/directory-sync';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { withoutAddresses } from '../command-line/redact.js';
import { WrongUse } from './verb-context.js';

const LARGEST = 65_536;

const fromFile = async (folder: string, named: string): Promise<KeptHead> => {
  const shown = withoutAddresses(named.slice(0, 200));
  const text = await readFile(resolve(folder, named), 'utf8').catch(() => {
    throw new WrongUse('--head', `${shown} is neither a hash, nor revision:hash, nor a file that can be read.`);
  });
  let parsed: unknown;
  try {
    parsed = JSON.parse(text.slice(0, LARGEST));
  } catch {
    // Said below, as of any other file.
  }
  if (SignedHead.is(parsed)) return parsed;
  throw new WrongUse('--head', `The file ${shown} is not one that "log head --out" wrote.`);
};

/** A head that was kept elsewhere, as it was given: a hash, `revision:hash`, or the file of `log head`. */
export const readKeptHead = async (folder: string, given: string): Promise<KeptHead> => {
  const [, revision, hash] = /^(?:(\d{1,19}):)?([0-9a-f]{64})$/.exec(given) ?? [];
  if (hash === undefined) return fromFile(folder, given);
  return revision === undefined ? { hash } : { hash, revision: BigInt(revision) };
};
