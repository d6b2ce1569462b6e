import { cloudDefaults, type GraphTransportSettings, type LearnAmpSettings } from '@learnamp/directory-sync';
import type { Configuration } from './configuration/configuration.js';

/** What is recorded of a credential: its kind and its name, never the secret. */
const credentialName = (auth: Configuration['graph']['auth']): string =>
  auth.kind === 'token' ? 'token' : `client-secret ${auth.clientId}`;

const graphBaseUrlOf = ({ graph }: Configuration): string => graph.baseUrl ?? cloudDefaults[graph.cloud].baseUrl;

/** `patienceMs`: `undefined` waits as long as it is told to. */
export const graphSettings = (
  configuration: Configuration,
  patienceMs: number | undefined,
): Omit<GraphTransportSettings, 'tenantId'> => {
  const { cloud, auth } = configuration.graph;
  return {
    cloud,
    baseUrl: graphBaseUrlOf(configuration),
    auth:
      auth.kind === 'token'
        ? { kind: 'token', token: auth.token.reveal() }
        : {
            kind: 'client-secret',
            authority: auth.authority ?? cloudDefaults[cloud].authority,
            clientId: auth.clientId,
            clientSecret: auth.clientSecret.reveal(),
          },
    patienceMs,
  };
};

export const learnAmpSettings = (
  { learnAmp: { auth, baseUrl }, preferences }: Configuration,
  patienceMs: number | undefined,
): LearnAmpSettings => ({
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
  patienceMs,
});

/** What the log says about where the connection reads and writes. */
export const recordedSettings = (configuration: Configuration) => ({
  graphBaseUrl: graphBaseUrlOf(configuration),
  graphCredential: credentialName(configuration.graph.auth),
  learnAmpBaseUrl: configuration.learnAmp.baseUrl,
});
