/**
 * Seeded randomness. Streams are derived from a seed and a name, never drawn from one shared generator: what one
 * request gets does not depend on how many other requests came before it.
 */
export type Random = {
  /** In [0, 1). */
  readonly next: () => number;
  /** An integer in [low, high], both included. */
  readonly integer: (low: number, high: number) => number;
  readonly chance: (probability: number) => boolean;
  readonly pick: <T>(items: readonly [T, ...T[]]) => T;
  /** A new array in another order. */
  readonly shuffle: <T>(items: ReadonlyArray<T>) => T[];
  /** A version 4 UUID in lower case. */
  readonly uuid: () => string;
};

/** FNV-1a over UTF-16 code units, then mixed so that neighbouring texts give distant numbers. */
export const hashText = (text: string): number => {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
};

/** The mulberry32 generator. */
const generator = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
};

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

export const randomFrom = (seed: number, name: string): Random => {
  const next = generator(hashText(`${seed}/${name}`));
  const integer = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1));
  return {
    next,
    integer,
    chance: (probability) => next() < probability,
    pick: (items) => items[Math.floor(next() * items.length)] ?? items[0],
    shuffle: (items) => {
      const copy = [...items];
      for (let index = copy.length - 1; index > 0; index -= 1) {
        const other = integer(0, index);
        const held = copy[index] as (typeof copy)[number];
        copy[index] = copy[other] as (typeof copy)[number];
        copy[other] = held;
      }
      return copy;
    },
    uuid: () => {
      const word = (): number => Math.floor(next() * 0x10000);
      const version = 0x4000 | (word() & 0x0fff);
      const variant = 0x8000 | (word() & 0x3fff);
      const head = hex(word(), 4) + hex(word(), 4);
      return `${head}-${hex(word(), 4)}-${hex(version, 4)}-${hex(variant, 4)}-${hex(word(), 4)}${hex(word(), 4)}${hex(word(), 4)}`;
    },
  };
};
