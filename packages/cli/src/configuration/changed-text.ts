import type { Preferences } from '@learnamp/directory-sync';
import { isRecord, own } from './reader.js';

/** What a person may change in a configuration: never how it signs in, nor where it keeps anything. */
export type ChangedSettings = {
  readonly tenantId: string | null;
  readonly groupId: string | null;
  readonly preferences: Preferences;
};

type Given = Readonly<Record<string, unknown>>;

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** Field by field, as people write them: one attribute by itself, none as null. */
const attributesText = (attributes: Preferences['attributes'], before: Preferences['attributes'], given: unknown) => {
  const written = isRecord(given) ? given : {};
  const changed = Object.entries(attributes).filter(
    ([field, names]) => !same(names, before[field as keyof Preferences['attributes']]),
  );
  const asWritten = (names: ReadonlyArray<string>): unknown => (names.length > 1 ? names : (names[0] ?? null));
  return { ...written, ...Object.fromEntries(changed.map(([field, names]) => [field, asWritten(names)])) };
};

/** What was written stays as it was written, and what nobody touched stays unwritten: it goes on following its default. */
const preferencesText = (preferences: Preferences, before: Preferences, given: Given): Given => {
  const changed = Object.entries(preferences).filter(
    ([key, value]) => key !== 'attributes' && !same(value, before[key as keyof Preferences]),
  );
  const attributes = same(preferences.attributes, before.attributes)
    ? {}
    : { attributes: attributesText(preferences.attributes, before.attributes, own(given, 'attributes')) };
  return { ...given, ...attributes, ...Object.fromEntries(changed) };
};

const indentOf = (text: string): string => /^\s*\{\r?\n([ \t]+)"/.exec(text)?.[1] ?? '  ';

/** `connectionId` stays first; the ids follow it where they were not there. */
const withIds = (input: Given, { tenantId, groupId }: ChangedSettings): Given => {
  const { connectionId, ...rest } = input;
  return {
    connectionId,
    ...(tenantId === null ? {} : { tenantId }),
    ...(groupId === null ? {} : { groupId }),
    ...Object.fromEntries(Object.entries(rest).filter(([key]) => key !== 'tenantId' && key !== 'groupId')),
  };
};

/** The text of a configuration with other settings in it. Everything else is as it stood. */
export const changedText = (text: string, settings: ChangedSettings, before: Preferences, complete = false): string => {
  const input = JSON.parse(text.replace(/^\uFEFF/, '')) as unknown;
  const document = isRecord(input) ? input : {};
  const given = own(document, 'preferences');
  const preferences = complete
    ? settings.preferences
    : preferencesText(settings.preferences, before, isRecord(given) ? given : {});
  return `${JSON.stringify({ ...withIds(document, settings), preferences }, undefined, indentOf(text))}\n`;
};
