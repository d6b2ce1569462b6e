import { type ConsoleOptions, makeConsole } from '@learnamp/directory-sync-console';
import type { Terminal } from '../command-line/terminal.js';
import type { Configuration } from '../configuration/configuration.js';
import type { LoadPreferencesDecoder } from '../configuration/decode-configuration.js';
import type { OpenedEngine } from '../open-engine.js';
import { openSettingsFile } from '../settings/settings-file.js';
import { makeSettingsStore, type Slot } from '../settings/settings-store.js';
import { openConsoleServer } from './console-server.js';
import type { HttpServer } from './http-server.js';

type RunConsole = {
  readonly port: number;
  /** As given, in the order of the configurations. */
  readonly files: ReadonlyArray<string>;
  readonly configurations: ReadonlyArray<Configuration>;
  readonly engine: OpenedEngine;
  readonly loadPreferencesDecoder: LoadPreferencesDecoder;
  readonly onConfiguration: (configuration: Configuration) => void;
  readonly terminal: Terminal;
  readonly logger: ConsoleOptions['logger'];
};

/** The console over a running engine: what is saved takes effect by the next cycle, which comes at once. */
export const openRunConsole = async (parts: RunConsole): Promise<HttpServer> => {
  const { engine, terminal, configurations, files, loadPreferencesDecoder, onConfiguration } = parts;
  const present = new Map(configurations.map((each) => [each.connectionId, each]));
  const slots = configurations.map((configuration, index): Slot => {
    const { connectionId } = configuration;
    const place = { file: files[index] ?? '', folder: terminal.folder, environment: terminal.environment };
    return {
      file: openSettingsFile(place, configuration, loadPreferencesDecoder),
      connectionId,
      change: async (next) => {
        onConfiguration(next);
        await engine.change(next);
        present.set(connectionId, next);
      },
    };
  });
  const { fetch } = makeConsole({
    connections: () =>
      [...present.values()].flatMap(({ connectionId, tenantId, groupId, preferences }) => {
        const connection = engine.connection(connectionId);
        return connection === undefined ? [] : [{ connectionId, tenantId, groupId, preferences, engine: connection }];
      }),
    settings: makeSettingsStore(slots, { takesEffect: 'next-sync', engine }),
    localName: terminal.actor,
    logger: parts.logger,
    now: terminal.now,
  });
  return openConsoleServer(fetch, parts.port);
};
