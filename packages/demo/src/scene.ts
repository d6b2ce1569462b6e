import type { Simulator } from '@learnamp/directory-sync-simulator';
import type { Cast } from './cast.js';
import type { Check } from './check.js';
import type { CommandLine, Ended, Running } from './command-line.js';
import type { Shown } from './layout.js';
import type { Narrator } from './narrator.js';
import { CheckFailed } from './check.js';

/** What every step of the story works with. */
export type Scene = {
  readonly simulator: Simulator;
  readonly cast: Cast;
  readonly folder: string;
  /** Aborted when the demo is stopped. */
  readonly signal: AbortSignal;
  readonly narrator: Narrator;
  readonly check: Check;
  /** Shows the command, runs it, shows what it printed; fails unless it ends with `exitCode`. */
  readonly run: (words: string, shown?: Shown, exitCode?: number) => Promise<Ended>;
  /** The same unseen, for what the demo itself wants to know. */
  readonly ask: (words: string) => Promise<Ended>;
  /**
   * Shows the command, leaves it running in the background until `meanwhile` is over, then stops it as a service manager
   * does and shows what it said meanwhile. Fails unless it ends with 0, and at once where it ends before it is told to.
   */
  readonly while: (words: string, meanwhile: (running: Running) => Promise<void>) => Promise<void>;
};

const lastLines = (text: string): string => text.trim().split('\n').slice(-3).join(' ');

export const makeScene = (
  parts: Omit<Scene, 'run' | 'ask' | 'while'> & { readonly commandLine: CommandLine },
): Scene => {
  const { commandLine, narrator, ...rest } = parts;
  const expectCode = (words: string, ended: Ended, exitCode: number): Ended => {
    if (ended.exitCode === exitCode) return ended;
    const said = lastLines(ended.stderr === '' ? ended.stdout : ended.stderr);
    throw new CheckFailed(
      `"directory-sync ${words}" should have ended with exit code ${exitCode} and ended with ${ended.exitCode}: ${said}`,
    );
  };
  return {
    ...rest,
    narrator,
    run: async (words, shown = {}, exitCode = 0) => {
      narrator.command(words.split(' '));
      const ended = await commandLine(words.split(' ')).ended;
      narrator.output(ended.stdout, shown);
      return expectCode(words, ended, exitCode);
    },
    ask: async (words) => expectCode(words, await commandLine(words.split(' ')).ended, 0),
    while: async (words, meanwhile) => {
      narrator.command([...words.split(' '), '&']);
      const running = commandLine(words.split(' '), 'background');
      const early = running.ended.then((ended) => {
        throw new CheckFailed(`"directory-sync ${words}" ended by itself: ${lastLines(ended.stderr)}`);
      });
      try {
        await Promise.race([meanwhile(running), early]);
      } finally {
        running.stop();
        await running.ended.catch(() => undefined);
      }
      const ended = expectCode(words, await running.ended, 0);
      narrator.blank();
      narrator.say('It is stopped with SIGTERM. This is what it said meanwhile:');
      narrator.output(ended.stderr, {});
    },
  };
};
