import { DirectorySyncError } from '../directory-sync.js';

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
