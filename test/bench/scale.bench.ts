import { readFile, writeFile } from 'node:fs/promises';
import { bench, describe } from 'vitest';
import { atMost, machine, once, print } from './support/measured.js';
import { besideEmmett, cycles, firstRead, rows, type Measure } from './support/scale-measures.js';
import { growth, scaleChart, scaleTable } from './support/scale-report.js';

// What the size of a company costs: everything that takes time, at each size, with the floor and Emmett in the same run, and
// how many times as much it is as at the smallest. By the time of the processor.
//
// `SIZES` names the sizes (1,000 and 10,000; up to 1,000,000, which takes hours), `PARTS` what is measured of `initial`,
// `cycles`, `rows` and `emmett`. `CHART` names the file for the chart; the table is printed. `RESULTS` names a file in which
// what was measured is kept: a run that is begun again goes on from there.

const sizes = (process.env['SIZES'] ?? '1000,10000').split(',').map(Number);
const parts = { initial: firstRead, cycles, rows, emmett: besideEmmett };
const wanted = (process.env['PARTS'] ?? Object.keys(parts).join(',')).split(',') as ReadonlyArray<keyof typeof parts>;

type Results = Record<string, ReadonlyArray<Measure>>;

const kept = process.env['RESULTS'];
const readResults = async (path: string): Promise<Results> =>
  readFile(path, 'utf8').then(
    (text) => JSON.parse(text) as Results,
    () => ({}),
  );

const measureAll = async (): Promise<ReadonlyArray<Measure>> => {
  const results = kept === undefined ? {} : await readResults(kept);
  for (const part of wanted)
    for (const people of sizes) {
      results[`${part} ${people}`] ??= await parts[part](people);
      if (kept !== undefined) await writeFile(kept, JSON.stringify(results, undefined, 1));
    }
  return wanted.flatMap((part) => sizes.flatMap((people) => results[`${part} ${people}`] ?? []));
};

const [smallest, largest] = [Math.min(...sizes), Math.max(...sizes)];

/** Of the same thing, at the largest and at the smallest size. */
const ends = (measures: ReadonlyArray<Measure>, name: string): readonly [Measure, Measure] | undefined => {
  const at = (size: number) => measures.find(({ what, people }) => what === name && people === size);
  const [large, small] = [at(largest), at(smallest)];
  return large === undefined || small === undefined ? undefined : [large, small];
};

const judgeFirstRead = (measures: ReadonlyArray<Measure>): void => {
  const found = ends(measures, 'initial sync');
  if (found === undefined) return;
  const [large, small] = found;
  const ofFloor = large.floor / large.people / (small.floor / small.people);
  atMost('initial sync: cost of a person, over that of the floor', growth(measures, large) / ofFloor, {
    bar: 1.5,
    gate: 3,
  });
  const each = ({ counts, people }: Measure): number => (counts['requests'] ?? Number.NaN) / people;
  atMost('initial sync: requests for each person, over the smallest', each(large) / each(small), { bar: 1, gate: 1 });
  atMost('initial sync: memory in all, MiB', large.counts['MiB in all'] ?? Number.NaN, { bar: 900, gate: 1_000 });
};

const judgeChange = (measures: ReadonlyArray<Measure>): void => {
  const found = ends(measures, 'one change');
  if (found === undefined) return;
  for (const name of ['rows read', 'rows written', 'requests']) {
    const [large = Number.NaN, small = Number.NaN] = found.map(({ counts }) => counts[name]);
    atMost(`one change: ${name}, over the smallest`, large / small, { bar: 1, gate: 1.05 });
  }
};

describe('scale', () => {
  bench(
    `companies of ${sizes.map((size) => size.toLocaleString('en')).join(', ')} people`,
    async () => {
      print(machine());
      const measures = await measureAll();
      print(scaleTable(measures));
      if (process.env['CHART'] !== undefined) await writeFile(process.env['CHART'], scaleChart(measures));
      judgeFirstRead(measures);
      judgeChange(measures);
    },
    once,
  );
});
