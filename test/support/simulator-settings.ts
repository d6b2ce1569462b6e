import {
  defaultScopes,
  type GraphTransportSettings,
  type LearnAmpSettings,
  type ObjectId,
  toObjectId,
} from '@learnamp/directory-sync';
import type { Simulator } from '@learnamp/directory-sync-simulator';

export const idOf = (text: string): ObjectId => {
  const objectId = toObjectId(text);
  if (objectId === undefined) throw new Error(`${text} is no GUID`);
  return objectId;
};

/** How a client finds the simulator's Graph; `secret` in the place of the right one. */
export const graphSettingsOf = (
  { graphUrl, authorityUrl, clientId, clientSecret }: Simulator,
  patienceMs: number | undefined,
  secret: string = clientSecret,
): Omit<GraphTransportSettings, 'tenantId'> => ({
  cloud: 'global',
  baseUrl: graphUrl,
  auth: { kind: 'client-secret', authority: authorityUrl, clientId, clientSecret: secret },
  patienceMs,
});

/** How a client finds the simulator's Learn Amp. */
export const learnAmpSettingsOf = (
  { learnAmpUrl, learnAmpClientId, learnAmpClientSecret }: Simulator,
  externalId: LearnAmpSettings['externalId'],
  patienceMs: number | undefined,
  secret: string = learnAmpClientSecret,
): LearnAmpSettings => ({
  baseUrl: learnAmpUrl,
  auth: { kind: 'client-credentials', clientId: learnAmpClientId, clientSecret: secret, scope: defaultScopes },
  externalId,
  patienceMs,
});
