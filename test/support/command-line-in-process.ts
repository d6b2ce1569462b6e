import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { decodePreferences } from '@learnamp/directory-sync/preferences';
import { runCommandLine, type Terminal } from '@learnamp/directory-sync-cli';
import { openConnection } from '../../packages/cli/src/open-connection.js';
import { openEngine } from '../../packages/cli/src/open-engine.js';
import { makeTestTerminal } from '../../packages/cli/src/testing/test-terminal.js';

export type Said = { readonly code: number; readonly stdout: string; readonly stderr: string };

/** A verb that stays until it is stopped. */
export type Staying = {
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** As Ctrl+C. */
  readonly stop: () => Promise<Said>;
};

/** The command line with its genuine engine and clients, in this process, in a folder with its configuration. */
export type InProcess = {
  readonly folder: string;
  readonly run: (words: string) => Promise<Said>;
  readonly stay: (words: string) => Staying;
  /** Everything that was ever printed. */
  readonly printed: () => string;
};

/** What looks again and again does so often, and without keeping the process busy. */
const waitShortly: Terminal['wait'] = (milliseconds, signal) =>
  setTimeout(Math.min(milliseconds, 20), undefined, { signal }).catch(() => undefined);

export const commandLineIn = async (
  folder: string,
  configuration: unknown,
  environment: Readonly<Record<string, string>>,
): Promise<InProcess> => {
  await writeFile(join(folder, 'directory-sync.json'), JSON.stringify(configuration));
  const world: Partial<Terminal> = { folder, environment, now: () => new Date(), wait: waitShortly };
  let printed = '';
  const begin = (words: string) => {
    const test = makeTestTerminal(world);
    const ended = runCommandLine(words.split(' '), test.terminal, {
      openConnection,
      openEngine,
      loadPreferencesDecoder: () => Promise.resolve(decodePreferences),
    }).then((code): Said => {
      const said = { code, stdout: test.stdout(), stderr: test.stderr() };
      printed += said.stdout + said.stderr;
      return said;
    });
    return { test, ended };
  };
  return {
    folder,
    run: (words) => begin(words).ended,
    stay: (words) => {
      const { test, ended } = begin(words);
      return {
        stdout: test.stdout,
        stderr: test.stderr,
        stop: () => {
          test.stop();
          return ended;
        },
      };
    },
    printed: () => printed,
  };
};
