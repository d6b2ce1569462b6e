import type { DirectorySync } from '@learnamp/directory-sync';

const recordedAt = async (engine: DirectorySync, revision: bigint): Promise<number> => {
  for await (const event of engine.events({ from: revision, to: revision })) return Date.parse(event.recordedAt);
  return Number.NaN;
};

/**
 * The first event of a moment or later; one behind the head where there is none. Times are those of the process that recorded, in
 * order but where its clock was set back, so it is found in twenty looks among a million events.
 */
export const revisionFrom = async (engine: DirectorySync, moment: Date, head: bigint): Promise<bigint> => {
  let [low, high] = [0n, head + 1n];
  while (low < high) {
    const middle = (low + high) / 2n;
    if ((await recordedAt(engine, middle)) < moment.getTime()) low = middle + 1n;
    else high = middle;
  }
  return low;
};
