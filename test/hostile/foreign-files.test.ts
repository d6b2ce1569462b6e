import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startSimulator, type Simulator } from '@learnamp/directory-sync-simulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandLineIn, type Said } from '../support/command-line-in-process.js';
import { sqliteFolder } from '../support/connect.js';
import { calm } from '../support/stage.js';

let simulator: Simulator;
const removals: Array<() => Promise<void>> = [];

beforeAll(async () => {
  simulator = await startSimulator({ seed: 9, company: { people: 2 }, graph: calm });
});
afterAll(async () => {
  await simulator.close();
  for (const remove of removals) await remove();
});

const lineIn = async () => {
  const { folder, remove } = await sqliteFolder();
  removals.push(remove);
  const { configuration, env } = simulator.config();
  const named = { ...configuration, eventLog: { kind: 'sqlite', path: './log.db' } };
  return { folder, line: await commandLineIn(folder, named, env) };
};

/** SQLite's own file format: a header with the id of another application, and no table of ours. */
const ofAnotherProgram = (path: string): void => {
  const page = Buffer.alloc(4096);
  page.write('SQLite format 3\0', 0, 'latin1');
  page.writeUInt16BE(4096, 16);
  page.set([1, 1, 0, 64, 32, 32], 18);
  const numbers: ReadonlyArray<readonly [number, number]> = [
    [28, 1],
    [44, 4],
    [56, 1],
    [68, 0x0f055111],
  ];
  for (const [at, value] of numbers) page.writeUInt32BE(value, at);
  page.set([13, 0, 0, 0, 0, 0x10, 0], 100);
  writeFileSync(path, page);
};

/** What stands in the place of a file of ours. */
const kinds: ReadonlyArray<readonly [string, (path: string) => void]> = [
  ['a text', (path) => writeFileSync(path, 'Dear admin, the log is elsewhere. '.repeat(500))],
  ['a picture', (path) => writeFileSync(path, Buffer.from('89504e470d0a1a0a0000000d49484452'.repeat(300), 'hex'))],
  ['a directory', (path) => mkdirSync(path)],
  ['a database of another program', ofAnotherProgram],
  [
    'a database that was cut off',
    (path) => {
      ofAnotherProgram(path);
      truncateSync(path, 1000);
    },
  ],
  ['a header and then noise', (path) => writeFileSync(path, `SQLite format 3\0${'\u0007'.repeat(9000)}`, 'latin1')],
];

/** What a folder holds, byte for byte. */
const contentOf = (folder: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(folder).map((name) => {
      const path = join(folder, name);
      return [name, statSync(path).isDirectory() ? 'directory' : readFileSync(path, 'base64')];
    }),
  );

const isOneSentence = ({ stdout, stderr }: Said): void => {
  expect(stdout).toBe('');
  expect(stderr.trimEnd().split('\n'), stderr).toHaveLength(1);
  expect(stderr).toMatch(/\.\n$/);
  expect(stderr).not.toMatch(/\n\s+at |node:|Error:/);
};

describe.each(['log.db', 'log.db.keys'])('given %s is', (file) => {
  it.each(kinds)('%s: each verb says so in one sentence, and it stays as it is', async (_, put) => {
    const { folder, line } = await lineIn();
    put(join(folder, file));
    const accounts = simulator.learnAmp.accounts().length;
    const before = contentOf(folder)[file];
    for (const verb of ['status', 'verify', 'sync --yes']) {
      const said = await line.run(verb);
      expect(said.code, verb).toBe(1);
      isOneSentence(said);
      expect(said.stderr, verb).toContain(file);
    }
    expect(contentOf(folder)[file]).toBe(before);
    expect(simulator.learnAmp.accounts()).toHaveLength(accounts);
  });
});

describe('given a log that was synced', () => {
  it('and cut off in the middle, nothing is sent on the half of it', async () => {
    const { folder, line } = await lineIn();
    expect((await line.run('sync --yes')).code).toBe(0);
    const accounts = simulator.learnAmp.accounts().length;
    const path = join(folder, 'log.db');
    truncateSync(path, Math.floor(statSync(path).size / 2));
    for (const verb of ['status', 'sync --yes']) {
      const said = await line.run(verb);
      expect(said.code, verb).toBe(1);
      isOneSentence(said);
    }
    expect(simulator.learnAmp.accounts()).toHaveLength(accounts);
  });

  // Whoever is root may write everywhere.
  it.runIf(process.getuid?.() !== 0)('and may not be written, a sync says so and status still answers', async () => {
    const { folder, line } = await lineIn();
    expect((await line.run('sync --yes')).code).toBe(0);
    chmodSync(join(folder, 'log.db'), 0o444);
    const said = await line.run('sync --yes');
    expect(said.code).toBe(1);
    isOneSentence(said);
  });
});
