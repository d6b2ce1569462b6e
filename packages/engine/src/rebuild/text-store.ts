/** Where a text lies. */
export type TextPlace = {
  readonly chunk: Buffer;
  readonly offset: number;
  readonly length: number;
  readonly isAscii: boolean;
};

/** Texts as UTF-8 in large buffers: outside the heap, where each would be looked at by every collection of garbage. */
export type TextStore = {
  readonly add: (text: string) => TextPlace;
  /** Bytes that are taken up, those of texts that nobody needs any more among them. */
  readonly bytes: () => number;
};

const CHUNK = 8 * 1024 * 1024;
/** Texts of ASCII alone are copied as they are, without a look at each character. */
const encodingOf = (isAscii: boolean): BufferEncoding => (isAscii ? 'latin1' : 'utf8');

export const textAt = ({ chunk, offset, length, isAscii }: TextPlace): string =>
  chunk.toString(encodingOf(isAscii), offset, offset + length);

export const makeTextStore = (): TextStore => {
  let chunk = Buffer.alloc(0);
  let [used, bytes] = [0, 0];
  return {
    add: (text) => {
      const length = Buffer.byteLength(text);
      if (chunk.length - used < length) {
        chunk = Buffer.allocUnsafeSlow(Math.max(CHUNK, length));
        used = 0;
        bytes += chunk.length;
      }
      const isAscii = length === text.length;
      const place = { chunk, offset: used, length: chunk.write(text, used, encodingOf(isAscii)), isAscii };
      used += length;
      return place;
    },
    bytes: () => bytes,
  };
};
