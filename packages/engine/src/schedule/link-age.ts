import type { Cursor } from '@learnamp/directory-sync-domain';

const DAY = 24 * 3_600_000;
/** Delta tokens of directory objects live so long (https://learn.microsoft.com/graph/delta-query-overview). */
const LINK_DAYS = 7;
/** A recorded link moves daily while rounds reach their end: one of this age was left behind by days of them. */
const WARN_AT_DAYS = 5;

/**
 * Whole days that are left of the oldest delta link, once few are: with it ends the short way of catching up, and the next
 * cycle reads everything from the beginning. Nothing is lost by that, but of what happened meanwhile only the outcome is seen.
 */
export const linkDaysLeft = (cursors: Iterable<Cursor>, now: number): number | undefined => {
  let oldest = Infinity;
  for (const { delta, resync } of cursors)
    if (delta !== undefined && resync === undefined) oldest = Math.min(oldest, Date.parse(delta.issuedAt));
  const days = (now - oldest) / DAY;
  return days < WARN_AT_DAYS ? undefined : Math.max(0, Math.floor(LINK_DAYS - days));
};
