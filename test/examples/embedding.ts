// #region sync
import {
  createDirectorySync,
  defaultPreferences,
  defaultScopes,
  mappedAttributes,
  openLearnAmpRest,
  openMicrosoftGraph,
  type ObjectId,
  type SyncReport,
} from '@learnamp/directory-sync';
import { openSqliteStores } from '@learnamp/directory-sync/sqlite';

export type Company = {
  readonly connectionId: string;
  readonly tenantId: ObjectId;
  readonly groupId: ObjectId;
  readonly graph: { readonly clientId: string; readonly clientSecret: string };
  readonly learnAmp: { readonly clientId: string; readonly clientSecret: string };
};

export const syncCompany = async (company: Company, addresses = production): Promise<SyncReport> => {
  const { connectionId, tenantId, groupId } = company;
  const preferences = { ...defaultPreferences, invitations: 'immediate' as const };
  const logPath = `${addresses.folder}/${connectionId}.db`;
  const stores = await openSqliteStores({ logPath, keysPath: `${logPath}.keys`, localPath: `${logPath}.local` });
  const engine = createDirectorySync({
    connectionId,
    tenantId,
    groupId,
    preferences,
    ...stores,
    directory: openMicrosoftGraph({
      tenantId,
      cloud: 'global',
      baseUrl: addresses.graph,
      auth: { kind: 'client-secret', authority: addresses.authority, ...company.graph },
      customAttributes: mappedAttributes(preferences),
      patienceMs: 30_000,
    }),
    learnAmp: openLearnAmpRest({
      baseUrl: addresses.learnAmp,
      auth: { kind: 'client-credentials', scope: defaultScopes, ...company.learnAmp },
      externalId: preferences.externalId,
      patienceMs: 30_000,
    }),
    settings: {
      graphBaseUrl: addresses.graph,
      graphCredential: `client-secret ${company.graph.clientId}`,
      learnAmpBaseUrl: addresses.learnAmp,
    },
  });
  try {
    return await engine.sync({ actor: 'nightly job' });
  } finally {
    await engine.close();
  }
};

const production = {
  folder: '/var/lib/directory-sync',
  graph: 'https://graph.microsoft.com/v1.0',
  authority: 'https://login.microsoftonline.com',
  learnAmp: 'https://api.learnamp.com',
};
// #endregion
