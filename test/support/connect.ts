import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Avatars,
  createDirectorySync,
  decodePreferences,
  type DirectorySync,
  type LearnAmpPort,
  type Logger,
  mappedAttributes,
  openLearnAmpRest,
  openMemoryStores,
  openMicrosoftGraph,
  withAvatars,
  type Stores,
  type Telemetry,
} from '@learnamp/directory-sync';
import { openSqliteStores } from '@learnamp/directory-sync/sqlite';
import type { Simulator } from '@learnamp/directory-sync-simulator';
import * as E from 'fp-ts/lib/Either.js';
import { graphSettingsOf, idOf, learnAmpSettingsOf } from './simulator-settings.js';
import { avatarsOf } from './avatars.js';

export type Connect = {
  readonly stores?: Stores;
  readonly preferences?: Readonly<Record<string, unknown>>;
  readonly connectionId?: string;
  readonly groupId?: string;
  readonly tenantId?: string;
  readonly graphUrl?: string;
  readonly learnAmpUrl?: string;
  readonly graphSecret?: string;
  readonly learnAmpSecret?: string;
  readonly patienceMs?: number;
  readonly now?: () => Date;
  readonly concurrency?: number;
  /** Stands in for Learn Amp's REST client: what a host implements in process. */
  readonly port?: LearnAmpPort;
  readonly learnAmpDeadlineMs?: number;
  /** The host sets avatars in process, beside the port; here with what is changed about that. */
  readonly avatars?: (store: Avatars) => Avatars;
  readonly logger?: Logger;
  readonly telemetry?: Telemetry;
  readonly accessLog?: 'on' | 'off';
};

/** An engine on the simulator's two servers, through the genuine clients over HTTP. */
export const connect = (simulator: Simulator, options: Connect = {}): DirectorySync => {
  const decoded = decodePreferences(options.preferences ?? {}, 'preferences');
  if (E.isLeft(decoded)) throw new Error(JSON.stringify(decoded.left));
  const preferences = decoded.right;
  const patienceMs = options.patienceMs ?? 20_000;
  const graphUrl = options.graphUrl ?? simulator.graphUrl;
  const learnAmpUrl = options.learnAmpUrl ?? simulator.learnAmpUrl;
  const port =
    options.port ??
    openLearnAmpRest({
      ...learnAmpSettingsOf(simulator, preferences.externalId, patienceMs, options.learnAmpSecret),
      baseUrl: learnAmpUrl,
    });
  return createDirectorySync({
    connectionId: options.connectionId ?? 'fabrikam',
    tenantId: idOf(options.tenantId ?? simulator.tenantId),
    groupId: idOf(options.groupId ?? simulator.scopeGroupId),
    preferences,
    ...(options.stores ?? openMemoryStores()),
    directory: openMicrosoftGraph({
      tenantId: options.tenantId ?? simulator.tenantId,
      ...graphSettingsOf(simulator, patienceMs, options.graphSecret),
      baseUrl: graphUrl,
      customAttributes: mappedAttributes(preferences),
    }),
    learnAmp: options.avatars === undefined ? port : withAvatars(port, options.avatars(avatarsOf(simulator))),
    settings: { graphBaseUrl: graphUrl, graphCredential: 'client-secret test', learnAmpBaseUrl: learnAmpUrl },
    ...(options.now === undefined ? {} : { world: { now: options.now } }),
    concurrency: options.concurrency,
    learnAmpDeadlineMs: options.learnAmpDeadlineMs,
    logger: options.logger,
    telemetry: options.telemetry,
    accessLog: options.accessLog,
  });
};

/** Stores in real SQLite files in a folder of their own. */
export const sqliteFolder = async (): Promise<{
  readonly folder: string;
  readonly open: () => Promise<Stores>;
  readonly remove: () => Promise<void>;
}> => {
  const folder = await mkdtemp(join(tmpdir(), 'directory-sync-'));
  const logPath = join(folder, 'log.db');
  return {
    folder,
    open: () => openSqliteStores({ logPath, keysPath: `${logPath}.keys`, localPath: `${logPath}.local` }),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
};
