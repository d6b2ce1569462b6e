/** A JPEG as far as its header goes. Small originals are served as they are. */
export const jpegOf = (width: number, height: number, rest: string | Buffer = ''): Buffer => {
  const frame = Buffer.from([0xff, 0xc0, 0, 11, 8, 0, 0, 0, 0, 1, 1, 0x11, 0]);
  frame.writeUInt16BE(height, 5);
  frame.writeUInt16BE(width, 7);
  return Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xfe, 0, 2]), frame, Buffer.from(rest)]);
};
export const picture = (text: string): Buffer => jpegOf(240, 240, text);

/** The same of a PNG. */
export const pngOf = (width: number, height: number, rest: string | Buffer = ''): Buffer => {
  const header = Buffer.from([0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 0, 0, 0, 0, 0, 8, 6, 0, 0, 0, 0, 0, 0, 0]);
  header.writeUInt32BE(width, 8);
  header.writeUInt32BE(height, 12);
  return Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), header, Buffer.from(rest)]);
};
export const png = pngOf(240, 240, 'pixels');
export const small = { width: 240, height: 240 };
