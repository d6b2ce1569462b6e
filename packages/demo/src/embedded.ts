import { join } from 'node:path';
import {
  createDirectorySync,
  defaultPreferences,
  defaultScopes,
  type DirectorySync,
  mappedAttributes,
  type ObjectId,
  openLearnAmpRest,
  openMicrosoftGraph,
  toObjectId,
  withAvatars,
} from '@learnamp/directory-sync';
import { openSqliteStores } from '@learnamp/directory-sync/sqlite';
import type { Simulator } from '@learnamp/directory-sync-simulator';

const done = { _tag: 'Succeeded', result: 'updated' } as const;

const idOf = (text: string): ObjectId => {
  const id = toObjectId(text);
  if (id === undefined) throw new Error(`${text} is no object id.`);
  return id;
};

/** Learn Amp as a host has it that embeds the package: the REST API, and avatars by functions of its own. */
const portOf = ({ learnAmp, learnAmpUrl, learnAmpClientId, learnAmpClientSecret }: Simulator) =>
  withAvatars(
    openLearnAmpRest({
      baseUrl: learnAmpUrl,
      auth: {
        kind: 'client-credentials',
        clientId: learnAmpClientId,
        clientSecret: learnAmpClientSecret,
        scope: defaultScopes,
      },
      externalId: defaultPreferences.externalId,
      patienceMs: 30_000,
    }),
    {
      set: ({ learnAmpUserId, bytes, mediaType }) => {
        learnAmp.setAvatar(Number(learnAmpUserId), { bytes, mediaType });
        return Promise.resolve(done);
      },
      clear: ({ learnAmpUserId }) => {
        learnAmp.setAvatar(Number(learnAmpUserId), undefined);
        return Promise.resolve(done);
      },
    },
  );

/** The engine in this process, over the same files as the commands; `close` frees them. */
export const openEmbedded = async (simulator: Simulator, folder: string): Promise<DirectorySync> => {
  const { tenantId, graphUrl, authorityUrl, clientId, clientSecret, learnAmpUrl } = simulator;
  const logPath = join(folder, 'fabrikam.db');
  return createDirectorySync({
    connectionId: 'fabrikam',
    tenantId: idOf(tenantId),
    groupId: idOf(simulator.scopeGroupId),
    preferences: defaultPreferences,
    ...(await openSqliteStores({ logPath, keysPath: `${logPath}.keys`, localPath: `${logPath}.local` })),
    directory: openMicrosoftGraph({
      tenantId,
      cloud: 'global',
      baseUrl: graphUrl,
      auth: { kind: 'client-secret', authority: authorityUrl, clientId, clientSecret },
      customAttributes: mappedAttributes(defaultPreferences),
      patienceMs: 30_000,
    }),
    learnAmp: portOf(simulator),
    settings: {
      graphBaseUrl: graphUrl,
      graphCredential: `client-secret ${clientId}`,
      learnAmpBaseUrl: learnAmpUrl,
    },
  });
};
