import {
  cloudDefaults,
  createDirectorySync,
  type DirectorySync,
  type Logger,
  mappedAttributes,
  openLearnAmpRest,
  openMemoryStores,
  openMicrosoftGraph,
  type Stores,
} from '@learnamp/directory-sync';
import type { Configuration, Storage } from './configuration/configuration.js';

export type OpenOptions = {
  /** Makes and changes no file. */
  readonly readOnly: boolean;
  readonly logger: Logger | undefined;
};

export type OpenConnection = (configuration: Configuration, options: OpenOptions) => Promise<DirectorySync>;

const openStores = async (storage: Storage, readOnly: boolean): Promise<Stores> => {
  if (storage.kind === 'memory') return openMemoryStores();
  const { openSqliteStores } = await import('@learnamp/directory-sync/sqlite');
  const { logPath, keysPath, localPath } = storage;
  return openSqliteStores({ logPath, keysPath, localPath, readOnly });
};

const openGraph = ({ tenantId, graph, preferences, patienceSeconds }: Configuration, baseUrl: string) =>
  openMicrosoftGraph({
    tenantId,
    cloud: graph.cloud,
    baseUrl,
    auth:
      graph.auth.kind === 'token'
        ? { kind: 'token', token: graph.auth.token.reveal() }
        : {
            kind: 'client-secret',
            authority: graph.auth.authority ?? cloudDefaults[graph.cloud].authority,
            clientId: graph.auth.clientId,
            clientSecret: graph.auth.clientSecret.reveal(),
          },
    customAttributes: mappedAttributes(preferences),
    patienceMs: patienceSeconds * 1000,
  });

const openLearnAmp = ({ learnAmp: { auth, baseUrl }, preferences, patienceSeconds }: Configuration) =>
  openLearnAmpRest({
    baseUrl,
    auth:
      auth.kind === 'token'
        ? { kind: 'token', token: auth.token.reveal() }
        : {
            kind: 'client-credentials',
            clientId: auth.clientId,
            clientSecret: auth.clientSecret.reveal(),
            scope: auth.scope,
          },
    externalId: preferences.externalId,
    patienceMs: patienceSeconds * 1000,
  });

/** What is recorded of a credential: its kind and its name, never the secret. */
const credentialName = (auth: Configuration['graph']['auth']): string =>
  auth.kind === 'token' ? 'token' : `client-secret ${auth.clientId}`;

/** Opens the stores and both clients, and puts the engine on top of them. `close` of the engine frees all of it. */
export const openConnection: OpenConnection = async (configuration, { readOnly, logger }) => {
  const { connectionId, tenantId, groupId, preferences, graph, learnAmp, storage } = configuration;
  const graphBaseUrl = graph.baseUrl ?? cloudDefaults[graph.cloud].baseUrl;
  const stores = await openStores(storage, readOnly);
  return createDirectorySync({
    connectionId,
    tenantId,
    groupId,
    preferences,
    ...stores,
    directory: openGraph(configuration, graphBaseUrl),
    learnAmp: openLearnAmp(configuration),
    settings: {
      graphBaseUrl,
      graphCredential: credentialName(graph.auth),
      learnAmpBaseUrl: learnAmp.baseUrl,
    },
    logger,
  });
};
