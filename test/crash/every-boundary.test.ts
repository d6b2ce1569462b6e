import { describe, expect, it } from 'vitest';
import { type Mode, modes } from './boundaries.js';
import { type CrashStory, tell } from './crash-story.js';
import { stories } from './stories.js';

/**
 * The n-th crossing of a process to its files or to the network fails, or is the last thing the process does, and a new
 * process opens what is left: for every n of a story, before the call, after it, and in the middle of it. Whatever it was,
 * Learn Amp ends as the oracle says, with one account and one mail for each person, over a log without gaps.
 *
 * `CRASH=all` strikes every boundary of every story (see docs/explanation/testing.md); without it the first
 * story is told in full, and of the others every `STRIDE`-th boundary, from one that `OFFSET` moves.
 */
const all = process.env['CRASH'] === 'all';
const STRIDE = all ? 1 : Number(process.env['STRIDE'] ?? 17);
const OFFSET = Number(process.env['OFFSET'] ?? 0);

const boundariesOf = (count: number, stride: number, shift: number): ReadonlyArray<number> =>
  Array.from({ length: count }, (_, n) => n + 1).filter((n) => (n + shift) % stride === 0);

type Struck = { readonly points: number; readonly wrong: ReadonlyArray<string> };

const strikeAll = async (story: CrashStory, mode: Mode, stride: number): Promise<Struck> => {
  const { crossed, wrong } = await tell(story, undefined);
  expect(wrong).toEqual([]);
  const points = boundariesOf(crossed.length, stride, OFFSET + modes.indexOf(mode) * 2);
  const found: string[] = [];
  for (const nth of points) {
    const point = await tell(story, { nth, mode });
    const where = `${mode} boundary ${nth} of ${crossed.length} (${crossed[nth - 1] ?? ''})`;
    if (point.struck !== crossed[nth - 1]) found.push(`${where}: ${point.struck ?? 'nothing'} was struck`);
    found.push(...point.wrong.map((what) => `${where}: ${what}`));
  }
  return { points: points.length, wrong: found };
};

describe.each(stories.map((story, index) => ({ ...story, stride: index === 0 ? 1 : STRIDE })))(
  '$name',
  ({ stride, ...story }) => {
    it.each(modes)('ends as it should whatever boundary is struck: %s', { timeout: 3_600_000 }, async (mode) => {
      const { points, wrong } = await strikeAll(story, mode, stride);
      console.log(`${story.name}, ${mode}: ${points} boundaries struck`);
      expect(wrong).toEqual([]);
      expect(points).toBeGreaterThan(0);
    });
  },
);
