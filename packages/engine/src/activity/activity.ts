/** One day, in UTC. */
export type ActivityDay = {
  /** `2026-11-30`. */
  readonly day: string;
  /** How many events of each type were recorded on it. */
  readonly events: Readonly<Record<string, number>>;
};

/** How far back activity is counted. */
export type ActivityQuery = {
  /** How many days, today's included. Default 30, at most 366. */
  readonly days?: number | undefined;
};
