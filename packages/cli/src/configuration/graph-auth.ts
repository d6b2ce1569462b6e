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

/** Every text of it; nothing where it cannot be read. */
const textsOf = (material: Material): ReadonlyArray<string> => {
  try {
    if (material.seen().length === 0) material.bytes();
  } catch {
    return [];
  }
  return material.seen();
};

/** What no output may contain: of a key, the lines as well. */
export const secretsOfAuth = (auth: GraphAuth): ReadonlyArray<string> => {
  switch (auth.kind) {
    case 'token':
      return auth.token.seen();
    case 'client-secret':
      return [auth.clientSecret, auth.otherClientSecret].flatMap((each) => each?.seen() ?? []);
    case 'federated':
      return textsOf(auth.tokenFile).filter((text) => text !== '');
    case 'certificate': {
      const pems = [auth.certificate, auth.privateKey].flatMap((each) => (each === undefined ? [] : textsOf(each)));
      const keys = pems.flatMap((pem) =>
        [...pem.matchAll(/PRIVATE KEY-----([\s\S]*?)-----END/g)].map(([, key = '']) => key),
      );
      const lines = keys.flatMap((key) => key.split(/\r?\n/)).filter((line) => line.length >= 32);
      return [...(auth.passphrase?.seen() ?? []), ...lines];
    }
  }
};
