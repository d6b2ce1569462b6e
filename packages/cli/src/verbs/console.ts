import type { DirectorySync } from '@learnamp/directory-sync';
import { makeConsole } from '@learnamp/directory-sync-console';
import type { InvocationOf } from '../command-line/invocation.js';
import { writeLast } from '../command-line/output.js';
import type { Terminal } from '../command-line/terminal.js';
import type { Configuration } from '../configuration/configuration.js';
import { openConsoleServer } from './console-server.js';
import { untilStopped } from './until-stopped.js';
import type { ExitCode } from './verb-context.js';

export type ConsoleContext = {
  readonly configurations: readonly [Configuration, ...ReadonlyArray<Configuration>];
  readonly open: (configuration: Configuration) => Promise<DirectorySync>;
  readonly terminal: Terminal;
};

type Opened = { readonly configuration: Configuration; readonly engine: DirectorySync };

const codeOf = (problem: unknown): unknown =>
  problem instanceof Error && 'code' in problem ? problem.code : undefined;

const serve = async (opened: ReadonlyArray<Opened>, port: number, terminal: Terminal): Promise<ExitCode> => {
  const { fetch } = makeConsole({
    connections: () =>
      opened.map(({ configuration: { connectionId, tenantId, groupId, preferences }, engine }) => ({
        connectionId,
        tenantId,
        groupId,
        preferences,
        engine,
      })),
    localName: terminal.actor,
    now: terminal.now,
  });
  const stop = terminal.stopSignal();
  const server = await openConsoleServer(fetch, port).catch(async (problem: unknown) => {
    if (codeOf(problem) !== 'EADDRINUSE') throw problem;
    await writeLast(terminal.err, `Another process listens on 127.0.0.1:${port} already: choose another --port.\n`);
    return undefined;
  });
  if (server === undefined) return 1;
  try {
    await terminal.err.write(
      `The console is at http://${server.address}/ for whoever is on this machine, and for nobody else. Ctrl+C ends it.\n`,
    );
    await untilStopped(stop);
  } finally {
    await server.close();
  }
  return 0;
};

/** `console`: the web console over the connections of these configurations, on this machine alone. */
export const openConsole = async (
  { port }: InvocationOf<'console'>,
  { configurations, open, terminal }: ConsoleContext,
): Promise<ExitCode> => {
  const opened: Opened[] = [];
  try {
    for (const configuration of configurations) opened.push({ configuration, engine: await open(configuration) });
    return await serve(opened, port, terminal);
  } finally {
    await Promise.all(opened.map(({ engine }) => engine.close()));
  }
};
