import type { MediaType } from './photo-source.js';

const signatures: ReadonlyArray<readonly [MediaType, ReadonlyArray<number>]> = [
  ['image/jpeg', [0xff, 0xd8, 0xff]],
  ['image/png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
];

/** JPEG or PNG by the first bytes. The content type is the uploader's word: an SVG under `image/png` is a script on a page. */
export const imageType = (bytes: Uint8Array): MediaType | undefined =>
  signatures.find(([, signature]) => signature.every((byte, index) => bytes[index] === byte))?.[0];
