import type { SyncEngine } from '@learnamp/directory-sync';
import { knownProblem } from '../command-line/explain.js';
import { printable } from '../reports/printable.js';

const reasonOf = (problem: unknown): string => {
  const known = knownProblem(problem);
  if (known._tag === 'Unknown') return 'it cannot be opened by them.';
  return printable(known._tag === 'Mistake' ? `${known.path}: ${known.message}.` : known.message);
};

/** What `run` says of settings that a console of another process saved. */
export const tellSettings = (say: (line: string) => void, engine: Pick<SyncEngine, 'connection'>) => ({
  onFollowed: (connectionId: string): void =>
    say(`${printable(connectionId)}: goes on by the settings that were saved in the console.`),
  onRefused: (connectionId: string, problem: unknown): void => {
    const isOpen = engine.connection(connectionId) !== undefined;
    const then = isOpen
      ? 'It goes on by those before.'
      : 'It is not kept in step any more: save settings that can be followed, or start the command again.';
    say(
      `${printable(connectionId)}: the settings that were saved in the console cannot be followed: ${reasonOf(problem)} ${then}`,
    );
  },
});
