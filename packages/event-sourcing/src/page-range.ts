import type { Revision } from './envelope.js';
import type { PageOptions } from './event-log.js';

const DEFAULT_PAGE = 1_000;
const LARGEST_PAGE = 4_096;
/** Above every revision: streams end at 2^63 - 1, the largest integer of the stores. */
const LAST_REVISION = 9_223_372_036_854_775_807n;

/** Page options with their defaults, as a window of revisions. */
export type PageRange = {
  readonly low: Revision;
  readonly high: Revision;
  readonly backwards: boolean;
  readonly size: number;
};

const pageSize = (size: number): number => {
  if (!Number.isInteger(size) || size < 1) throw new RangeError('size must be a positive whole number of records.');
  return Math.min(size, LARGEST_PAGE);
};

/** Turns page options into a window: `from` and `to` are inclusive whichever way it is read. */
export const pageRange = (options: PageOptions = {}): PageRange => {
  const backwards = options.direction === 'backwards';
  const from = options.from ?? (backwards ? LAST_REVISION : 0n);
  const to = options.to ?? (backwards ? 0n : LAST_REVISION);
  const size = pageSize(options.size ?? DEFAULT_PAGE);
  return { low: backwards ? to : from, high: backwards ? from : to, backwards, size };
};

/** The window that is left behind a page, or `undefined` when the page was the last. */
export const rangeAfter = (
  range: PageRange,
  page: ReadonlyArray<{ readonly revision: Revision }>,
): PageRange | undefined => {
  const last = page.at(-1);
  if (last === undefined || page.length < range.size) return undefined;
  const rest = range.backwards ? { ...range, high: last.revision - 1n } : { ...range, low: last.revision + 1n };
  return rest.low > rest.high ? undefined : rest;
};

/**
 * Reads a window page by page through `read`, which returns at most `size` records and none outside the window.
 * Never yields an empty page. Rejects with the signal's reason when it aborts: a part is never taken for the whole.
 */
export async function* readPages<TRecord extends { readonly revision: Revision }>(
  read: (range: PageRange) => ReadonlyArray<TRecord> | Promise<ReadonlyArray<TRecord>>,
  options: PageOptions | undefined,
): AsyncGenerator<ReadonlyArray<TRecord>, void, undefined> {
  let range: PageRange | undefined = pageRange(options);
  while (range !== undefined) {
    options?.signal?.throwIfAborted();
    const page: ReadonlyArray<TRecord> = await read(range);
    if (page.length > 0) yield page;
    range = rangeAfter(range, page);
  }
}
