import type { NodeAuthOptions } from '@azure/msal-node';
import { UnusableCredential } from './credential-failure.js';
import type { CertificateSettings, ClientSettings, Provided } from './credential-settings.js';
import { readCertificate } from './read-certificate.js';

/** What MSAL signs in with. */
export type Credential = Pick<NodeAuthOptions, 'clientSecret' | 'clientAssertion' | 'clientCertificate'>;

/** One way to sign in. `read` gives the credential as it is now; `identity` tells whether it changed since. */
export type Candidate = {
  readonly read: () => Promise<{ readonly credential: Credential; readonly identity: string }>;
  /** Read again what was refused: it may have been rotated. */
  readonly provided: boolean;
};

const isProvider = <A>(given: Provided<A>): given is () => A | Promise<A> => typeof given === 'function';

/** What a provider throws may repeat what it read. */
const obtain = async <A>(given: Provided<A>, what: string): Promise<A> => {
  try {
    return isProvider(given) ? await given() : given;
  } catch (cause) {
    if (cause instanceof UnusableCredential) throw cause;
    throw new UnusableCredential(
      `${what} could not be read`,
      'Check where it is kept, and that this process may read it; it is read again at the next try',
    );
  }
};

const nonEmpty = (value: unknown, what: string): string => {
  if (typeof value === 'string' && value.trim() !== '') return value.trim();
  throw new UnusableCredential(`${what} is empty`, 'Check where it is kept; it is read again at the next try');
};

const bySecret = (given: Provided<string>, what: string): Candidate => ({
  provided: isProvider(given),
  read: async () => {
    const clientSecret = nonEmpty(await obtain(given, what), what);
    return { credential: { clientSecret }, identity: clientSecret };
  },
});

const optionally = async (given: Provided<string> | undefined, what: string): Promise<string | undefined> =>
  given === undefined ? undefined : obtain(given, what);

/** Reads what is configured as a certificate, as it is now. */
export const certificateNow = async (settings: CertificateSettings) =>
  readCertificate({
    certificate: await obtain(settings.certificate, 'the certificate'),
    privateKey: await optionally(settings.privateKey, 'the private key of the certificate'),
    passphrase: await optionally(settings.passphrase, 'the passphrase of the certificate'),
  });

const byCertificate = (settings: CertificateSettings): Candidate => ({
  provided: [settings.certificate, settings.privateKey, settings.passphrase].some((each) => typeof each === 'function'),
  read: async () => {
    const { privateKey, thumbprintSha256, chain } = await certificateNow(settings);
    const x5c = settings.sendCertificateChain === true ? { x5c: chain } : {};
    return {
      credential: { clientCertificate: { thumbprintSha256, privateKey, ...x5c } },
      identity: `${thumbprintSha256} ${String(settings.sendCertificateChain)}`,
    };
  },
});

/** The ways to sign in, in the order in which they are tried. */
export const candidatesOf = (
  settings: ClientSettings,
  onUnusable: (unusable: UnusableCredential) => void,
): ReadonlyArray<Candidate> => {
  switch (settings.kind) {
    case 'client-secret': {
      const { clientSecret, otherClientSecret } = settings;
      const first = bySecret(clientSecret, 'the client secret');
      return otherClientSecret === undefined
        ? [first]
        : [first, bySecret(otherClientSecret, 'the other client secret')];
    }
    case 'certificate':
      return [byCertificate(settings)];
    case 'federated':
      return [byFederation(settings, onUnusable)];
  }
};

/** MSAL asks for the assertion at each sign-in, and tells nobody why it got none. */
const byFederation = (
  { assertion }: Extract<ClientSettings, { readonly kind: 'federated' }>,
  onUnusable: (unusable: UnusableCredential) => void,
): Candidate => {
  const what = 'the assertion of the federated credential';
  return {
    provided: false,
    read: () =>
      Promise.resolve({
        credential: {
          clientAssertion: async ({ clientId, tokenEndpoint = '' }) => {
            try {
              return nonEmpty(await obtain(() => assertion({ clientId, tokenEndpoint }), what), what);
            } catch (cause) {
              if (cause instanceof UnusableCredential) onUnusable(cause);
              throw cause;
            }
          },
        },
        identity: 'federated',
      }),
  };
};
