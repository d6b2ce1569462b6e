// #region connection
import { defaultPreferences, defaultScopes, openLearnAmpRest, type ConnectionOptions } from '@learnamp/directory-sync';
import { withOurAvatars, type AvatarStore } from './avatars.js';
import type { Company } from './embedding.js';

export const connectionOf = (company: Company, pictures: AvatarStore, at = production): ConnectionOptions => {
  const { connectionId, tenantId, groupId } = company;
  const preferences = { ...defaultPreferences, invitations: 'immediate' as const };
  const rest = openLearnAmpRest({
    baseUrl: at.learnAmp,
    auth: { kind: 'client-credentials', scope: defaultScopes, ...company.learnAmp },
    externalId: preferences.externalId,
    patienceMs: 30_000,
    waitsAsTold: true,
  });
  return {
    connectionId,
    tenantId,
    groupId,
    preferences,
    graph: {
      cloud: 'global',
      baseUrl: at.graph,
      auth: { kind: 'client-secret', authority: at.authority, ...company.graph },
      patienceMs: undefined,
    },
    learnAmp: withOurAvatars(rest, pictures),
    settings: {
      graphBaseUrl: at.graph,
      graphCredential: `client-secret ${company.graph.clientId}`,
      learnAmpBaseUrl: at.learnAmp,
    },
    schedule: { pollSeconds: 600, fullSyncHours: 24 },
  };
};

const production = {
  graph: 'https://graph.microsoft.com/v1.0',
  authority: 'https://login.microsoftonline.com',
  learnAmp: 'https://api.learnamp.com',
};
// #endregion connection
