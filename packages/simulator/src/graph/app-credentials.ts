import { createHash, createPublicKey, verify, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { SimulatorClock } from '../clock.js';

/** A refusal of the token endpoint: status, OAuth error, number and text. */
export type CredentialRefusal = readonly [status: number, error: string, code: number, message: string];

/** An identity provider outside that the app trusts. */
export type TrustedIssuer = {
  readonly issuer: string;
  readonly subject: string;
  /** Default `api://AzureADTokenExchange`. */
  readonly audience?: string;
  /** PEM. */
  readonly publicKey: string;
};

/** What stands under Certificates & secrets of the app registration, and can be changed while a test runs. */
export type AppCredentials = {
  readonly addSecret: (value: string, expiresAt?: Date) => void;
  readonly removeSecret: (value: string) => void;
  /** The public part, as PEM. */
  readonly registerCertificate: (pem: string) => void;
  readonly removeCertificates: () => void;
  readonly trust: (issuer: TrustedIssuer) => void;
};

type Claims = Readonly<Record<string, unknown>>;
type Assertion = {
  readonly header: Claims;
  readonly claims: Claims;
  readonly signed: Buffer;
  readonly signature: Buffer;
  readonly text: string;
};

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const cloudHosts = ['login.microsoftonline.com', 'login.microsoftonline.us', 'login.chinacloudapi.cn'];

const partOf = (text: string): Claims | undefined => {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Claims) : undefined;
  } catch {
    return undefined;
  }
};

const parse = (text: string): Assertion | undefined => {
  const [head = '', body = '', signature = '', ...rest] = text.split('.');
  const [header, claims] = [partOf(head), partOf(body)];
  if (header === undefined || claims === undefined || rest.length > 0) return undefined;
  return {
    header,
    claims,
    signed: Buffer.from(`${head}.${body}`),
    signature: Buffer.from(signature, 'base64url'),
    text,
  };
};

/** RS256 or PS256, and nothing else: an assertion without a signature is none. */
const isSignedBy = ({ header, signed, signature }: Assertion, key: KeyObject): boolean => {
  if (header['alg'] === 'RS256') return verify('sha256', signed, key, signature);
  // 6 is RSA_PKCS1_PSS_PADDING; the salt is as long as the hash.
  return header['alg'] === 'PS256' && verify('sha256', signed, { key, padding: 6, saltLength: 32 }, signature);
};

const thumbprints = (certificate: X509Certificate): ReadonlyArray<string> =>
  ['sha256', 'sha1'].map((name) => createHash(name).update(certificate.raw).digest('base64url'));

const isWithin = ({ claims }: Assertion, now: number): boolean => {
  const [from, to] = [claims['nbf'] ?? 0, claims['exp']];
  return typeof from === 'number' && typeof to === 'number' && from - 300 <= now / 1000 && now / 1000 < to;
};

const invalid = (code: number, message: string): CredentialRefusal => [401, 'invalid_client', code, message];

export const makeAppCredentials = (options: {
  readonly clock: SimulatorClock;
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
}): AppCredentials & { readonly refusalOf: (form: URLSearchParams) => CredentialRefusal | undefined } => {
  const { clock, tenantId, clientId } = options;
  const secrets = new Map<string, Date | undefined>([[options.clientSecret, undefined]]);
  const certificates: X509Certificate[] = [];
  const issuers: TrustedIssuer[] = [];
  /** An assertion may be sent again while it is valid, as MSAL does; its id names no other one. */
  const seen = new Map<string, string>();

  const refusedSecret = (given: string): CredentialRefusal | undefined => {
    if (!secrets.has(given)) return invalid(7000215, `Invalid client secret provided: '${given}'.`);
    const expiry = secrets.get(given);
    return expiry !== undefined && expiry.getTime() <= clock.now().getTime()
      ? invalid(7000222, `The provided client secret keys for app '${clientId}' are expired.`)
      : undefined;
  };

  const refusedCertificate = (assertion: Assertion): CredentialRefusal | undefined => {
    const { header, claims, text } = assertion;
    const named = [header['x5t#S256'], header['x5t']];
    const certificate = certificates.find((each) => thumbprints(each).some((thumbprint) => named.includes(thumbprint)));
    if (certificate === undefined || !isSignedBy(assertion, certificate.publicKey))
      return invalid(700027, 'Client assertion failed signature validation. [Reason - The key was not found.]');
    const now = clock.now().getTime();
    if (now < Date.parse(certificate.validFrom) || now >= Date.parse(certificate.validTo))
      return invalid(1000502, 'The provided certificate is not within its specified validity time range.');
    const audiences = cloudHosts.map((host) => `https://${host}/${tenantId}/oauth2/v2.0/token`);
    if (!audiences.includes(String(claims['aud'])))
      return invalid(700023, 'Client assertion audience claim does not match Realm issuer.');
    const id = claims['jti'];
    if (typeof id !== 'string' || id === '' || (seen.get(id) ?? text) !== text)
      return invalid(50013, 'Assertion failed: its jti is missing or was used by another one.');
    seen.set(id, text);
    return undefined;
  };

  const refusedFederation = (assertion: Assertion): CredentialRefusal | undefined => {
    const { iss, sub, aud } = assertion.claims;
    const none = 'No matching federated identity record found for presented assertion';
    const ofIssuer = issuers.filter(({ issuer }) => issuer === iss);
    if (ofIssuer.length === 0) return invalid(700211, `${none} issuer '${String(iss)}'.`);
    const ofSubject = ofIssuer.filter(({ subject }) => subject === sub);
    if (ofSubject.length === 0) return invalid(700213, `${none} subject '${String(sub)}'.`);
    const trusted = ofSubject.find(({ audience = 'api://AzureADTokenExchange' }) => audience === aud);
    if (trusted === undefined) return invalid(700212, `${none} audience '${String(aud)}'.`);
    return isSignedBy(assertion, createPublicKey(trusted.publicKey))
      ? undefined
      : invalid(50013, 'Assertion failed signature validation.');
  };

  const refusedAssertion = (text: string, type: string | null): CredentialRefusal | undefined => {
    const assertion = type === assertionType ? parse(text) : undefined;
    if (assertion === undefined) return invalid(50027, 'JWT token is invalid or malformed.');
    if (!isWithin(assertion, clock.now().getTime()))
      return invalid(700024, 'Client assertion is not within its valid time range.');
    const { iss, sub } = assertion.claims;
    return iss === clientId && sub === clientId ? refusedCertificate(assertion) : refusedFederation(assertion);
  };

  return {
    addSecret: (value, expiresAt) => secrets.set(value, expiresAt),
    removeSecret: (value) => secrets.delete(value),
    registerCertificate: (pem) => certificates.push(new X509Certificate(pem)),
    removeCertificates: () => certificates.splice(0),
    trust: (issuer) => issuers.push(issuer),
    refusalOf: (form) => {
      const [secret, assertion] = [form.get('client_secret'), form.get('client_assertion')];
      if (secret !== null) return refusedSecret(secret);
      if (assertion !== null) return refusedAssertion(assertion, form.get('client_assertion_type'));
      return invalid(7000216, "'client_assertion', 'client_secret' or 'request' is required.");
    },
  };
};
