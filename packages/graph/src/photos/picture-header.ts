import type { MediaType } from './photo-source.js';

export type Dimensions = { readonly width: number; readonly height: number };

const JPEG = [0xff, 0xd8, 0xff];
const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** A first chunk of thirteen bytes that is called IHDR: no PNG begins otherwise. */
const IHDR = [0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52];

const standsAt = (bytes: Uint8Array, at: number, wanted: ReadonlyArray<number>): boolean =>
  wanted.every((byte, index) => bytes[at + index] === byte);

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const ofPng = (bytes: Uint8Array): Dimensions | undefined => {
  if (!standsAt(bytes, PNG.length, IHDR) || bytes.length < 33) return undefined;
  const view = viewOf(bytes);
  return { width: view.getUint32(16), height: view.getUint32(20) };
};

/** Start of frame: all of 0xC0 to 0xCF but the tables of Huffman and arithmetic coding, and the reserved one. */
const isFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

/** Markers that stand alone, and those after which no frame can begin any more: the scan, and the end. */
const standsAlone = (marker: number): boolean => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7);
const endsHeader = (marker: number): boolean => marker === 0xda || marker === 0xd9 || marker === 0xd8;

/** Walks from segment to segment by the lengths they state; each step moves on, so it ends whatever they say. */
const ofJpeg = (bytes: Uint8Array): Dimensions | undefined => {
  const view = viewOf(bytes);
  for (let at = 2; at + 4 <= bytes.length;) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) at += 1;
    else if (standsAlone(marker)) at += 2;
    else if (endsHeader(marker)) return undefined;
    else if (isFrame(marker))
      return at + 9 > bytes.length ? undefined : { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    else at += 2 + Math.max(2, view.getUint16(at + 2));
  }
  return undefined;
};

/** What a file says of itself in its first bytes. `undefined`: it is neither, or does not get as far as its dimensions. */
export const pictureHeader = (
  bytes: Uint8Array,
): { readonly mediaType: MediaType; readonly dimensions: Dimensions } | undefined => {
  const mediaType = standsAt(bytes, 0, JPEG) ? 'image/jpeg' : standsAt(bytes, 0, PNG) ? 'image/png' : undefined;
  if (mediaType === undefined) return undefined;
  const dimensions = mediaType === 'image/png' ? ofPng(bytes) : ofJpeg(bytes);
  return dimensions === undefined ? undefined : { mediaType, dimensions };
};
