import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { everyKind } from './fault-kinds/index.js';
import type { Tally } from './tally.js';

const file = join('test', 'simulation', 'ledger.json');

/** One run of the release lane: what was lived on which commit, and what it came to. */
export type LedgerEntry = {
  readonly commit: string;
  readonly date: string;
  readonly from: number;
  readonly lives: number;
  readonly onFiles: number;
  readonly livedTwice: number;
  readonly steps: number;
  readonly kindsOfFault: number;
  readonly strikes: number;
  /** The kind that struck least, and how often. */
  readonly least: readonly [string, number];
  readonly wrong: ReadonlyArray<number>;
};

export const ledgerEntry = (commit: string, from: number, tally: Tally, date: string): LedgerEntry => {
  const struck = everyKind
    .map((name) => [name, tally.hits[name] ?? 0] as const)
    .sort(([, one], [, other]) => one - other);
  return {
    ...{ commit, date, from, lives: tally.lived, onFiles: tally.onFiles, livedTwice: tally.twice, steps: tally.steps },
    kindsOfFault: struck.length,
    strikes: struck.reduce((sum, [, count]) => sum + count, 0),
    least: struck[0] ?? ['none', 0],
    wrong: tally.wrong.map(({ seed }) => seed),
  };
};

export const noteInLedger = ({
  commit,
  from,
  tally,
}: {
  readonly commit: string;
  readonly from: number;
  readonly tally: Tally;
}): void => {
  const before = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as ReadonlyArray<LedgerEntry>) : [];
  const entry = ledgerEntry(commit, from, tally, new Date().toISOString().slice(0, 10));
  writeFileSync(file, `${JSON.stringify([...before, entry], undefined, 2)}\n`);
};
