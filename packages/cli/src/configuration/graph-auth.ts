import type { Material } from './material.js';
import type { Secret } from './secret.js';

type Application = {
  /** `undefined`: the one of the cloud. */
  readonly authority: string | undefined;
  readonly clientId: string;
};

/** How the configuration signs in to Microsoft Graph. */
export type GraphAuth =
  | (Application & {
      readonly kind: 'client-secret';
      readonly clientSecret: Secret;
      /** The other one of two during a rotation. */
      readonly otherClientSecret: Secret | undefined;
      /** The last day of the secret that lasts longest: Entra tells it nowhere but where the secret is made. */
      readonly expiresAt: Date | undefined;
    })
  | (Application & {
      readonly kind: 'certificate';
      readonly certificate: Material;
      readonly privateKey: Material | undefined;
      readonly passphrase: Secret | undefined;
      readonly sendCertificateChain: boolean;
    })
  | (Application & { readonly kind: 'federated'; readonly tokenFile: Material })
  | { readonly kind: 'token'; readonly token: Secret };

const textOf = (material: Material): string => {
  try {
    return Buffer.from(material.bytes()).toString('latin1').trim();
  } catch {
    return '';
  }
};

/** What no output may contain: of a key, the lines as well. */
export const secretsOfAuth = (auth: GraphAuth): ReadonlyArray<string> => {
  switch (auth.kind) {
    case 'token':
      return [auth.token.reveal()];
    case 'client-secret':
      return [auth.clientSecret, auth.otherClientSecret].flatMap((each) => (each === undefined ? [] : [each.reveal()]));
    case 'federated':
      return [textOf(auth.tokenFile)].filter((text) => text !== '');
    case 'certificate': {
      const pems = [auth.certificate, auth.privateKey].map((each) => (each === undefined ? '' : textOf(each)));
      const keys = pems.flatMap((pem) =>
        [...pem.matchAll(/PRIVATE KEY-----([\s\S]*?)-----END/g)].map(([, key = '']) => key),
      );
      const lines = keys.flatMap((key) => key.split(/\r?\n/)).filter((line) => line.length >= 32);
      return [...(auth.passphrase === undefined ? [] : [auth.passphrase.reveal()]), ...lines];
    }
  }
};
