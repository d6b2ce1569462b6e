import { pictureHeader } from './picture-header.js';
import type { MediaType } from './photo-source.js';

/** An avatar is shown small. A header that promises more is a trap for whoever decodes it, whatever the file weighs. */
const MOST_PIXELS_A_SIDE = 2048;

/**
 * A picture that is a page, a program or a document as well: some reader takes it for that, whatever we call it. Packed bytes are
 * as good as chance, so each word is long enough to be met by chance in no picture.
 */
const otherLives = /<script|<svg[\s>]|<html|<!doctype|<\?php|<iframe|javascript:|%pdf-1/i;
/** The end of a directory of a ZIP archive, which is read from its end. */
const ARCHIVE = Buffer.from([0x50, 0x4b, 0x05, 0x06]);
const ARCHIVE_TAIL = 65_558;

const isSomethingElseToo = (bytes: Uint8Array): boolean => {
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return otherLives.test(whole.toString('latin1')) || whole.subarray(-ARCHIVE_TAIL).includes(ARCHIVE);
};

export type Judged =
  | { readonly _tag: 'Picture'; readonly mediaType: MediaType }
  | { readonly _tag: 'TooLarge' }
  | { readonly _tag: 'NotAnImage' };

/**
 * JPEG or PNG by its own first bytes; the content type is the uploader's word. Nothing is decoded here: what a header promises
 * is enough to refuse it, and what is not refused is still only bytes (FC-67).
 */
export const judgePicture = (bytes: Uint8Array): Judged => {
  const header = pictureHeader(bytes);
  if (header === undefined) return { _tag: 'NotAnImage' };
  const { width, height } = header.dimensions;
  if (width === 0 || height === 0 || isSomethingElseToo(bytes)) return { _tag: 'NotAnImage' };
  if (width > MOST_PIXELS_A_SIDE || height > MOST_PIXELS_A_SIDE) return { _tag: 'TooLarge' };
  return { _tag: 'Picture', mediaType: header.mediaType };
};
