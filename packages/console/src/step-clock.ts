import type { Progress } from '@learnamp/directory-sync';

/** Less than this of a step tells nothing of the rest. */
const SHARE = 0.1;
const SHORTEST_MS = 1_000;

type Begun = {
  readonly step: Progress['step'];
  readonly total: number | undefined;
  readonly from: number;
  readonly at: number;
};

/**
 * How long the step that is under way still takes, by how it went so far. Of the steps behind it nothing is known before they begin,
 * so nothing is said of them. One step may have several runs (each lane of a delivery is one): each is measured by itself.
 */
export const makeStepClock = (now: () => Date) => {
  let begun: Begun | undefined;
  let before = 0;
  /** Milliseconds; `null`: not to be told yet, or at all. */
  return ({ step, done, total }: Progress): number | null => {
    const at = now().getTime();
    const isNew = begun?.step !== step || begun.total !== total || done < before;
    before = done;
    if (begun === undefined || isNew) begun = { step, total, from: done, at };
    const [made, lasted] = [done - begun.from, at - begun.at];
    if (total === undefined || made <= 0 || made < total * SHARE || lasted < SHORTEST_MS) return null;
    return Math.round((lasted * Math.max(0, total - done)) / made);
  };
};
