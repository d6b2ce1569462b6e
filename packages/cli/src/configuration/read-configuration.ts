import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import type { Configuration } from './configuration.js';
import { decodeConfiguration, type LoadPreferencesDecoder } from './decode-configuration.js';
import { locateJsonMistake } from './locate-json-mistake.js';
import { withoutIds } from './not-set-up.js';
import { type ConfigurationMistake, isRecord, mistake, type Read } from './reader.js';

export type ConfigurationPlace = {
  /** As given, relative to `folder`. */
  readonly file: string;
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** For what sets connections up: the ids of tenant and group may be missing. */
  readonly mayLackIds?: boolean | undefined;
};

const LARGEST = 1024 * 1024;

const cannotRead = (
  file: string,
  cause: unknown,
): E.Either<ReadonlyArray<{ path: string; message: string }>, never> => {
  const code = isRecord(cause) ? cause['code'] : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return mistake(
      '--config',
      `There is no configuration file ${file}: write one (docs/how-to/connect-a-directory.md), or name another one with --config FILE`,
    );
  if (code === 'EACCES' || code === 'EPERM')
    return mistake('--config', `The configuration file ${file} may not be read by this user`);
  if (code === 'EISDIR') return mistake('--config', `The configuration file ${file} is a folder`);
  return mistake('--config', `The configuration file ${file} cannot be read`);
};

export const fileText = (file: string): Read<string> => {
  try {
    if (statSync(file).size > LARGEST)
      return mistake('--config', `The configuration file ${file} is larger than 1 MiB`);
    return E.right(readFileSync(file, 'utf8'));
  } catch (cause) {
    return cannotRead(file, cause);
  }
};

const parsed = (text: string, file: string): Read<unknown> => {
  try {
    return E.right(JSON.parse(text) as unknown);
  } catch {
    const at = locateJsonMistake(text);
    const where = at === undefined ? '' : ` at line ${at.line}, column ${at.column}: expected ${at.expected}`;
    return mistake('', `The configuration file ${file} is not valid JSON${where}`);
  }
};

/** Parses and checks what a configuration file holds, or is to hold. */
export const configurationIn = async (
  text: string,
  place: ConfigurationPlace,
  load: LoadPreferencesDecoder,
): Promise<Read<Configuration>> => {
  const file = resolve(place.folder, place.file);
  const input = parsed(text.replace(/^\uFEFF/, ''), file);
  if (E.isLeft(input)) return input;
  const sources = {
    environment: place.environment,
    readFile: (path: string) => readFileSync(path, 'utf8'),
    readBytes: (path: string) => readFileSync(path),
    folder: dirname(file),
  };
  return decodeConfiguration(place.mayLackIds === true ? withoutIds(input.right) : input.right, sources, load);
};

/** Reads, parses and checks the configuration file. */
export const readConfiguration = async (
  place: ConfigurationPlace,
  load: LoadPreferencesDecoder,
): Promise<Read<Configuration>> => {
  const text = fileText(resolve(place.folder, place.file));
  return E.isLeft(text) ? text : configurationIn(text.right, place, load);
};

/** With several files a mistake names the one it stands in. */
const inFile =
  (file: string) =>
  ({ path, message }: ConfigurationMistake): ConfigurationMistake =>
    path === '' || path.startsWith('--') ? { path, message } : { path: `${file}: ${path}`, message };

const twice = (configurations: ReadonlyArray<Configuration>): ReadonlyArray<ConfigurationMistake> => {
  const ids = configurations.map(({ connectionId }) => connectionId);
  const again = ids.filter((id, n) => ids.indexOf(id) < n);
  return [...new Set(again)].map((id) => ({
    path: '--config',
    message: `Two configuration files are about the connection ${id}`,
  }));
};

/** Reads every file, and lists the mistakes of all of them at once. */
export const readConfigurations = async (
  files: readonly [string, ...ReadonlyArray<string>],
  place: Omit<ConfigurationPlace, 'file'>,
  load: LoadPreferencesDecoder,
): Promise<Read<readonly [Configuration, ...ReadonlyArray<Configuration>]>> => {
  const [first, ...others] = files;
  if (others.length === 0) {
    const only = await readConfiguration({ ...place, file: first }, load);
    return E.isLeft(only) ? only : E.right([only.right]);
  }
  const configurations: Configuration[] = [];
  const mistakes: ConfigurationMistake[] = [];
  for (const file of files) {
    const read = await readConfiguration({ ...place, file }, load);
    if (E.isLeft(read)) mistakes.push(...read.left.map(inFile(file)));
    else configurations.push(read.right);
  }
  const all = [...mistakes, ...twice(configurations)];
  const [one, ...more] = configurations;
  return all.length > 0 || one === undefined ? E.left(all) : E.right([one, ...more]);
};
