import { everyKind } from './fault-kinds/index.js';
import type { SeedResult } from './live-seed.js';

/** What a run of many seeds came to. */
export type Tally = {
  readonly lived: number;
  readonly onFiles: number;
  readonly twice: number;
  readonly steps: number;
  readonly wrong: ReadonlyArray<{ readonly seed: number; readonly what: string }>;
  readonly hits: Readonly<Record<string, number>>;
};

export const nothingLived: Tally = { lived: 0, onFiles: 0, twice: 0, steps: 0, wrong: [], hits: {} };

export const counted = (tally: Tally, { seed, wrong, hits, steps, onFiles, twice }: SeedResult): Tally => {
  const sum: Record<string, number> = { ...tally.hits };
  for (const [name, count] of hits) sum[name] = (sum[name] ?? 0) + count;
  return {
    lived: tally.lived + 1,
    onFiles: tally.onFiles + (onFiles ? 1 : 0),
    twice: tally.twice + (twice ? 1 : 0),
    steps: tally.steps + steps,
    wrong: wrong === null ? tally.wrong : [...tally.wrong, { seed, what: wrong }],
    hits: sum,
  };
};

/** Kinds of fault that a run of this many seeds should have tried, and did not. */
export const neverStruck = ({ hits }: Tally): ReadonlyArray<string> =>
  everyKind.filter((name) => (hits[name] ?? 0) === 0);

/** Fewer seeds than these need not meet every kind. */
export const ENOUGH_SEEDS = 300;

export const tallyInLines = (tally: Tally): ReadonlyArray<string> => {
  const { lived, onFiles, twice, steps, wrong } = tally;
  const rows = everyKind
    .map((name) => [name, tally.hits[name] ?? 0] as const)
    .sort(([, one], [, other]) => one - other);
  return [
    `${String(lived)} lives, ${String(onFiles)} of them on files, ${String(twice)} lived twice, ${String(steps)} steps`,
    `${String(rows.length)} kinds of fault; those that struck least: ${rows
      .slice(0, 5)
      .map(([name, count]) => `${name} ${String(count)}`)
      .join(', ')}`,
    ...wrong.map(({ seed, what }) => `seed ${String(seed)}: ${what}`),
  ];
};
