import type { DirectorySyncError, ErrorCode } from '@learnamp/directory-sync';
import type { ConfigurationMistake } from '../configuration/reader.js';
import { printable } from '../reports/printable.js';
import { WrongUse } from '../verbs/verb-context.js';
import { withoutAddresses } from './redact.js';

const stopped = (sentence: string): string => (/[.?!)]$/.test(sentence) ? sentence : `${sentence}.`);

const isFlag = (path: string): boolean => path === '' || path.startsWith('--');

/** Every mistake on a line of its own, with its path. A mistake in the words of the command line is a sentence already. */
export const explainMistakes = (mistakes: ReadonlyArray<ConfigurationMistake>, file = 'The configuration'): string => {
  const [first] = mistakes;
  if (first !== undefined && mistakes.length === 1 && (isFlag(first.path) || /^[A-Z`]/.test(first.message)))
    return `${printable(stopped(first.message))}\n`;
  const count = mistakes.length === 1 ? 'one mistake' : `${mistakes.length} mistakes`;
  const lines = mistakes.map(({ path, message }) => `  ${printable(`${path}: ${stopped(message)}`)}`);
  return [`${printable(file)} has ${count}:`, ...lines, ''].join('\n');
};

export const explainProblem = (message: string): string => `${printable(stopped(message))}\n`;

export type KnownProblem =
  | { readonly _tag: 'Mistake'; readonly path: string; readonly message: string }
  | { readonly _tag: 'Code'; readonly code: ErrorCode; readonly message: string }
  | { readonly _tag: 'Unknown' };

/** No SQLite binding loads on this machine: nothing is wrong with the log, so running it again would not help. */
const lacksSqlite = (problem: unknown, depth = 0): Error | undefined => {
  if (!(problem instanceof Error) || depth > 4) return undefined;
  return problem.name === 'NoSqliteDriver' ? problem : lacksSqlite(problem.cause, depth + 1);
};

/** A key store under another master key is the wrong one as far as this configuration goes. */
const refusedFile = (problem: Error): KnownProblem => ({
  _tag: 'Code',
  code: 'reason' in problem && problem.reason === 'mismatch' ? 'key-store-mismatch' : 'log-unavailable',
  message: problem.message,
});

/** Sorts what a verb or the engine threw. The engine's errors are known by name and code: it may not even be loaded. */
export const knownProblem = (problem: unknown): KnownProblem => {
  if (problem instanceof WrongUse) return { _tag: 'Mistake', path: problem.path, message: problem.message };
  const noSqlite = lacksSqlite(problem);
  if (noSqlite !== undefined) return { _tag: 'Mistake', path: 'eventLog.kind', message: noSqlite.message };
  if (problem instanceof Error && problem.name === 'EventStoreDbConnectionRefused')
    return { _tag: 'Mistake', path: 'eventLog.connectionString', message: problem.message };
  // A file that is no log of ours, is damaged, or cannot be opened: its message is a sentence for people.
  if (problem instanceof Error && problem.name === 'SqliteFileRefused') return refusedFile(problem);
  if (!(problem instanceof Error) || problem.name !== 'DirectorySyncError') return { _tag: 'Unknown' };
  const { code, message } = problem as Error & Pick<DirectorySyncError, 'code'>;
  // The sentence says which moment, as it was given, or whom.
  if (code === 'wrong-moment' || code === 'wrong-file' || code === 'not-erasable' || code === 'consent-answer')
    return { _tag: 'Mistake', path: '', message };
  return code === 'wrong-tenant'
    ? { _tag: 'Mistake', path: 'tenantId', message: message.replace(/^tenantId: /, '') }
    : { _tag: 'Code', code, message };
};

/** Nobody expected this one. The stack is for those who ask for it, and nobody's address stands in either. */
export const explainCrash = (problem: unknown, verbose: boolean): string => {
  const error = problem instanceof Error ? problem : new Error(String(problem));
  if (verbose) return `${withoutAddresses(error.stack ?? error.message)}\n`;
  const sentence = printable(withoutAddresses(stopped(error.message)));
  return `Something went wrong that should not: ${sentence} Run it again; --verbose shows where.\n`;
};
