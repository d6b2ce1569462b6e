import { generateKeyPairSync, sign } from 'node:crypto';

// A certificate for loopback, made for one test: no key stands in the repository. X.509 in DER, by hand.

const tlv = (tag: number, ...parts: ReadonlyArray<Uint8Array | string>): Buffer => {
  const body = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'hex') : part)));
  const length =
    body.length < 128 ? Buffer.from([body.length]) : Buffer.from([0x82, body.length >> 8, body.length & 0xff]);
  return Buffer.concat([Buffer.from([tag]), length, body]);
};

const sequence = (...parts: ReadonlyArray<Uint8Array | string>): Buffer => tlv(0x30, ...parts);
const oid = (hex: string): Buffer => tlv(0x06, hex);
const ascii = (tag: number, text: string): Buffer => tlv(tag, Buffer.from(text, 'latin1'));

const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'));
const commonName = sequence(tlv(0x31, sequence(oid('550403'), ascii(0x0c, 'localhost'))));
const validity = sequence(ascii(0x17, '200101000000Z'), ascii(0x17, '491231235959Z'));
const alternativeNames = sequence(oid('551d11'), tlv(0x04, sequence(ascii(0x82, 'localhost'), tlv(0x87, '7f000001'))));
const isAuthority = sequence(oid('551d13'), tlv(0x01, 'ff'), tlv(0x04, sequence(tlv(0x01, 'ff'))));

const pem = (label: string, der: Uint8Array): string =>
  [
    `-----BEGIN ${label}-----`,
    ...(Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? []),
    `-----END ${label}-----`,
    '',
  ].join('\n');

export const selfSigned = (): { readonly key: string; readonly certificate: string } => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const body = sequence(
    tlv(0xa0, tlv(0x02, '02')),
    tlv(0x02, '01'),
    ecdsaWithSha256,
    commonName,
    validity,
    commonName,
    publicKey.export({ type: 'spki', format: 'der' }),
    tlv(0xa3, sequence(alternativeNames, isAuthority)),
  );
  const signature = tlv(0x03, '00', sign('sha256', body, privateKey));
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certificate: pem('CERTIFICATE', sequence(body, ecdsaWithSha256, signature)),
  };
};
