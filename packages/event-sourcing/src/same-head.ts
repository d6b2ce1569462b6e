import type { Head } from './envelope.js';

/** Whether both stand at the same record of one stream, or both before its first. */
export const sameHead = (a: Head | undefined, b: Head | undefined): boolean =>
  a?.revision === b?.revision && a?.hash === b?.hash;
