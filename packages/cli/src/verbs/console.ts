import type { DirectorySync } from '@learnamp/directory-sync';
import { type ConsoleConnection, type ConsoleOptions, makeConsole } from '@learnamp/directory-sync-console';
import type { InvocationOf } from '../command-line/invocation.js';
import { writeLast } from '../command-line/output.js';
import type { Terminal } from '../command-line/terminal.js';
import type { Configuration } from '../configuration/configuration.js';
import type { LoadPreferencesDecoder } from '../configuration/decode-configuration.js';
import { isSetUp } from '../configuration/not-set-up.js';
import { openSettingsFile } from '../settings/settings-file.js';
import { makeSettingsStore, type Slot } from '../settings/settings-store.js';
import { settingsNotes } from '../settings/settings-notes.js';
import { untilFollowed } from '../settings/until-followed.js';
import { isPortInUse, openConsoleServer, portInUse } from './console-server.js';
import { untilStopped } from './until-stopped.js';
import type { ExitCode } from './verb-context.js';

export type ConsoleContext = {
  readonly configurations: readonly [Configuration, ...ReadonlyArray<Configuration>];
  readonly open: (configuration: Configuration) => Promise<DirectorySync>;
  readonly loadPreferencesDecoder: LoadPreferencesDecoder;
  /** Told a configuration that was read since: no output may hold its secrets either. */
  readonly onConfiguration: (configuration: Configuration) => void;
  readonly terminal: Terminal;
  readonly logger: ConsoleOptions['logger'];
};

type OpenSlot = Slot & {
  /** `undefined`: it is not set up yet. */
  readonly connection: () => ConsoleConnection | undefined;
  /** An engine of another process runs it. */
  readonly isLive: () => Promise<boolean>;
  readonly close: () => Promise<void>;
};

const openSlot = async (
  configuration: Configuration,
  file: string,
  { open, terminal, loadPreferencesDecoder, onConfiguration }: ConsoleContext,
): Promise<OpenSlot> => {
  const place = { file, folder: terminal.folder, environment: terminal.environment };
  const closing: Promise<void>[] = [];
  let connection: ConsoleConnection | undefined;
  const change = async (next: Configuration): Promise<void> => {
    onConfiguration(next);
    const { connectionId, tenantId, groupId, preferences } = next;
    const before = connection;
    connection = { connectionId, tenantId, groupId, preferences, engine: await open(next) };
    // What the earlier one was asked for ends by itself; nobody waits for it.
    if (before !== undefined) closing.push(before.engine.close().catch(() => undefined));
  };
  if (isSetUp(configuration)) await change(configuration);
  return {
    file: openSettingsFile(place, configuration, loadPreferencesDecoder),
    connectionId: configuration.connectionId,
    change,
    connection: () => connection,
    isLive: async () => (await connection?.engine.status())?.live.running === true,
    close: async () => {
      await Promise.all([...closing, connection?.engine.close()]);
    },
  };
};

const serve = async (
  slots: ReadonlyArray<OpenSlot>,
  port: number,
  { terminal, logger }: ConsoleContext,
): Promise<ExitCode> => {
  const { fetch } = makeConsole({
    connections: () => slots.flatMap(({ connection }) => connection() ?? []),
    settings: makeSettingsStore(slots, {
      takesEffect: ({ connectionId }, { version }, withCache) => {
        const isLive = async () => (await slots.find((slot) => slot.connectionId === connectionId)?.isLive()) === true;
        return withCache((cache) => untilFollowed(version, settingsNotes(cache, connectionId), isLive, terminal));
      },
    }),
    localName: terminal.actor,
    logger,
    now: terminal.now,
  });
  const stop = terminal.stopSignal();
  const server = await openConsoleServer(fetch, port).catch(async (problem: unknown) => {
    if (!isPortInUse(problem)) throw problem;
    await writeLast(terminal.err, `${portInUse(port)}\n`);
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
  { port, configs }: InvocationOf<'console'>,
  context: ConsoleContext,
): Promise<ExitCode> => {
  const opened: OpenSlot[] = [];
  try {
    for (const [index, configuration] of context.configurations.entries())
      opened.push(await openSlot(configuration, configs[index] ?? configs[0], context));
    return await serve(opened, port, context);
  } finally {
    await Promise.all(opened.map(({ close }) => close()));
  }
};
