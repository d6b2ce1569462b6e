import type { DirectorySync, ErrorCode } from '@learnamp/directory-sync';
import * as E from 'fp-ts/lib/Either.js';
import { type Configuration, secretsOf } from '../configuration/configuration.js';
import type { LoadPreferencesDecoder } from '../configuration/decode-configuration.js';
import type { ConfigurationMistake } from '../configuration/reader.js';
import type { OpenConnection } from '../open-connection.js';
import type { ExitCode, VerbContext } from '../verbs/verb-context.js';
import type { Invocation } from './invocation.js';
import { PipeClosed, writeLast } from './output.js';
import { makeRedactor } from './redact.js';
import type { Terminal } from './terminal.js';
import { explainCrash, explainMistakes, explainProblem, knownProblem } from './explain.js';

/** What is loaded only when it is needed: the engine takes longer to load than `--help` may take. */
export type Parts = {
  readonly openConnection: OpenConnection;
  readonly loadPreferencesDecoder: LoadPreferencesDecoder;
};

const runVerb = async (invocation: Invocation, context: VerbContext): Promise<ExitCode> => {
  switch (invocation.verb) {
    case 'sync':
      return (await import('../verbs/sync.js')).sync(invocation, context);
    case 'status':
      return (await import('../verbs/status.js')).status(invocation, context);
    case 'people':
      return (await import('../verbs/people.js')).people(invocation, context);
    case 'events':
      return (await import('../verbs/events.js')).events(invocation, context);
    case 'replay':
      return (await import('../verbs/replay.js')).replay(invocation, context);
  }
};

const wantsDocument = (invocation: Invocation): boolean => invocation.verb === 'sync' && invocation.json;

const openLogger = async (invocation: Invocation, terminal: Terminal, redact: (text: string) => string) => {
  if (!invocation.verbose) return undefined;
  const { openVerboseLogger } = await import('./verbose-logger.js');
  return openVerboseLogger((line) => void terminal.err.write(redact(line)).catch(() => undefined));
};

type Attempt = {
  readonly configuration: Configuration;
  readonly startedAt: Date;
  readonly redact: (text: string) => string;
};

/** One verb over an open connection, which is closed whatever happens. */
const runOpen = async (
  invocation: Invocation,
  terminal: Terminal,
  parts: Parts,
  attempt: Attempt,
): Promise<ExitCode> => {
  const { configuration, redact } = attempt;
  const logger = await openLogger(invocation, terminal, redact);
  // Only a sync that is meant writes: every other verb must leave the files as they are.
  const readOnly = invocation.verb !== 'sync' || invocation.dryRun;
  const { makeStyle, wantsColour } = await import('../reports/style.js');
  const style = makeStyle(wantsColour(terminal.out.isTerminal, invocation.color, terminal.environment));
  const connection: DirectorySync = await parts.openConnection(configuration, { readOnly, logger });
  try {
    return await runVerb(invocation, { connection, connectionId: configuration.connectionId, terminal, style, redact });
  } finally {
    // What was done is reported already: a file that does not close cannot turn it into something else.
    await connection.close().catch(() => logger?.warn({}, 'The connection did not close cleanly.'));
  }
};

const failWithCode = async (
  invocation: Invocation,
  terminal: Terminal,
  attempt: Attempt,
  problem: { readonly code: ErrorCode; readonly message: string },
): Promise<ExitCode> => {
  await writeLast(terminal.err, attempt.redact(explainProblem(problem.message)));
  if (invocation.verb !== 'sync' || !invocation.json) return 1;
  const { failedReport } = await import('../verbs/sync-document.js');
  const { startedAt, configuration } = attempt;
  const times = { startedAt, finishedAt: terminal.now() };
  const report = failedReport(
    { connectionId: configuration.connectionId, full: invocation.full, ...times },
    problem.code,
    attempt.redact(problem.message),
  );
  await writeLast(terminal.out, `${JSON.stringify(report)}\n`);
  return 1;
};

const failWithMistakes = async (
  mistakes: ReadonlyArray<ConfigurationMistake>,
  terminal: Terminal,
  document: boolean,
): Promise<ExitCode> => {
  await writeLast(terminal.err, explainMistakes(mistakes));
  if (document) {
    const { mistakesDocument } = await import('../verbs/sync-document.js');
    await writeLast(terminal.out, mistakesDocument(mistakes));
  }
  return 2;
};

/** `sync --json` answers with a document for every exit code, also where the words themselves are wrong. */
const asksForSyncDocument = (words: ReadonlyArray<string>): boolean =>
  words.includes('--json') && words.includes('sync');

const runInvocation = async (invocation: Invocation, terminal: Terminal, parts: Parts): Promise<ExitCode> => {
  const startedAt = terminal.now();
  const { readConfiguration } = await import('../configuration/read-configuration.js');
  const place = { file: invocation.config, folder: terminal.folder, environment: terminal.environment };
  const configuration = await readConfiguration(place, parts.loadPreferencesDecoder);
  if (E.isLeft(configuration)) return failWithMistakes(configuration.left, terminal, wantsDocument(invocation));
  const redact = makeRedactor(secretsOf(configuration.right));
  const attempt = { configuration: configuration.right, startedAt, redact };
  try {
    return await runOpen(invocation, terminal, parts, attempt);
  } catch (problem) {
    if (problem instanceof PipeClosed) return 0;
    const known = knownProblem(problem);
    if (known._tag === 'Mistake') {
      const mistakes = [{ path: known.path, message: redact(known.message) }];
      return failWithMistakes(mistakes, terminal, wantsDocument(invocation));
    }
    if (known._tag === 'Code') return failWithCode(invocation, terminal, attempt, known);
    await writeLast(terminal.err, redact(explainCrash(problem, invocation.verbose)));
    return 1;
  }
};

/** One call of `directory-sync`, from the words behind its name to its exit code. Never rejects over a closed pipe. */
export const runCommandLine = async (
  words: ReadonlyArray<string>,
  terminal: Terminal,
  parts: Parts,
): Promise<ExitCode> => {
  const { parseArguments } = await import('./parse-arguments.js');
  const parsed = parseArguments(words);
  try {
    if (parsed._tag === 'Run') return await runInvocation(parsed.invocation, terminal, parts);
    if (parsed._tag === 'Mistake') return await failWithMistakes([parsed], terminal, asksForSyncDocument(words));
    await terminal.out.write(parsed.text);
    return 0;
  } catch (problem) {
    if (problem instanceof PipeClosed) return 0;
    throw problem;
  }
};
