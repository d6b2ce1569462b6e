import { expect } from 'vitest';
import { runCommandLine } from '../command-line/run-command-line.js';
import type { LoadPreferencesDecoder } from '../configuration/decode-configuration.js';
import type { Terminal } from '../command-line/terminal.js';
import type { OpenConnection, OpenOptions } from '../open-connection.js';
import type { OpenEngine } from '../open-engine.js';
import { makeFakeConnection } from './fake-connection.js';
import {
  environment,
  fakePreferences,
  GRAPH_CANARY,
  LEARN_AMP_CANARY,
  soundConfiguration,
  writeConfiguration,
} from './test-configuration.js';
import { makeTestTerminal, type TestTerminal } from './test-terminal.js';

export type Setting = {
  readonly configuration?: unknown;
  readonly connection?: Parameters<typeof makeFakeConnection>[0];
  readonly open?: OpenConnection;
  readonly engine?: OpenEngine;
  /** In place of a decoder that takes every object as it is. */
  readonly preferences?: LoadPreferencesDecoder;
  /** In place of the folder with the configuration. */
  readonly folder?: string;
  readonly terminal?: Partial<Terminal> & { readonly answers?: ReadonlyArray<string> };
  /** Gets the terminal before the verb begins: for tests that stop it. */
  readonly onTerminal?: (terminal: TestTerminal) => void;
};

/** One call of the command line over fakes. Whatever it prints, no secret may stand in it. */
export const runWords = async (words: ReadonlyArray<string>, setting: Setting = {}) => {
  const folder = setting.folder ?? writeConfiguration(setting.configuration ?? soundConfiguration);
  const test = makeTestTerminal({ folder, environment, ...setting.terminal });
  setting.onTerminal?.(test);
  const connection = makeFakeConnection(setting.connection);
  const opened: OpenOptions[] = [];
  const open: OpenConnection = async (configuration, options) => {
    opened.push(options);
    return setting.open === undefined ? connection : setting.open(configuration, options);
  };
  const code = await runCommandLine(words, test.terminal, {
    openConnection: open,
    openEngine: setting.engine ?? (() => Promise.reject(new Error('There is no engine here.'))),
    loadPreferencesDecoder: setting.preferences ?? fakePreferences,
  });
  const [stdout, stderr] = [test.stdout(), test.stderr()];
  for (const canary of [GRAPH_CANARY, LEARN_AMP_CANARY]) expect(stdout + stderr).not.toContain(canary);
  return { code, stdout, stderr, opened, connection, folder, questions: test.questions };
};

export const run = (words: string, setting?: Setting) => runWords(words.split(' '), setting);

export const json = (text: string): unknown => {
  expect(text.trimEnd().split('\n')).toHaveLength(1);
  return JSON.parse(text) as unknown;
};

export const lines = (text: string): ReadonlyArray<unknown> =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);
