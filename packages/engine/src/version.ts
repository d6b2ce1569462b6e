/** Recorded with each engine that writes to a stream. */
export const version = '0.1.0';
