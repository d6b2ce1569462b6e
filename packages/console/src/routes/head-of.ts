import type { DirectorySync } from '@learnamp/directory-sync';

/** Revision of the newest event; -1 of an empty log. */
export const headOf = async (engine: DirectorySync): Promise<bigint> => {
  for await (const { revision } of engine.events({ order: 'newest-first' })) return BigInt(revision);
  return -1n;
};
