import { type ConsoleOptions, makeConsole } from '@learnamp/directory-sync-console';
import type { Terminal } from '../command-line/terminal.js';
import type { OpenedEngine } from '../open-engine.js';
import type { Followed } from '../settings/follow-settings.js';
import { makeSettingsStore } from '../settings/settings-store.js';
import { openConsoleServer } from './console-server.js';
import type { HttpServer } from './http-server.js';

type RunConsole = {
  readonly port: number;
  readonly slots: ReadonlyArray<Followed>;
  readonly engine: OpenedEngine;
  readonly terminal: Terminal;
  readonly logger: ConsoleOptions['logger'];
};

/** The console over a running engine: what is saved takes effect by the next cycle, which comes at once. */
export const openRunConsole = async ({ engine, terminal, slots, port, logger }: RunConsole): Promise<HttpServer> => {
  const { fetch } = makeConsole({
    connections: () =>
      slots.flatMap(({ connectionId, present }) => {
        const { tenantId, groupId, preferences } = present();
        const connection = engine.connection(connectionId);
        return connection === undefined ? [] : [{ connectionId, tenantId, groupId, preferences, engine: connection }];
      }),
    settings: makeSettingsStore(slots, { takesEffect: () => Promise.resolve('next-sync'), engine }),
    localName: terminal.actor,
    logger,
    now: terminal.now,
  });
  return openConsoleServer(fetch, port);
};
