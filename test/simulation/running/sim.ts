import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { keptSeeds } from './kept-seeds.js';
import { noteInLedger } from './ledger.js';
import { liveScript } from './live-script.js';
import { liveSeed } from './live-seed.js';
import { runSeeds } from './run-seeds.js';
import { inLines, scriptOf, type Script } from './script.js';
import { shrink } from './shrink.js';
import { ENOUGH_SEEDS, neverStruck, tallyInLines, type Tally } from './tally.js';

const usage = `npm run sim -- --seed N           lives one seed and tells what happened
npm run sim -- --seeds N          lives N seeds; goes on where it was interrupted; --from M begins elsewhere
npm run sim -- --script FILE      lives what a failure left behind
  --minutes M --at-least N        stops after M minutes, once N seeds were lived
  --ledger                        notes the result in test/simulation/ledger.json`;

const artefacts = join('node_modules', '.cache', 'simulation');
const TRIES = 60;

const git = (...given: ReadonlyArray<string>): string => {
  try {
    return execFileSync('git', [...given], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return '';
  }
};

/** The commit, or that of it something is not what was committed. */
const commitNow = (): string => {
  const commit = git('rev-parse', '--short=12', 'HEAD') || 'none';
  return git('status', '--porcelain', '--', 'packages', 'test/simulation') === '' ? commit : `${commit}+`;
};

/** Another stretch of seeds for every commit. */
const startOf = (commit: string): number => {
  const number = Number.parseInt(commit.slice(0, 7), 16);
  return Number.isNaN(number) ? 1 : (number % 1_000_000) * 1_000 + 1;
};

const print = (lines: ReadonlyArray<string>): void => {
  process.stdout.write(`${lines.join('\n')}\n`);
};

/** What went wrong, made as small as it gets, and kept in a file to be lived again. */
const keepFailure = async (script: Script, wrong: string): Promise<void> => {
  const least = await shrink(script, async (one) => (await liveScript(one)).wrong !== undefined, TRIES);
  const lived = await liveScript(least);
  mkdirSync(artefacts, { recursive: true });
  const file = join(artefacts, `seed-${String(script.seed)}.json`);
  const { trace } = lived;
  writeFileSync(
    file,
    JSON.stringify({ commit: commitNow(), wrong, leastWrong: lived.wrong, script: least, trace }, undefined, 1),
  );
  print([`smallest script that still goes wrong (${lived.wrong ?? 'nothing'}):`, ...inLines(least), ...trace]);
  print([`live it again: npm run sim -- --script ${file}`]);
};

const liveOne = async (script: Script): Promise<number> => {
  print(inLines(script));
  const { wrong, trace, hits, steps, digest } = await liveScript(script);
  print([...trace, `${String(steps.length)} steps, log ${digest}`]);
  print([...hits].map(([name, count]) => `  ${name}: ${String(count)}`));
  print([wrong === undefined ? 'nothing was wrong' : `wrong: ${wrong}`]);
  if (wrong !== undefined) await keepFailure(script, wrong);
  return wrong === undefined ? 0 : 1;
};

const standingIn = (file: string): { readonly next: number; readonly tally: Tally } | undefined => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as { readonly next: number; readonly tally: Tally };
  } catch {
    return undefined;
  }
};

type Many = {
  readonly seeds: number;
  readonly from: number | undefined;
  readonly minutes: number | undefined;
  readonly atLeast: number | undefined;
  readonly ledger: boolean;
};

const liveMany = async (many: Many): Promise<number> => {
  const commit = commitNow();
  const { seeds, from = startOf(commit), minutes, atLeast } = many;
  mkdirSync(artefacts, { recursive: true });
  // What is timed begins anew each time; only what is to be lived whole goes on.
  const file = join(artefacts, `run-${commit}-${String(from)}-${String(seeds)}.json`);
  const resumes = minutes === undefined && !commit.endsWith('+');
  const standing = resumes ? standingIn(file) : undefined;
  if (standing !== undefined) print([`goes on from seed ${String(standing.next)}`]);
  const begun = performance.now();
  const tally = await runSeeds({
    ...{ from, seeds, minutes, atLeast, standing, kept: keptSeeds, workers: availableParallelism() },
    onWrong: ({ seed, wrong }) => process.stderr.write(`seed ${String(seed)}: ${String(wrong)}\n`),
    onProgress: (now) => {
      if (resumes) writeFileSync(file, JSON.stringify(now));
      const perMinute = Math.round(
        (now.tally.lived - (standing?.tally.lived ?? 0)) / ((performance.now() - begun) / 60_000),
      );
      process.stderr.write(
        `${String(now.tally.lived)} lives, ${String(perMinute)} a minute, ${String(now.tally.wrong.length)} wrong\n`,
      );
    },
  });
  print([`commit ${commit}, seeds from ${String(from)}`, ...tallyInLines(tally)]);
  const missing = tally.lived >= ENOUGH_SEEDS ? neverStruck(tally) : [];
  if (missing.length > 0) print([`never struck: ${missing.join(', ')}`]);
  if (many.ledger) noteInLedger({ commit, from, tally });
  const [first] = tally.wrong;
  if (first !== undefined) await keepFailure(scriptOf(first.seed), first.what);
  return tally.wrong.length > 0 || missing.length > 0 ? 1 : 0;
};

/** Answers each seed it is sent. */
const work = (): Promise<never> => {
  process.on('message', (seed) => {
    void liveSeed(Number(seed)).then(
      (result) => process.send?.(result),
      (cause: unknown) => {
        process.stderr.write(`${String(cause)}\n`);
        process.exit(70);
      },
    );
  });
  return new Promise(() => undefined);
};

const numberOf = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text));

export const main = async (given: ReadonlyArray<string>): Promise<void> => {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...given],
    options: {
      ...{ seed: text, seeds: text, from: text, script: text, minutes: text, 'at-least': text },
      ...{ ledger: { type: 'boolean' }, worker: { type: 'boolean' }, help: { type: 'boolean' } },
    },
  });
  if (values.worker === true) await work();
  const { seed, seeds, script } = values;
  if (seed !== undefined) process.exitCode = await liveOne(scriptOf(Number(seed)));
  else if (script !== undefined)
    process.exitCode = await liveOne((JSON.parse(readFileSync(script, 'utf8')) as { readonly script: Script }).script);
  else if (seeds !== undefined)
    process.exitCode = await liveMany({
      ...{ seeds: Number(seeds), from: numberOf(values.from), minutes: numberOf(values.minutes) },
      ...{ atLeast: numberOf(values['at-least']), ledger: values.ledger === true },
    });
  else {
    print([usage]);
    process.exitCode = values.help === true ? 0 : 2;
  }
};
