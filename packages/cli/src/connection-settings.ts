import { cloudDefaults, type GraphTransportSettings, type LearnAmpSettings } from '@learnamp/directory-sync';
import type { Configuration } from './configuration/configuration.js';

/** What is recorded of a credential: its kind and its name, never the secret. */
const credentialName = (auth: Configuration['graph']['auth']): string =>
  auth.kind === 'token' ? 'token' : `${auth.kind} ${auth.clientId}`;

/** What is kept in files is read again when it is refused: a rotation needs no restart. */
const authSettings = ({ cloud, auth }: Configuration['graph']): GraphTransportSettings['auth'] => {
  if (auth.kind === 'token') return { kind: 'token', token: auth.token.reveal() };
  const application = { authority: auth.authority ?? cloudDefaults[cloud].authority, clientId: auth.clientId };
  switch (auth.kind) {
    case 'client-secret':
      return {
        kind: 'client-secret',
        ...application,
        clientSecret: auth.clientSecret.again,
        otherClientSecret: auth.otherClientSecret?.again,
        expiresAt: auth.expiresAt,
      };
    case 'certificate': {
      const { privateKey } = auth;
      return {
        kind: 'certificate',
        ...application,
        certificate: auth.certificate.bytes,
        privateKey: privateKey === undefined ? undefined : () => Buffer.from(privateKey.bytes()).toString('latin1'),
        passphrase: auth.passphrase?.again,
        sendCertificateChain: auth.sendCertificateChain,
      };
    }
    case 'federated':
      return {
        kind: 'federated',
        ...application,
        assertion: () => Buffer.from(auth.tokenFile.bytes()).toString('latin1'),
      };
  }
};

const graphBaseUrlOf = ({ graph }: Configuration): string => graph.baseUrl ?? cloudDefaults[graph.cloud].baseUrl;

/** `patienceMs`: `undefined` waits as long as it is told to. */
export const graphSettings = (
  configuration: Configuration,
  patienceMs: number | undefined,
): Omit<GraphTransportSettings, 'tenantId'> => {
  return {
    cloud: configuration.graph.cloud,
    baseUrl: graphBaseUrlOf(configuration),
    auth: authSettings(configuration.graph),
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
