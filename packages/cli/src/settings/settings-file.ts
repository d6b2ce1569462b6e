import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import type { SettingsSaved } from '@learnamp/directory-sync-console';
import * as E from 'fp-ts/lib/Either.js';
import { changedText, type ChangedSettings } from '../configuration/changed-text.js';
import type { Configuration } from '../configuration/configuration.js';
import type { LoadPreferencesDecoder } from '../configuration/decode-configuration.js';
import { type ConfigurationPlace, configurationIn, fileText } from '../configuration/read-configuration.js';
import { replaceFile } from '../configuration/replace-file.js';

type Stands = { readonly text: string; readonly version: string; readonly configuration: Configuration };

export type Saved =
  | Exclude<SettingsSaved, { readonly _tag: 'Saved' }>
  | { readonly _tag: 'Saved'; readonly configuration: Configuration; readonly version: string };

/** The configuration file of one connection: read again each time, since people change it by hand as well. */
export type SettingsFile = {
  /** What stands in it. What cannot be used is told as what was there before, of a version that nothing can be saved over. */
  readonly read: () => Promise<Stands>;
  readonly save: (settings: ChangedSettings, version: string) => Promise<Saved>;
};

const versionOf = (text: string): string => createHash('sha256').update(text).digest('base64url');

const codeOf = (problem: unknown): string =>
  problem instanceof Error && 'code' in problem && typeof problem.code === 'string' ? problem.code : 'unknown';

const samePreferences = (one: Configuration, settings: ChangedSettings): boolean =>
  JSON.stringify(one.preferences) === JSON.stringify(settings.preferences);

export const openSettingsFile = (
  place: ConfigurationPlace,
  opened: Configuration,
  load: LoadPreferencesDecoder,
): SettingsFile => {
  const file = resolve(place.folder, place.file);
  const decode = (text: string) => configurationIn(text, { ...place, mayLackIds: true }, load);
  let last: Stands = { text: '', version: 'not read', configuration: opened };

  const read = async (): Promise<Stands> => {
    const text = fileText(file);
    if (E.isLeft(text)) return { ...last, version: 'unreadable' };
    if (text.right === last.text) return last;
    const decoded = await decode(text.right);
    if (E.isLeft(decoded) || decoded.right.connectionId !== opened.connectionId)
      return { ...last, version: 'unreadable' };
    last = { text: text.right, version: versionOf(text.right), configuration: decoded.right };
    return last;
  };

  /** Short where that says the same; else every preference is written out. */
  const textWith = async (settings: ChangedSettings, { text, configuration }: Stands) => {
    const short = changedText(text, settings, configuration.preferences);
    const decoded = await decode(short);
    if (E.isLeft(decoded) || samePreferences(decoded.right, settings)) return { text: short, decoded };
    const whole = changedText(text, settings, configuration.preferences, true);
    return { text: whole, decoded: await decode(whole) };
  };

  const save: SettingsFile['save'] = async (settings, version) => {
    const stands = await read();
    if (stands.version !== version) return { _tag: 'ChangedMeanwhile' };
    const next = await textWith(settings, stands);
    if (E.isLeft(next.decoded))
      return {
        _tag: 'NotSaved',
        message: next.decoded.left.map(({ path, message }) => `${path}: ${message}.`).join(' '),
      };
    const replaced = await replaceFile(file, stands.text, next.text).catch((problem: unknown): Saved => ({
      _tag: 'NotSaved',
      message: `The configuration file ${file} cannot be replaced (${codeOf(problem)}): change it there.`,
    }));
    if (replaced === 'changed-meanwhile') return { _tag: 'ChangedMeanwhile' };
    return replaced === 'replaced'
      ? { _tag: 'Saved', configuration: next.decoded.right, version: versionOf(next.text) }
      : replaced;
  };

  return { read, save };
};
