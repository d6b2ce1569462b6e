import { Buffer } from 'node:buffer';
import type { pkcs12 } from 'node-forge';
import { UnusableCredential } from './credential-failure.js';

export type PemParts = { readonly privateKey: string; readonly certificates: ReadonlyArray<string> };

const wrong = (): UnusableCredential =>
  new UnusableCredential(
    'the certificate file (PFX) cannot be opened',
    'Check graph.auth.passphrase, and that graph.auth.certificate is a PFX with a certificate and its RSA private key',
  );

/** Node opens a PFX for TLS only and gives nobody the key in it, and MSAL wants the key. Loaded where there is a PFX. */
export const readPfx = async (bytes: Uint8Array, passphrase: string): Promise<PemParts> => {
  const { default: forge } = await import('node-forge');
  const bagsOf = (file: pkcs12.Pkcs12Pfx, type: string | undefined) =>
    type === undefined ? [] : (file.getBags({ bagType: type })[type] ?? []);
  try {
    const der = forge.asn1.fromDer(forge.util.createBuffer(Buffer.from(bytes).toString('binary')));
    const file = forge.pkcs12.pkcs12FromAsn1(der, true, passphrase);
    const { pkcs8ShroudedKeyBag, keyBag, certBag } = forge.pki.oids;
    const key = [...bagsOf(file, pkcs8ShroudedKeyBag), ...bagsOf(file, keyBag)].find((bag) => bag.key)?.key;
    const certificates = bagsOf(file, certBag).flatMap(({ cert }) => (cert ? [forge.pki.certificateToPem(cert)] : []));
    if (!key || certificates.length === 0) throw wrong();
    return { privateKey: forge.pki.privateKeyToPem(key), certificates };
  } catch {
    throw wrong();
  }
};
