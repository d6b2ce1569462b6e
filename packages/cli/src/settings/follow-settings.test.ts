import { openMemoryStores } from '@learnamp/directory-sync';
import { decodePreferences, defaultPreferences } from '@learnamp/directory-sync/preferences';
import * as E from 'fp-ts/lib/Either.js';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Configuration } from '../configuration/configuration.js';
import { readConfiguration } from '../configuration/read-configuration.js';
import { environment, soundConfiguration, writeConfiguration } from '../testing/test-configuration.js';
import { followSettings } from './follow-settings.js';
import { openSettingsFile } from './settings-file.js';
import { settingsNotes } from './settings-notes.js';
import { untilFollowed } from './until-followed.js';

const NAME = 'directory-sync.json';
const load = () => Promise.resolve(decodePreferences);

/** A running engine with one connection, and a console of another process over the same file. `pass`: so many looks. */
const open = async (refusal?: Error) => {
  const folder = writeConfiguration(soundConfiguration);
  const place = { file: NAME, folder, environment };
  const read = await readConfiguration(place, load);
  if (E.isLeft(read)) throw new Error(JSON.stringify(read.left));
  const notes = settingsNotes(openMemoryStores().cache, 'contoso');
  const changed: Configuration[] = [];
  const said: string[] = [];
  let present: Configuration = read.right;
  const slot = {
    file: openSettingsFile(place, read.right, load),
    connectionId: 'contoso',
    change: (next: Configuration) => {
      changed.push(next);
      if (refusal !== undefined) return Promise.reject(refusal);
      present = next;
      return Promise.resolve();
    },
    present: () => present,
    notes: () => notes,
  };
  const told = {
    onFollowed: (id: string) => void said.push(`followed ${id}`),
    onRefused: (id: string) => void said.push(`refused ${id}`),
  };
  const pass = async (looks: number): Promise<void> => {
    const ended = new AbortController();
    let left = looks;
    const wait = () => {
      left -= 1;
      if (left === 0) ended.abort();
      return Promise.resolve();
    };
    await followSettings([slot], told, { wait }, ended.signal);
  };
  const console = openSettingsFile(place, read.right, load);
  const save = async (syncPhotos: boolean): Promise<string> => {
    const { version, configuration } = await console.read();
    const preferences = { ...configuration.preferences, syncPhotos };
    const saved = await console.save({ ...configuration, preferences }, version);
    if (saved._tag !== 'Saved') throw new Error(JSON.stringify(saved));
    return saved.version;
  };
  const byHand = (text: string) => writeFileSync(join(folder, NAME), text);
  return { notes, changed, said, pass, save, byHand };
};

test('what was saved is followed once, and the console is told', async () => {
  const { notes, changed, said, pass, save } = await open();
  const version = await save(false);
  await notes.leaveSaved(version);
  await pass(3);
  expect(changed.map(({ preferences }) => preferences.syncPhotos)).toEqual([false]);
  expect(said).toEqual(['followed contoso']);
  expect(await notes.followed()).toBe(version);
});

test('a file that was changed by hand is left alone, whatever was saved before', async () => {
  const { notes, changed, pass, save, byHand } = await open();
  await notes.leaveSaved(await save(false));
  byHand(JSON.stringify({ ...soundConfiguration, preferences: { ...defaultPreferences, syncPhotos: true } }));
  await pass(2);
  byHand('{ half of a change');
  await pass(2);
  expect(changed).toEqual([]);
  expect(await notes.followed()).toBeUndefined();
});

test('what it goes on by already is answered without opening anything', async () => {
  const { notes, changed, said, pass, save } = await open();
  await save(false);
  const version = await save(defaultPreferences.syncPhotos);
  await notes.leaveSaved(version);
  await pass(1);
  expect([changed, said]).toEqual([[], []]);
  expect(await notes.followed()).toBe(version);
});

test('what cannot be followed is told once and not tried again, and what is saved after it is answered', async () => {
  const { notes, changed, said, pass, save } = await open(new Error('no such file'));
  await notes.leaveSaved(await save(false));
  await pass(3);
  expect(said).toEqual(['refused contoso']);
  expect(await notes.followed()).toBeUndefined();
  const version = await save(true);
  await notes.leaveSaved(version);
  await pass(2);
  expect(changed).toHaveLength(1);
  expect(await notes.followed()).toBe(version);
});

const looking = () => ({
  waited: 0,
  wait(milliseconds: number) {
    this.waited += milliseconds;
    return Promise.resolve();
  },
  stopSignal: () => new AbortController().signal,
});

test('a console says that what it saved is followed by the next sync where no engine runs, or one answered', async () => {
  const notes = settingsNotes(openMemoryStores().cache, 'contoso');
  expect(await untilFollowed('one', notes, () => Promise.resolve(false), looking())).toBe('next-sync');
  expect(await notes.saved()).toBe('one');
  await notes.leaveFollowed('two');
  expect(await untilFollowed('two', notes, () => Promise.resolve(true), looking())).toBe('next-sync');
});

test('where a running engine does not answer for fifteen seconds, it has to be started again', async () => {
  const notes = settingsNotes(openMemoryStores().cache, 'contoso');
  const terminal = looking();
  const wait = (milliseconds: number) => terminal.wait(milliseconds);
  const told = await untilFollowed('one', notes, () => Promise.resolve(true), { ...terminal, wait });
  expect(told).toBe('restart');
  expect(terminal.waited).toBe(15_000);
});
