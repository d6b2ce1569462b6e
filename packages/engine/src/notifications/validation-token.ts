import { isUtf8 } from 'node:buffer';

/** Far above any token that Graph sends (about 130 bytes). */
const LONGEST_TOKEN = 2_048;

const PLUS = 0x2b;
const SPACE = 0x20;
const PERCENT = 0x25;

/** The value of two hexadecimal digits of a URL, or NaN. */
const escapedByte = (text: string): number => (/^[0-9a-f]{2}$/i.test(text) ? Number.parseInt(text, 16) : Number.NaN);

/** Decodes a form-encoded value once, to bytes; `undefined` where it is none. */
const decodeOnce = (encoded: string): Uint8Array | undefined => {
  if (encoded.length > 3 * LONGEST_TOKEN) return undefined;
  const bytes = new Uint8Array(encoded.length);
  let length = 0;
  for (let at = 0; at < encoded.length; at += 1) {
    const code = encoded.charCodeAt(at);
    const byte = code === PERCENT ? escapedByte(encoded.slice(at + 1, at + 3)) : code === PLUS ? SPACE : code;
    if (!(byte <= (code === PERCENT ? 0xff : 0x7e))) return undefined;
    if (code === PERCENT) at += 2;
    bytes[length] = byte;
    length += 1;
  }
  return bytes.subarray(0, length);
};

export type TokenFound =
  /** No handshake: there is no `validationToken` in the query. */
  | { readonly _tag: 'None' }
  /** Cannot be given back byte for byte. */
  | { readonly _tag: 'Malformed' }
  | { readonly _tag: 'Token'; readonly bytes: Uint8Array<ArrayBuffer> };

/**
 * The `validationToken` of a handshake, decoded once (`+` is a space, as Graph encodes it). What would not come back
 * byte for byte as UTF-8 text is `Malformed`: broken escapes, a fragment, two tokens, none, more than 2 KiB.
 */
export const validationTokenOf = (url: string): TokenFound => {
  const [beforeFragment = '', fragment] = url.split('#', 2);
  const start = beforeFragment.indexOf('?');
  const parts = start === -1 ? [] : beforeFragment.slice(start + 1).split('&');
  const [found, another] = parts.filter((part) => part === 'validationToken' || part.startsWith('validationToken='));
  if (found === undefined) return { _tag: 'None' };
  const bytes = decodeOnce(found.slice('validationToken='.length));
  const usable = fragment === undefined && another === undefined && bytes !== undefined;
  if (!usable || bytes.length === 0 || bytes.length > LONGEST_TOKEN || !isUtf8(bytes)) return { _tag: 'Malformed' };
  return { _tag: 'Token', bytes: Uint8Array.from(bytes) };
};
