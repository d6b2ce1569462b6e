import { execFile } from 'node:child_process';
import { arch, availableParallelism, cpus, platform } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

// What the benchmarks have in common: each figure comes from a process of its own, floor and ours take turns, and what is
// judged is the median of the ratios of neighbours. A bar is what is promised; a gate is wider, since machines differ.

export const machine = (): string =>
  `Node ${process.version}, ${platform()} ${arch()}, ${availableParallelism()} x ${cpus()[0]?.model ?? 'unknown'}`;

/** Runs a program of `test/bench/programs`, where wanted with flags of Node, and takes the JSON it prints. */
export const runProgram = async <Answer>(
  program: string,
  request: object,
  flags: ReadonlyArray<string> = [],
): Promise<Answer> => {
  const path = fileURLToPath(new URL(`../programs/${program}.js`, import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, path, JSON.stringify(request)]);
  return JSON.parse(stdout) as Answer;
};

export const median = (values: ReadonlyArray<number>): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[middle - 1] ?? Number.NaN, sorted[middle] ?? Number.NaN];
  return sorted.length % 2 === 1 ? high : (low + high) / 2;
};

/** How often each pair is measured. */
export const pairs = Number(process.env['PAIRS'] ?? 3);

export const print = (line: string): void => console.log(line);

type Limit = { readonly bar: number; readonly gate: number };

/** Prints a figure beside its bar, and throws where it is beyond its gate. */
const judge = (
  name: string,
  figure: number,
  { bar, gate }: Limit,
  [isMet, passes]: readonly [boolean, boolean],
): void => {
  const met = isMet ? 'met' : 'not met';
  print(`${passes ? 'PASS' : 'FAIL'}  ${name}: ${figure.toFixed(2)} (bar ${bar}: ${met}; gate ${gate})`);
  if (!passes) throw new Error(`${name}: ${figure.toFixed(2)} is beyond the gate of ${gate}.`);
};

export const atMost = (name: string, figure: number, limit: Limit): void =>
  judge(name, figure, limit, [figure <= limit.bar, figure <= limit.gate]);

export const atLeast = (name: string, figure: number, limit: Limit): void =>
  judge(name, figure, limit, [figure >= limit.bar, figure >= limit.gate]);

/** For a bench whose body measures by itself: it runs once, and a gate that is missed fails the run. */
export const once = { iterations: 1, time: 0, warmupIterations: 0, warmupTime: 0, throws: true };
