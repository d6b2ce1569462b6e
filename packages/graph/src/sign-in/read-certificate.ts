import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { UnusableCredential } from './credential-failure.js';
import { readPfx } from './read-pfx.js';
import type { PemParts } from './read-pfx.js';

export type CertificateGiven = {
  /** PEM, or the bytes of a PFX. */
  readonly certificate: string | Uint8Array;
  readonly privateKey?: string | undefined;
  readonly passphrase?: string | undefined;
};

export type ReadCertificate = {
  readonly privateKey: string;
  /** In hexadecimal digits. */
  readonly thumbprintSha256: string;
  /** PEM of the certificate, and of what was given beside it. */
  readonly chain: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
};

const blocks = (pem: string, label: RegExp): ReadonlyArray<string> =>
  [...pem.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----[\s\S]*?-----END \1-----/g)]
    .filter(([, name = '']) => label.test(name))
    .map(([block]) => block);

const asPem = (given: string | Uint8Array): string | undefined => {
  const text = typeof given === 'string' ? given : new TextDecoder('latin1').decode(given);
  return text.includes('-----BEGIN ') ? text : undefined;
};

const partsOfPem = (pem: string, apart: string | undefined): PemParts => {
  const [privateKey] = blocks(`${apart ?? ''}\n${pem}`, /PRIVATE KEY$/);
  const certificates = blocks(pem, /^CERTIFICATE$/);
  if (certificates.length === 0)
    throw new UnusableCredential(
      'graph.auth.certificate holds no certificate',
      'Give a PEM file with a block "BEGIN CERTIFICATE", or a PFX',
    );
  if (privateKey === undefined)
    throw new UnusableCredential(
      'the private key of the certificate is missing',
      'Put it into the same PEM file, or name its file in graph.auth.privateKey',
    );
  return { privateKey, certificates };
};

const openKey = (pem: string, passphrase: string | undefined): KeyObject => {
  try {
    return createPrivateKey({ key: pem, ...(passphrase === undefined ? {} : { passphrase }) });
  } catch {
    throw new UnusableCredential(
      'the private key of the certificate cannot be opened',
      'Check graph.auth.passphrase, and that the key is not cut off',
    );
  }
};

const openCertificate = (pem: string): X509Certificate => {
  try {
    return new X509Certificate(pem);
  } catch {
    throw new UnusableCredential(
      'a certificate in graph.auth.certificate cannot be read',
      'Export it again as PEM or PFX',
    );
  }
};

const smallestBits = 2048;

/**
 * The certificate that belongs to the key, whatever its place in the file: Entra takes the first of a chain for the one
 * that signed. Throws `UnusableCredential`, whose sentence names no part of what was given.
 */
export const readCertificate = async ({
  certificate,
  privateKey,
  passphrase,
}: CertificateGiven): Promise<ReadCertificate> => {
  const pem = asPem(certificate);
  const bytes = typeof certificate === 'string' ? Buffer.from(certificate, 'base64') : certificate;
  const parts = pem === undefined ? await readPfx(bytes, passphrase ?? '') : partsOfPem(pem, privateKey);
  const key = openKey(parts.privateKey, passphrase);
  if (key.asymmetricKeyType !== 'rsa' || (key.asymmetricKeyDetails?.modulusLength ?? 0) < smallestBits)
    throw new UnusableCredential(
      'the key of the certificate is not one Entra takes',
      `Use an RSA key of ${String(smallestBits)} bits or more`,
    );
  const certificates = parts.certificates.map(openCertificate);
  const own = certificates.find((each) => each.checkPrivateKey(key));
  if (own === undefined)
    throw new UnusableCredential(
      'the private key does not belong to the certificate',
      'Give the certificate that was made with this key',
    );
  return {
    privateKey: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
    thumbprintSha256: own.fingerprint256.replaceAll(':', ''),
    chain: [own, ...certificates.filter((each) => each !== own)].map(String).join('\n'),
    notBefore: new Date(own.validFrom),
    notAfter: new Date(own.validTo),
  };
};
