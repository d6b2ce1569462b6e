import {
  createDirectorySync,
  credentialExpiry,
  type DirectorySync,
  type Logger,
  mappedAttributes,
  openGraphTenant,
  openLearnAmpRest,
  rememberedLearnAmpWait,
  type Stores,
} from '@learnamp/directory-sync';
import { openTelemetry } from '@learnamp/directory-sync/otel';
import type { Configuration } from './configuration/configuration.js';
import { graphSettings, learnAmpSettings, recordedSettings } from './connection-settings.js';
import { openStores } from './open-stores.js';
import { flushTelemetry } from './telemetry/flush-telemetry.js';

export type OpenOptions = {
  /** Makes no file, and changes none; who looks at people is still recorded in a log that is there. */
  readonly readOnly: boolean;
  readonly logger: Logger | undefined;
};

export type OpenConnection = (configuration: Configuration, options: OpenOptions) => Promise<DirectorySync>;

/** A process that may write nothing still heeds the waits that others were told. */
const cacheFor = ({ cache }: Stores, readOnly: boolean): Stores['cache'] =>
  readOnly ? { ...cache, put: () => Promise.resolve() } : cache;

/** Opens the stores and both clients, and puts the engine on top of them. `close` of the engine frees all of it. */
export const openConnection: OpenConnection = async (configuration, { readOnly, logger }) => {
  const { connectionId, tenantId, groupId, preferences, storage } = configuration;
  const patienceMs = configuration.patienceSeconds * 1000;
  const graph = graphSettings(configuration, patienceMs);
  const stores = await openStores(storage, { readOnly, patienceMs });
  // A wait that Graph asked an earlier process for holds for this one, too.
  const tenant = await openGraphTenant({ tenantId, ...graph }, { cache: cacheFor(stores, readOnly) });
  const source = tenant.source({ customAttributes: mappedAttributes(preferences) });
  const wait = await rememberedLearnAmpWait(cacheFor(stores, readOnly), connectionId);
  const connection = createDirectorySync({
    connectionId,
    tenantId,
    groupId,
    preferences,
    ...stores,
    directory: { ...source, close: () => source.close().finally(tenant.close) },
    learnAmp: openLearnAmpRest(learnAmpSettings(configuration, patienceMs), wait),
    subscriptions: tenant.subscriptions,
    settings: recordedSettings(configuration),
    logger,
    telemetry: openTelemetry(),
    accessLog: configuration.accessLog ? 'on' : 'off',
    credentialExpiry: () => credentialExpiry(graph.auth),
  });
  return { ...connection, close: () => connection.close().finally(flushTelemetry) };
};
