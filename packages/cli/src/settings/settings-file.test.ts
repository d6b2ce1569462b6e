import { lstatSync, readdirSync, readFileSync, renameSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodePreferences } from '@learnamp/directory-sync/preferences';
import * as E from 'fp-ts/lib/Either.js';
import { expect, test } from 'vitest';
import { readConfiguration } from '../configuration/read-configuration.js';
import { environment, GUID, soundConfiguration, writeConfiguration } from '../testing/test-configuration.js';
import { openSettingsFile } from './settings-file.js';

const load = () => Promise.resolve(decodePreferences);
const NAME = 'directory-sync.json';

const opened = async (written: unknown, mayLackIds = false) => {
  const folder = writeConfiguration(written);
  const place = { file: NAME, folder, environment, mayLackIds };
  const read = await readConfiguration(place, load);
  if (E.isLeft(read)) throw new Error(JSON.stringify(read.left));
  const settings = openSettingsFile(place, read.right, load);
  const { version, configuration } = await settings.read();
  const { tenantId, groupId, preferences } = configuration;
  const text = (): string => readFileSync(join(folder, NAME), 'utf8');
  return { folder, settings, version, now: { tenantId, groupId, preferences }, text };
};

const written = `{
    "connectionId": "contoso",
    "tenantId": "${GUID}",
    "groupId": "66666666-7777-4888-8999-aaaaaaaaaaaa",
    "graph": ${JSON.stringify(soundConfiguration.graph)},
    "learnAmp": ${JSON.stringify(soundConfiguration.learnAmp)},
    "preferences": { "blanks": "keep", "attributes": { "location": "city" } }
}
`;

test('changes what was changed, and writes out neither defaults nor secrets', async () => {
  const { settings, version, now, text } = await opened(written);
  const { attributes } = now.preferences;
  const preferences = {
    ...now.preferences,
    syncPhotos: false,
    attributes: { ...attributes, jobTitle: ['title', 'jobTitle'], hireDate: [] },
  };
  expect(await settings.save({ ...now, preferences }, version)).toMatchObject({ _tag: 'Saved' });
  expect(JSON.parse(text())).toEqual({
    ...JSON.parse(written),
    preferences: {
      blanks: 'keep',
      attributes: { location: 'city', jobTitle: ['title', 'jobTitle'], hireDate: null },
      syncPhotos: false,
    },
  });
  expect(text()).toMatch(/^\{\n {4}"connectionId"/);
  expect((await settings.read()).configuration.preferences).toEqual(preferences);
});

test('says everything where what was left out would follow something else', async () => {
  const { settings, version, now } = await opened(written);
  // The team follows the department by itself; here it is to stay.
  const preferences = { ...now.preferences, attributes: { ...now.preferences.attributes, department: ['division'] } };
  await settings.save({ ...now, preferences }, version);
  expect((await settings.read()).configuration.preferences).toEqual(preferences);
});

test('takes the ids of a configuration that had none', async () => {
  const { tenantId, groupId, ...rest } = soundConfiguration;
  const { settings, version, now, text } = await opened(rest, true);
  const saved = await settings.save({ ...now, tenantId, groupId }, version);
  expect(saved._tag).toBe('Saved');
  expect(Object.keys(JSON.parse(text()) as object).slice(0, 3)).toEqual(['connectionId', 'tenantId', 'groupId']);
});

test('refuses where somebody changed the file meanwhile, and leaves theirs as it is', async () => {
  const { folder, settings, version, now, text } = await opened(written);
  const theirs = written.replace('"keep"', '"clear"');
  writeFileSync(join(folder, NAME), theirs);
  expect(await settings.save(now, version)).toEqual({ _tag: 'ChangedMeanwhile' });
  expect(text()).toBe(theirs);
  writeFileSync(join(folder, NAME), '{ half');
  const { version: broken, configuration } = await settings.read();
  expect(configuration.connectionId).toBe('contoso');
  expect(await settings.save(now, broken)).toEqual({ _tag: 'ChangedMeanwhile' });
  expect(text()).toBe('{ half');
});

test('saves nothing that the command could not read afterwards', async () => {
  const { settings, version, now, text } = await opened(written);
  const preferences = { ...now.preferences, invitations: 'hire-date' as const };
  expect(await settings.save({ ...now, preferences }, version)).toMatchObject({
    _tag: 'NotSaved',
    message: expect.stringContaining('preferences.invitations') as string,
  });
  expect(text()).toBe(written);
});

test('a link stays a link, the file keeps who may read it, and nothing is left beside it', async () => {
  const { folder, settings, version, now } = await opened(written);
  renameSync(join(folder, NAME), join(folder, 'real.json'));
  symlinkSync(join(folder, 'real.json'), join(folder, NAME));
  const { mode } = statSync(join(folder, 'real.json'));
  const saved = await settings.save({ ...now, preferences: { ...now.preferences, graceRounds: 2 } }, version);
  expect(saved._tag).toBe('Saved');
  expect(lstatSync(join(folder, NAME)).isSymbolicLink()).toBe(true);
  expect(statSync(join(folder, 'real.json')).mode).toBe(mode);
  expect(readFileSync(join(folder, 'real.json'), 'utf8')).toContain('"graceRounds": 2');
  expect(readdirSync(folder).sort()).toEqual([NAME, 'real.json']);
});
