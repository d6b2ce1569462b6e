import {
  type ConnectionOptions,
  type EndedCycle,
  type Alert,
  type Logger,
  openSyncEngine,
  type Stores,
  type SyncEngine,
} from '@learnamp/directory-sync';
import { openTelemetry } from '@learnamp/directory-sync/otel';
import type { Configuration, Storage } from './configuration/configuration.js';
import { graphSettings, learnAmpSettings, recordedSettings } from './connection-settings.js';
import { openStores } from './open-stores.js';
import { type SettingsNotes, settingsNotes } from './settings/settings-notes.js';
import { flushTelemetry } from './telemetry/flush-telemetry.js';

export type EngineOptions = {
  /** Where Graph posts notifications; `undefined`: the connections are polled alone. */
  readonly publicUrl: string | undefined;
  readonly onCycle: (cycle: EndedCycle) => void;
  readonly alert: (alert: Alert) => void;
  readonly logger: Logger | undefined;
};

export type OpenedEngine = SyncEngine & {
  /**
   * Ends what the connection of this configuration is doing and goes on by the new one, with a cycle at once. Where that cannot
   * be opened it goes on by the one before, and this rejects.
   */
  readonly change: (configuration: Configuration) => Promise<void>;
  /** In the files of a connection; `undefined` where it has none, or is not open. */
  readonly notes: (connectionId: string) => SettingsNotes | undefined;
};

/** An engine with all connections in it, not started yet. `stop` frees everything, also of one that never started. */
export type OpenEngine = (
  configurations: readonly [Configuration, ...ReadonlyArray<Configuration>],
  options: EngineOptions,
) => Promise<OpenedEngine>;

type Opened = { readonly configuration: Configuration; readonly cache: Stores['cache'] };

/** A running engine waits as long as Graph and Learn Amp tell it to: `patienceSeconds` is for a sync somebody waits for. */
const connectionOptions = (configuration: Configuration, stores: Stores | undefined): ConnectionOptions => {
  const { connectionId, tenantId, groupId, preferences, schedule, accessLog } = configuration;
  return {
    connectionId,
    tenantId,
    groupId,
    preferences,
    graph: graphSettings(configuration, undefined),
    learnAmp: learnAmpSettings(configuration, undefined),
    settings: recordedSettings(configuration),
    schedule,
    accessLog: accessLog ? 'on' : 'off',
    ...(stores === undefined ? {} : { stores }),
  };
};

/** A secret tells nothing of itself, so two clusters would look alike. */
const clusterOf = (storage: Storage): string | undefined =>
  storage.kind === 'eventstoredb' ? storage.connectionString.reveal() : undefined;

const sameFiles = (one: Storage, other: Storage): boolean =>
  JSON.stringify(one) === JSON.stringify(other) && clusterOf(one) === clusterOf(other);

/**
 * The files of the first configuration are the engine's own, too: subscriptions and notifications belong to a tenant, not
 * to a connection, and stand there. A connection with other files brings its own.
 */
export const openEngine: OpenEngine = async (configurations, { publicUrl, ...options }) => {
  const [{ storage }] = configurations;
  const stores = await openStores(storage, { readOnly: false, patienceMs: undefined });
  const engine = openSyncEngine({
    ...options,
    // Told to the SDK that the operator registered before; without one it is told to nobody.
    telemetry: openTelemetry(),
    stores,
    ...(publicUrl === undefined ? {} : { notifications: { publicUrl } }),
  });
  const present = new Map<string, Opened>();
  const add = async (configuration: Configuration): Promise<void> => {
    const own = sameFiles(configuration.storage, storage)
      ? undefined
      : await openStores(configuration.storage, { readOnly: false, patienceMs: undefined });
    await engine.add(connectionOptions(configuration, own));
    present.set(configuration.connectionId, { configuration, cache: (own ?? stores).cache });
  };
  const exchange = async (configuration: Configuration): Promise<void> => {
    const before = present.get(configuration.connectionId)?.configuration;
    await engine.remove(configuration.connectionId);
    await add(configuration).catch(async (problem: unknown) => {
      if (before !== undefined) await add(before);
      throw problem;
    });
  };
  let last: Promise<unknown> = Promise.resolve();
  /** One after the other: between the removal and the addition there is no connection to remove. */
  const change = (configuration: Configuration): Promise<void> => {
    const next = last.then(() => exchange(configuration));
    last = next.catch(() => undefined);
    return next;
  };
  const notes = (connectionId: string): SettingsNotes | undefined => {
    const opened = present.get(connectionId);
    return opened === undefined || opened.configuration.storage.kind === 'memory'
      ? undefined
      : settingsNotes(opened.cache, connectionId);
  };
  try {
    for (const configuration of configurations) await add(configuration);
    return { ...engine, change, notes, stop: (how) => engine.stop(how).finally(flushTelemetry) };
  } catch (problem) {
    await engine.stop({ deadlineMs: 0 });
    throw problem;
  }
};
