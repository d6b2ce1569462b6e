import {
  createDirectorySync,
  type DirectorySync,
  type Logger,
  mappedAttributes,
  openLearnAmpRest,
  openMicrosoftGraph,
} from '@learnamp/directory-sync';
import type { Configuration } from './configuration/configuration.js';
import { graphSettings, learnAmpSettings, recordedSettings } from './connection-settings.js';
import { openStores } from './open-stores.js';

export type OpenOptions = {
  /** Makes and changes no file. */
  readonly readOnly: boolean;
  readonly logger: Logger | undefined;
};

export type OpenConnection = (configuration: Configuration, options: OpenOptions) => Promise<DirectorySync>;

/** Opens the stores and both clients, and puts the engine on top of them. `close` of the engine frees all of it. */
export const openConnection: OpenConnection = async (configuration, { readOnly, logger }) => {
  const { connectionId, tenantId, groupId, preferences, storage } = configuration;
  const patienceMs = configuration.patienceSeconds * 1000;
  const stores = await openStores(storage, readOnly);
  return createDirectorySync({
    connectionId,
    tenantId,
    groupId,
    preferences,
    ...stores,
    directory: openMicrosoftGraph({
      tenantId,
      ...graphSettings(configuration, patienceMs),
      customAttributes: mappedAttributes(preferences),
    }),
    learnAmp: openLearnAmpRest(learnAmpSettings(configuration, patienceMs)),
    settings: recordedSettings(configuration),
    logger,
  });
};
