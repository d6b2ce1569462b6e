import type { ObjectId } from '@learnamp/directory-sync-domain';

/** A page of a list of people, which is in the order of ids. */
export type PageOptions = {
  /** So many people at most. Default: all of them. */
  readonly limit?: number | undefined;
  /** The last person of the page before. */
  readonly after?: ObjectId | undefined;
};

/** Those of the page, in the order of ids, and how many come behind them. */
export const pageOfPeople = (
  userIds: Iterable<ObjectId>,
  { limit = Infinity, after }: PageOptions,
): { readonly shown: ReadonlyArray<ObjectId>; readonly more: number } => {
  const left = [...new Set(userIds)].sort().filter((userId) => after === undefined || userId > after);
  const shown = left.slice(0, Math.max(0, limit));
  return { shown, more: left.length - shown.length };
};
