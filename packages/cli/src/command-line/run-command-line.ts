import type { ErrorCode, Logger } from '@learnamp/directory-sync';
import * as E from 'fp-ts/lib/Either.js';
import { type Configuration, secretsOf } from '../configuration/configuration.js';
import type { LoadPreferencesDecoder } from '../configuration/decode-configuration.js';
import type { ConfigurationMistake } from '../configuration/reader.js';
import type { OpenConnection } from '../open-connection.js';
import type { OpenEngine } from '../open-engine.js';
import { type ExitCode, type VerbContext, WrongFile } from '../verbs/verb-context.js';
import { harmlessOutput } from './harmless-output.js';
import type { Invocation } from './invocation.js';
import { PipeClosed, writeLast } from './output.js';
import { makeRedactor } from './redact.js';
import type { Terminal } from './terminal.js';
import { explainCrash, explainMistakes, explainProblem, knownProblem } from './explain.js';

/** What is loaded only when it is needed: the engine takes longer to load than `--help` may take. */
export type Parts = {
  readonly openConnection: OpenConnection;
  readonly openEngine: OpenEngine;
  readonly loadPreferencesDecoder: LoadPreferencesDecoder;
};

type AuditVerb = 'events' | 'replay' | 'state' | 'diff' | 'verify' | 'log' | 'rebuild';

/** Verbs that look at the log as a whole. */
const runAuditVerb = async (
  invocation: Extract<OverOne, { readonly verb: AuditVerb }>,
  context: VerbContext,
): Promise<ExitCode> => {
  switch (invocation.verb) {
    case 'events':
      return (await import('../verbs/events.js')).events(invocation, context);
    case 'replay':
      return (await import('../verbs/replay.js')).replay(invocation, context);
    case 'state':
      return (await import('../verbs/state.js')).state(invocation, context);
    case 'diff':
      return (await import('../verbs/diff.js')).diff(invocation, context);
    case 'verify':
      return (await import('../verbs/verify.js')).verify(invocation, context);
    case 'log':
      return (await import('../verbs/log.js')).log(invocation, context);
    case 'rebuild':
      return (await import('../verbs/rebuild.js')).rebuild(invocation, context);
  }
};

type DecidingVerb = 'pause' | 'resume' | 'disconnect' | 'held' | 'parked' | 'retry';

/** Verbs by which an administrator decides something; the others look at the log as a whole. */
const runDecidingVerb = async (
  invocation: Extract<OverOne, { readonly verb: DecidingVerb | AuditVerb }>,
  context: VerbContext,
): Promise<ExitCode> => {
  switch (invocation.verb) {
    case 'pause':
    case 'resume':
      return (await import('../verbs/pause.js')).pauseOrResume(invocation, context);
    case 'disconnect':
      return (await import('../verbs/disconnect.js')).disconnect(invocation, context);
    case 'held':
      return (await import('../verbs/held.js')).held(invocation, context);
    case 'parked':
      return (await import('../verbs/parked.js')).parked(invocation, context);
    case 'retry':
      return (await import('../verbs/retry.js')).retry(invocation, context);
    default:
      return runAuditVerb(invocation, context);
  }
};

const runVerb = async (invocation: OverOne, context: VerbContext): Promise<ExitCode> => {
  switch (invocation.verb) {
    case 'sync':
      return invocation.user === undefined
        ? (await import('../verbs/sync.js')).sync(invocation, context)
        : (await import('../verbs/sync-user.js')).syncUser({ ...invocation, user: invocation.user }, context);
    case 'preview':
      return (await import('../verbs/preview.js')).preview(invocation, context);
    case 'reconcile':
      return (await import('../verbs/reconcile.js')).reconcile(invocation, context);
    case 'erase':
      return (await import('../verbs/erase.js')).erase(invocation, context);
    case 'people':
      return (await import('../verbs/people.js')).people(invocation, context);
    case 'why':
      return (await import('../verbs/why.js')).why(invocation, context);
    case 'export':
      return (await import('../verbs/export.js')).exportUser(invocation, context);
    case 'accesses':
      return (await import('../verbs/accesses.js')).accesses(invocation, context);
    default:
      return runDecidingVerb(invocation, context);
  }
};

const wantsDocument = (invocation: Invocation): boolean => invocation.verb === 'sync' && invocation.json;

const openLogger = async (invocation: Invocation, terminal: Terminal, redact: (text: string) => string) => {
  if (!invocation.verbose) return undefined;
  const { openVerboseLogger } = await import('./verbose-logger.js');
  return openVerboseLogger((line) => void terminal.err.write(redact(line)).catch(() => undefined));
};

type Attempt = {
  readonly configurations: readonly [Configuration, ...ReadonlyArray<Configuration>];
  readonly startedAt: Date;
  readonly redact: (text: string) => string;
  /** Of a configuration that was read since the start. */
  readonly onConfiguration: (configuration: Configuration) => void;
};

/** Verbs over one open connection. */
type OverOne = Exclude<
  Invocation,
  | { readonly verb: 'run' | 'console' | 'status' | 'backup' | 'restore' | 'keys' | 'doctor' | 'consent' }
  | { readonly action: 'import' }
>;

/**
 * Only what is meant to write does: every other verb makes no file and leaves those that are there as they are. That somebody
 * looked at people (`people`, `why`, `held`, `parked`, `export`) is recorded all the same, in a log that is there already.
 */
const writes = (invocation: OverOne): boolean =>
  (invocation.verb === 'sync' && !invocation.dryRun) ||
  invocation.verb === 'reconcile' ||
  (invocation.verb === 'rebuild' && !invocation.verify && !invocation.list) ||
  (invocation.verb === 'held' && invocation.action !== 'list') ||
  invocation.verb === 'retry' ||
  invocation.verb === 'disconnect' ||
  invocation.verb === 'erase' ||
  invocation.verb === 'pause' ||
  invocation.verb === 'resume';

