import type { Alert, EndedCycle, SyncEngine } from '@learnamp/directory-sync';
import { toNodeListener } from '@learnamp/directory-sync';
import type { InvocationOf } from '../command-line/invocation.js';
import { PipeClosed, writeLast } from '../command-line/output.js';
import type { Terminal } from '../command-line/terminal.js';
import type { Configuration } from '../configuration/configuration.js';
import type { LoadPreferencesDecoder } from '../configuration/decode-configuration.js';
import type { EngineOptions, OpenedEngine, OpenEngine } from '../open-engine.js';
import { alertLine, cycleLine } from '../reports/cycle-line.js';
import { printable } from '../reports/printable.js';
import { isPortInUse, portInUse } from './console-server.js';
import { makeHealth } from './health.js';
import { type HttpServer, openHttpServer } from './http-server.js';
import { type NotificationAddress, notificationAddress } from './notification-address.js';
import { followSettings, type Followed } from '../settings/follow-settings.js';
import { runSlots } from './run-slots.js';
import { syncDocument } from './sync-document.js';
import { tellSettings } from './tell-settings.js';
import { untilStopped } from './until-stopped.js';
import { type ExitCode, WrongUse } from './verb-context.js';

export type RunContext = {
  readonly configurations: readonly [Configuration, ...ReadonlyArray<Configuration>];
  readonly openEngine: OpenEngine;
  readonly terminal: Terminal;
  readonly redact: (text: string) => string;
  readonly logger: EngineOptions['logger'];
  readonly loadPreferencesDecoder: LoadPreferencesDecoder;
  /** Told a configuration that was read since: no output may hold its secrets either. */
  readonly onConfiguration: (configuration: Configuration) => void;
};

const DEADLINE_MS = 10_000;

/** Writes in order without being waited for. A reader that went away does not stop what runs for months. */
const makeTeller = ({ terminal, redact }: RunContext) => {
  let written: Promise<void> = Promise.resolve();
  const write = (output: Terminal['out'], text: string): void => {
    written = written
      .then(() => output.write(redact(text)))
      .catch((problem: unknown) => {
        if (!(problem instanceof PipeClosed)) throw problem;
      });
  };
  return {
    say: (line: string) => write(terminal.err, `${terminal.now().toISOString()} ${line}\n`),
    print: (text: string) => write(terminal.out, text),
    written: () => written,
  };
};

type Teller = ReturnType<typeof makeTeller>;

const teller = (json: boolean, { say, print }: Teller): Pick<EngineOptions, 'onCycle' | 'alert'> => {
  const failing = new Set<string>();
  return {
    onCycle: (cycle: EndedCycle) => {
      const { report } = cycle;
      const line = cycleLine(cycle);
      const recovered = report.ok && failing.delete(report.connectionId);
      if (!report.ok) failing.add(report.connectionId);
      if (line !== undefined) {
        say(line);
        if (json) print(syncDocument(report));
      } else if (recovered) say(`${printable(report.connectionId)}: in step again.`);
    },
    alert: (alert: Alert) => say(alertLine(alert)),
  };
};

const codeOf = (problem: unknown): string =>
  problem instanceof Error && 'code' in problem && typeof problem.code === 'string' ? problem.code : '';

/** The port cannot be had: one sentence for a person. */
class CannotListen extends Error {}

/** An address that this machine does not have is a mistake in the configuration; a port in use may be free the next time. */
const cannotListen = (problem: unknown, { host, port }: { readonly host: string; readonly port: number }): Error => {
  const code = codeOf(problem);
  const place = `${host}:${port}`;
  if (code === 'EADDRINUSE')
    return new CannotListen(
      `Another process listens on ${place} already: end it, or choose another notifications.listen.`,
    );
  if (code === 'EACCES')
    return new CannotListen(
      `This user may not listen on ${place}: choose a port from 1024 on for notifications.listen.`,
    );
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return new WrongUse('notifications.listen', 'names an address that this machine does not have');
  return problem instanceof Error ? problem : new Error(String(problem));
};

const openServer = async (
  { publicUrl, listen }: NotificationAddress,
  engine: SyncEngine,
  { terminal }: RunContext,
): Promise<HttpServer | undefined> => {
  if (listen === undefined) return undefined;
  try {
    return await openHttpServer({
      ...listen,
      path: publicUrl === undefined ? undefined : new URL(publicUrl).pathname,
      notifications: toNodeListener(engine.handler),
      health: makeHealth(engine.status, terminal.now, terminal.stopSignal()),
    });
  } catch (problem) {
    throw cannotListen(problem, listen);
  }
};

/** Loaded for whoever asks for it alone. */
const openConsole = async (
  { console: port }: InvocationOf<'run'>,
  engine: OpenedEngine,
  slots: ReadonlyArray<Followed>,
  { terminal, logger }: RunContext,
): Promise<HttpServer | undefined> => {
  if (port === undefined) return undefined;
  const { openRunConsole } = await import('./run-console.js');
  return openRunConsole({ terminal, logger, port, slots, engine }).catch((problem: unknown) => {
    throw isPortInUse(problem) ? new CannotListen(portInUse(port)) : problem;
  });
};

const started = (configurations: RunContext['configurations'], server: HttpServer | undefined): string => {
  const names = configurations.map(({ connectionId }) => printable(connectionId)).join(', ');
  const place = server === undefined ? '' : `, listening on ${server.address}`;
  return `Started: ${names}${place}.`;
};

/** Runs until the first signal, then ends in good order: the port first, so that nothing comes while cycles end. */
const runEngine = async (invocation: InvocationOf<'run'>, engine: OpenedEngine, context: RunContext, told: Teller) => {
  const { terminal, configurations } = context;
  const stop = terminal.stopSignal();
  let server: HttpServer | undefined;
  let console: HttpServer | undefined;
  let following: Promise<void> | undefined;
  const slots = runSlots(engine, invocation.configs, context);
  try {
    server = await openServer(notificationAddress(configurations), engine, context);
    console = await openConsole(invocation, engine, slots, context);
    told.say(started(configurations, server));
    if (console !== undefined)
      told.say(`The console is at http://${console.address}/ for whoever is on this machine, and for nobody else.`);
    engine.start();
    following = followSettings(slots, tellSettings(told.say, engine), terminal, stop);
    await untilStopped(stop);
    told.say(`Stopping: cycles have ${DEADLINE_MS / 1000} seconds to end; a second signal ends the process at once.`);
  } finally {
    await Promise.all([following, server?.close(), console?.close(), engine.stop({ deadlineMs: DEADLINE_MS })]);
  }
  told.say('Stopped.');
};

/** `run`: keeps connections in step until SIGINT or SIGTERM. */
export const run = async (invocation: InvocationOf<'run'>, context: RunContext): Promise<ExitCode> => {
  const { configurations, openEngine, logger } = context;
  const address = notificationAddress(configurations);
  // From here on a signal ends in good order what has been opened.
  context.terminal.stopSignal();
  const told = makeTeller(context);
  const options = { publicUrl: address.publicUrl, logger, ...teller(invocation.json, told) };
  const engine = await openEngine(configurations, options);
  try {
    await runEngine(invocation, engine, context, told);
    return 0;
  } catch (problem) {
    if (!(problem instanceof CannotListen)) throw problem;
    await writeLast(context.terminal.err, `${problem.message}\n`);
    return 1;
  } finally {
    await told.written();
  }
};
