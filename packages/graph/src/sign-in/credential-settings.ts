/** What a host or the command line says about how to sign in. Nothing here is ever logged, recorded or told. */

/** A value, or where it comes from: a provider is asked at the first sign-in, and again whenever what it gave was refused. */
export type Provided<A> = A | (() => A | Promise<A>);

/** Where the sign-in is, and as whom. */
type Application = {
  readonly authority: string;
  readonly clientId: string;
};

/** Sign-in by a client secret. What is provided as a function is asked again when Microsoft refuses it. */
export type ClientSecretSettings = Application & {
  readonly kind: 'client-secret';
  readonly clientSecret: Provided<string>;
  /** The other one of two that are active during a rotation: taken when the first is refused as wrong or expired. */
  readonly otherClientSecret?: Provided<string> | undefined;
  /** When the one that lasts longest ends, for the alarm before it does: Entra tells it nowhere else. */
  readonly expiresAt?: Date | undefined;
};

/**
 * Sign-in by a certificate, the preferred way. What is provided as a function is asked again when Microsoft refuses
 * it (https://learn.microsoft.com/entra/identity-platform/certificate-credentials).
 */
export type CertificateSettings = Application & {
  readonly kind: 'certificate';
  /** PEM with the certificate (the chain may follow) and its private key, or the bytes of a PFX (PKCS#12). */
  readonly certificate: Provided<string | Uint8Array>;
  /** PEM of the private key, where it is apart. */
  readonly privateKey?: Provided<string> | undefined;
  /** Of an encrypted private key or a PFX. */
  readonly passphrase?: Provided<string> | undefined;
  /** Sends the certificate and its chain with each sign-in: needed where the app trusts a subject name and issuer. */
  readonly sendCertificateChain?: boolean | undefined;
};

/**
 * Sign-in by a token of a trusted identity provider, without any secret
 * (https://learn.microsoft.com/entra/workload-id/workload-identity-federation).
 */
export type FederatedSettings = Application & {
  readonly kind: 'federated';
  /** A token of the trusted identity provider. Asked for at each sign-in: such tokens live for minutes. */
  readonly assertion: (asked: {
    readonly clientId: string;
    readonly tokenEndpoint: string;
  }) => string | Promise<string>;
};

/** Ways to sign in as an application. The certificate is the preferred one: its key never leaves this machine. */
export type ClientSettings = ClientSecretSettings | CertificateSettings | FederatedSettings;
