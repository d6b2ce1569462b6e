/** The longest back-off: as late as a change may come while nothing but polls brings it. */
const LONGEST_BACK_OFF_MS = 15 * 60_000;
const JITTER = 0.1;

/** A tenth more or less, so that connections that began together do not ask together for ever. */
export const jittered = (milliseconds: number, random: () => number): number =>
  Math.round(milliseconds * (1 - JITTER + 2 * JITTER * random()));

/** How long a connection waits after so many failed cycles in a row: the poll interval, doubled each time. */
export const backOffMs = (failures: number, pollMs: number, random: () => number): number => {
  const doubled = pollMs * 2 ** Math.min(Math.max(0, failures - 1), 20);
  return jittered(Math.max(pollMs, Math.min(doubled, LONGEST_BACK_OFF_MS)), random);
};
