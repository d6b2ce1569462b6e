import { bench, describe } from 'vitest';
import { madeLog, type MadeLog } from './support/made-log.js';
import { atMost, machine, median, once, pairs, print, runProgram } from './support/measured.js';

// What an event costs among 1,000 people and among 100,000, each beside the floor over the same file: what the machine does
// to larger maps is taken out. How many rows and drafts an event leads to must not depend on how many people there are.
//
// By default 10,000 people in the place of the 100,000: three minutes with making the logs, on two cores, and 400 MiB. The
// promise is for `PEOPLE=100000`: a quarter of an hour and 1.3 GiB.

const LARGE = Number(process.env['PEOPLE'] ?? 10_000);
const SMALL = 1_000;
/** Both folds read equally many events: the small log is read over and over, so that neither pays more for starting. */
const EVENTS = 100_000;

/** Among few people more changes of one batch meet in one row, so rows may differ a little more. */
const limits = { drafts: { bar: 1.05, gate: 1.1 }, rows: { bar: 1.2, gate: 1.3 } };

type Answer = { readonly events: number; readonly cpu: number };
type Counts = { readonly events: number; readonly folded: number; readonly drafts: number; readonly rows: number };

const costOf = async (mode: 'floor' | 'fold', { logPath, keysPath, stream, events }: MadeLog): Promise<number> => {
  const answer = await runProgram<Answer>('replay', {
    mode,
    logPath,
    keysPath,
    stream,
    times: Math.ceil(EVENTS / events),
  });
  return (answer.cpu * 1_000) / answer.events;
};

const countsOf = async ({ logPath, keysPath, stream }: MadeLog): Promise<Counts> =>
  runProgram<Counts>('replay', { mode: 'counts', logPath, keysPath, stream });

describe('scaling', () => {
  bench(
    'an event among 1,000 people and among many',
    async () => {
      print(machine());
      const small = await madeLog({ people: SMALL, events: 10 * SMALL, sealed: false });
      const large = await madeLog({ people: LARGE, events: 10 * LARGE, sealed: false });
      const growth: number[] = [];
      for (let pair = 0; pair < pairs; pair += 1) {
        const [floorSmall, ours] = [await costOf('floor', small), await costOf('fold', small)];
        const [floorLarge, oursLarge] = [await costOf('floor', large), await costOf('fold', large)];
        growth.push(oursLarge / ours / (floorLarge / floorSmall));
        print(
          `      microseconds an event: floor ${floorSmall.toFixed(1)} and ${floorLarge.toFixed(1)}, fold ${ours.toFixed(1)} and ${oursLarge.toFixed(1)}`,
        );
      }
      atMost(`cost from ${SMALL} to ${LARGE} people, over that of the floor`, median(growth), { bar: 1.5, gate: 3 });
      const [few, many] = [await countsOf(small), await countsOf(large)];
      const each = (counts: Counts, name: 'drafts' | 'rows'): number => counts[name] / counts.folded;
      for (const name of ['drafts', 'rows'] as const) {
        print(
          `      ${name} for each fold of an event into a person: ${each(few, name).toFixed(4)} and ${each(many, name).toFixed(4)}`,
        );
        atMost(`${name} for each fold, many over few`, each(many, name) / each(few, name), limits[name]);
      }
    },
    once,
  );
});
