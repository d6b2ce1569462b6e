import { generateKeyPairSync } from 'node:crypto';
import forge from 'node-forge';

export type MadeCertificate = {
  /** The public part. */
  readonly certificate: string;
  readonly privateKey: string;
  readonly pem: string;
  readonly pfx: (passphrase: string) => Buffer;
  readonly encryptedKey: (passphrase: string) => string;
};

/** A certificate of its own maker, as people make them for an app registration. */
export const makeCertificate = (
  days: { readonly from: Date; readonly to: Date },
  bits = 2048,
  name = 'directory sync',
): MadeCertificate => {
  const made = generateKeyPairSync('rsa', { modulusLength: bits });
  const privateKey = made.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const key = forge.pki.privateKeyFromPem(privateKey);
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(made.publicKey.export({ type: 'spki', format: 'pem' }).toString());
  certificate.serialNumber = '01a2b3';
  certificate.validity.notBefore = days.from;
  certificate.validity.notAfter = days.to;
  const subject = [{ name: 'commonName', value: name }];
  certificate.setSubject(subject);
  certificate.setIssuer(subject);
  certificate.sign(key, forge.md.sha256.create());
  const pem = forge.pki.certificateToPem(certificate);
  return {
    certificate: pem,
    privateKey,
    pem: `${pem}\n${privateKey}`,
    pfx: (passphrase) => {
      const file = forge.pkcs12.toPkcs12Asn1(key, [certificate], passphrase, { algorithm: 'aes256' });
      return Buffer.from(forge.asn1.toDer(file).getBytes(), 'binary');
    },
    encryptedKey: (passphrase) =>
      made.privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase }).toString(),
  };
};
