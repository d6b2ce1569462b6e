/** A JPEG segment: marker, length (its own two bytes included), content. */
const segment = (marker: number, content: Buffer): Buffer => {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(0xff00 | marker, 0);
  head.writeUInt16BE(content.length + 2, 2);
  return Buffer.concat([head, content]);
};

/** A Huffman table with one code, `0`, for the symbol 0: no difference for DC, end of block for AC. */
const oneCode = (tableClass: number): Buffer => Buffer.from([tableClass << 4, 1, ...Array<number>(15).fill(0), 0]);

/** A valid JPEG of one mid-grey pixel. */
const greyPixel = Buffer.concat([
  Buffer.from([0xff, 0xd8]),
  segment(0xdb, Buffer.from([0, ...Array<number>(64).fill(1)])),
  segment(0xc0, Buffer.from([8, 0, 1, 0, 1, 1, 1, 0x11, 0])),
  segment(0xc4, oneCode(0)),
  segment(0xc4, oneCode(1)),
  segment(0xda, Buffer.from([1, 1, 0, 0, 63, 0])),
  Buffer.from([0x3f, 0xff, 0xd9]),
]);

/** The same picture with a comment in it: other bytes, as after Microsoft's encoding for another size. */
export const withComment = (jpeg: Buffer, comment: string): Buffer =>
  Buffer.concat([jpeg.subarray(0, 2), segment(0xfe, Buffer.from(comment, 'utf8')), jpeg.subarray(2)]);

/** A picture that differs in its bytes for each text. */
export const madeUpPhoto = (text: string): Buffer => withComment(greyPixel, text);
