import type { ObjectId } from '../ids.js';

/** A command that went out: for whom, and the Graph time of its round. */
export type DispatchedAt = { readonly userId: ObjectId; readonly at: string };

/**
 * People dispatched for within `windowHours` before `graphTime`, both ends included. A time that lies ahead of `graphTime`, or
 * that cannot be read, counts: a clock that jumps never makes a hold look smaller.
 */
export const dispatchedInWindow = (
  dispatched: ReadonlyArray<DispatchedAt>,
  graphTime: string,
  windowHours: number,
): ReadonlySet<ObjectId> => {
  const end = Date.parse(graphTime);
  const span = windowHours * 3_600_000;
  return new Set(dispatched.filter(({ at }) => !(end - Date.parse(at) > span)).map(({ userId }) => userId));
};

const BILLION = 1_000_000_000;

/** Whether `count` is more than `share` of `whole`, exact to nine decimals of the share: 29 is not more than 0.29 of 100. */
export const exceedsShare = (count: number, share: number, whole: number): boolean =>
  count * BILLION > Math.round(share * BILLION) * whole;

/** Ids, each once, in one order whatever order they came in: so a decision does not depend on the order of its input. */
export const inOrder = (candidates: ReadonlyArray<{ readonly userId: ObjectId }>): ReadonlyArray<ObjectId> =>
  [...new Set(candidates.map(({ userId }) => userId))].sort();
