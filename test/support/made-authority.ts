import { generateKeyPairSync } from 'node:crypto';
import forge from 'node-forge';

const DAY = 24 * 3_600_000;

type Subject = forge.pki.CertificateField[];
type Pair = { readonly publicKey: forge.pki.rsa.PublicKey; readonly privateKey: forge.pki.rsa.PrivateKey };
type Extensions = Parameters<forge.pki.Certificate['setExtensions']>[0];

const makePair = (): Pair => {
  const made = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = made.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  return {
    publicKey: forge.pki.publicKeyFromPem(pem),
    privateKey: forge.pki.privateKeyFromPem(made.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()),
  };
};

let serial = 1;

/** What a certificate authority signs: an authority below it, or a server's name. */
const sign = (
  issuer: { readonly subject: Subject; readonly key: forge.pki.rsa.PrivateKey },
  made: { readonly subject: Subject; readonly publicKey: forge.pki.rsa.PublicKey; readonly days: number },
  extensions: Extensions,
): string => {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = made.publicKey;
  serial += 1;
  certificate.serialNumber = serial.toString(16).padStart(4, '0');
  certificate.validity.notBefore = new Date(Date.now() - 100 * DAY);
  certificate.validity.notAfter = new Date(Date.now() + made.days * DAY);
  certificate.setSubject(made.subject);
  certificate.setIssuer(issuer.subject);
  certificate.setExtensions(extensions);
  certificate.sign(issuer.key, forge.md.sha256.create());
  return forge.pki.certificateToPem(certificate);
};

const named = (name: string): Subject => [{ name: 'commonName', value: name }];
const authority: Extensions = [
  { name: 'basicConstraints', cA: true, critical: true },
  { name: 'keyUsage', keyCertSign: true, critical: true },
];

export type ServerIdentity = { readonly key: string; readonly cert: string };

/** An authority, one below it, and what they sign: as the public ones do it. */
export const makeAuthority = () => {
  const [root, below, server] = [makePair(), makePair(), makePair()];
  const [rootName, belowName] = [named('made-up root'), named('made-up issuer')];
  const signer = { subject: rootName, key: root.privateKey };
  const certificate = sign(signer, { subject: rootName, publicKey: root.publicKey, days: 900 }, authority);
  const issuer = sign(signer, { subject: belowName, publicKey: below.publicKey, days: 900 }, authority);
  return {
    /** Its own certificate: who trusts this trusts what it signs. */
    certificate,
    /** Of a server of that name; without the issuer's certificate the chain is not whole. */
    identity: (name: string, days = 90, whole = true): ServerIdentity => {
      const own = sign(
        { subject: belowName, key: below.privateKey },
        { subject: named(name), publicKey: server.publicKey, days },
        [
          {
            name: 'subjectAltName',
            altNames: [/^[\d.]+$/.test(name) ? { type: 7, ip: name } : { type: 2, value: name }],
          },
        ],
      );
      return { key: forge.pki.privateKeyToPem(server.privateKey), cert: whole ? `${own}\n${issuer}` : own };
    },
  };
};
