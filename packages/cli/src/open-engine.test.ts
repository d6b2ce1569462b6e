import { join } from 'node:path';
import { decodePreferences, defaultPreferences } from '@learnamp/directory-sync/preferences';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Configuration } from './configuration/configuration.js';
import { readConfiguration } from './configuration/read-configuration.js';
import { openEngine } from './open-engine.js';
import { environment, soundConfiguration, writeConfiguration } from './testing/test-configuration.js';

const opened = async () => {
  const folder = writeConfiguration(soundConfiguration);
  const place = { file: 'directory-sync.json', folder, environment };
  const read = await readConfiguration(place, () => Promise.resolve(decodePreferences));
  if (E.isLeft(read)) throw new Error(JSON.stringify(read.left));
  const configuration: Configuration = read.right;
  const nothing = () => undefined;
  const engine = await openEngine([configuration], {
    publicUrl: undefined,
    onCycle: nothing,
    alert: nothing,
    logger: undefined,
  });
  onTestFinished(() => engine.stop({ deadlineMs: 0 }));
  return { folder, configuration, engine };
};

const withLog = (configuration: Configuration, logPath: string): Configuration => {
  if (configuration.storage.kind !== 'sqlite') throw new Error('The sound configuration has files.');
  return { ...configuration, storage: { ...configuration.storage, logPath } };
};

describe('changing a connection of an engine', () => {
  test('closes the one that was open and opens another', async () => {
    const { engine, configuration } = await opened();
    const before = engine.connection('contoso');
    await engine.change({ ...configuration, preferences: { ...defaultPreferences, syncPhotos: false } });
    expect(engine.connection('contoso')).toBeDefined();
    expect(engine.connection('contoso')).not.toBe(before);
  });

  test('to one that cannot be opened rejects, and it goes on by the one before', async () => {
    const { engine, configuration, folder } = await opened();
    const broken = withLog(configuration, join(folder, 'directory-sync.json', 'no-folder', 'log.db'));
    await expect(engine.change(broken)).rejects.toThrow();
    await expect(engine.connection('contoso')?.status()).resolves.toMatchObject({ connectionId: 'contoso' });
    await engine.change(configuration);
    expect(engine.connection('contoso')).toBeDefined();
  });

  test('twice at once is done one after the other', async () => {
    const { engine, configuration } = await opened();
    const preferences = { ...defaultPreferences, syncPhotos: false };
    await Promise.all([engine.change({ ...configuration, preferences }), engine.change(configuration)]);
    await expect(engine.connection('contoso')?.status()).resolves.toBeDefined();
  });
});

test('what another process leaves in the files of a connection is read there, and nowhere without files', async () => {
  const { engine, configuration } = await opened();
  await engine.notes('contoso')?.leaveSaved('one');
  await engine.change(configuration);
  expect(await engine.notes('contoso')?.saved()).toBe('one');
  expect(engine.notes('fabrikam')).toBeUndefined();
  await engine.change({ ...configuration, storage: { kind: 'memory' } });
  expect(engine.notes('contoso')).toBeUndefined();
});