type Surroundings = Omit<VerbContext, 'connection' | 'connectionId' | 'patienceMs'> & {
  readonly logger: Logger | undefined;
};

/** One verb over an open connection, which is closed whatever happens. */
const runOverOne = async (
  invocation: OverOne,
  configuration: Configuration,
  parts: Parts,
  { logger, ...surroundings }: Surroundings,
): Promise<ExitCode> => {
  const { connectionId, storage } = configuration;
  const patienceMs = configuration.patienceSeconds * 1_000;
  if (invocation.verb === 'events' && invocation.follow) {
    const { waitForFiles } = await import('../verbs/wait-for-files.js');
    if (!(await waitForFiles(storage, surroundings.terminal))) return 0;
  }
  const connection = await parts.openConnection(configuration, { readOnly: !writes(invocation), logger });
  try {
    return await runVerb(invocation, { connection, connectionId, patienceMs, ...surroundings });
  } finally {
    // What was done is reported already: a file that does not close cannot turn it into something else.
    await connection.close().catch(() => logger?.warn({}, 'The connection did not close cleanly.'));
  }
};

const runOpen = async (
  invocation: Invocation,
  terminal: Terminal,
  parts: Parts,
  { configurations, redact, onConfiguration }: Attempt,
): Promise<ExitCode> => {
  const logger = await openLogger(invocation, terminal, redact);
  const { makeStyle, wantsColour } = await import('../reports/style.js');
  const style = makeStyle(wantsColour(terminal.out.isTerminal, invocation.color, terminal.environment));
  const { loadPreferencesDecoder } = parts;
  const surroundings = { terminal, style, redact, logger, loadPreferencesDecoder };
  if (invocation.verb === 'run') {
    const { run } = await import('../verbs/run.js');
    return run(invocation, { ...surroundings, configurations, onConfiguration, openEngine: parts.openEngine });
  }
  if (invocation.verb === 'console') {
    const { openConsole } = await import('../verbs/console.js');
    const open = (configuration: Configuration) => parts.openConnection(configuration, { readOnly: false, logger });
    return openConsole(invocation, { ...surroundings, configurations, onConfiguration, open });
  }
  if (invocation.verb === 'status') {
    const { status } = await import('../verbs/status.js');
    const sources = configurations.map((configuration) => ({
      connectionId: configuration.connectionId,
      open: () => parts.openConnection(configuration, { readOnly: true, logger }),
    }));
    return status(invocation, { ...surroundings, sources });
  }
  if (invocation.verb === 'backup')
    return (await import('../verbs/back-up.js')).backUp(invocation, configurations[0], terminal);
  if (invocation.verb === 'restore')
    return (await import('../verbs/back-up.js')).restore(invocation, configurations[0], terminal);
  if (invocation.verb === 'doctor')
    return (await import('../verbs/doctor.js')).doctor(invocation, configurations[0], {
      ...surroundings,
      openConnection: parts.openConnection,
    });
  if (invocation.verb === 'consent')
    return (await import('../verbs/consent.js')).consent(invocation, configurations[0], surroundings);
  if (invocation.verb === 'keys')
    return (await import('../verbs/keys.js')).tendKeys(invocation, configurations[0], terminal);
  if (invocation.verb === 'log' && invocation.action === 'import')
    return (await import('../verbs/log-import.js')).logImport(invocation, configurations[0], terminal);
  return runOverOne(invocation, configurations[0], parts, surroundings);
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
  const { startedAt, configurations } = attempt;
  const times = { startedAt, finishedAt: terminal.now() };
  const report = failedReport(
    { connectionId: configurations[0].connectionId, full: invocation.full, ...times },
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
  file?: string,
): Promise<ExitCode> => {
  await writeLast(terminal.err, explainMistakes(mistakes, file));
  if (document) {
    const { mistakesDocument } = await import('../verbs/sync-document.js');
    await writeLast(terminal.out, mistakesDocument(mistakes));
  }
  return 2;
};

/** `sync --json` answers with a document for every exit code, also where the words themselves are wrong. */
const asksForSyncDocument = (words: ReadonlyArray<string>): boolean =>
  words.includes('--json') && words.includes('sync');

/** An exported log is what is stored, byte for byte: it is read again by `log import`. */
const isStored = (invocation: Invocation, { out }: Terminal): boolean =>
  invocation.verb === 'log' && invocation.action === 'export' && !out.isTerminal;

const runInvocation = async (invocation: Invocation, given: Terminal, parts: Parts): Promise<ExitCode> => {
  const terminal = {
    ...given,
    out: isStored(invocation, given) ? given.out : harmlessOutput(given.out),
    err: harmlessOutput(given.err),
  };
  const startedAt = terminal.now();
  const { readConfigurations } = await import('../configuration/read-configuration.js');
  const { folder, environment } = terminal;
  const place = { folder, environment, mayLackIds: invocation.verb === 'console' };
  const read = await readConfigurations(invocation.configs, place, parts.loadPreferencesDecoder);
  if (E.isLeft(read)) return failWithMistakes(read.left, terminal, wantsDocument(invocation));
  const configurations = read.right;
  const everRead: Configuration[] = [...configurations];
  const redact = makeRedactor(() => everRead.flatMap(secretsOf));
  const onConfiguration = (configuration: Configuration): void => void everRead.push(configuration);
  const attempt = { configurations, startedAt, redact, onConfiguration };
  try {
    return await runOpen(invocation, terminal, parts, attempt);
  } catch (problem) {
    if (problem instanceof PipeClosed) return 0;
    if (problem instanceof WrongFile) return failWithMistakes(problem.mistakes, terminal, false, problem.file);
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
