/** Where a text lies. */
export type TextPlace = { readonly chunk: Buffer; readonly offset: number; readonly length: number };

/** Texts as UTF-8 in large buffers: outside the heap, where each would be looked at by every collection of garbage. */
export type TextStore = {
  readonly add: (text: string) => TextPlace;
  /** Bytes that are taken up, those of texts that nobody needs any more among them. */
  readonly bytes: () => number;
};

const CHUNK = 8 * 1024 * 1024;
/** No text takes more bytes for a unit of its length. */
const BYTES_FOR_UNIT = 3;

export const textAt = ({ chunk, offset, length }: TextPlace): string => chunk.toString('utf8', offset, offset + length);

export const makeTextStore = (): TextStore => {
  let chunk = Buffer.alloc(0);
  let [used, bytes] = [0, 0];
  return {
    add: (text) => {
      const room = text.length * BYTES_FOR_UNIT;
      if (chunk.length - used < room) {
        chunk = Buffer.allocUnsafeSlow(Math.max(CHUNK, room));
        used = 0;
        bytes += chunk.length;
      }
      const place = { chunk, offset: used, length: chunk.write(text, used) };
      used += place.length;
      return place;
    },
    bytes: () => bytes,
  };
};
