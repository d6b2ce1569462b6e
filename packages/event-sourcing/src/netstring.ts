/**
 * A text with its length in front, so that neighbours cannot run into each other: the decimal count of its UTF-8 bytes,
 * `:`, the text, `,` (https://cr.yp.to/proto/netstrings.txt).
 */
export const netstring = (text: string): string => `${Buffer.byteLength(text)}:${text},`;
