import { DirectorySyncError } from '../directory-sync.js';
import type { CycleContext } from './cycle-context.js';

/**
 * Pages may shrink to one object (graph.md 1.2), so a round of a large company may honestly have tens of thousands; one that has
 * more than this, each with something new, is taken for one without end (FC-30).
 */
const MOST_PAGES = 200_000;
/** So long one cycle reads one round: what waits behind it, other sources and Learn Amp, is not put off without end. */
const MOST_HOURS = 6;

/** How far one reading of a round has come. */
export type RoundSpan = { readonly pages: number; readonly begun: number; readonly now: number };

/**
 * `pages`: the round is given up, and begins again from the last delta link. `time`: the cycle ends, and the next one goes on
 * where this one stood. `undefined`: the round goes on.
 */
export const boundReached = ({ pages, begun, now }: RoundSpan): 'pages' | 'time' | undefined => {
  if (pages >= MOST_PAGES) return 'pages';
  return now - begun > MOST_HOURS * 3_600_000 ? 'time' : undefined;
};

const says = {
  pages: `has ${MOST_PAGES} pages and no end; it was not used, and begins again`,
  time: `did not come to its end in ${MOST_HOURS} hours; what was read is kept, and the next sync goes on from there`,
} as const;

export const boundError = (source: string, bound: keyof typeof says): DirectorySyncError =>
  new DirectorySyncError('graph-protocol', `A round of Microsoft Graph's ${source} ${says[bound]}.`);

/** A page may age once; a round that is begun for the third time within one cycle does not come to its end by itself (FC-22). */
export const noteRestart = ({ logger }: Pick<CycleContext, 'logger'>, cursor: string, restart: number): void => {
  if (restart === 2)
    logger.warn(
      { cursor, restarts: restart },
      'Microsoft Graph refused this round twice: it is begun for the third time.',
    );
};
