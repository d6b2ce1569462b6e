import type { Progress } from '@learnamp/directory-sync';
import { describe, expect, it } from 'vitest';
import { makeStepClock } from './step-clock.js';

/** At each second the progress of that moment. */
const told = (...steps: ReadonlyArray<readonly [second: number, Progress]>): ReadonlyArray<number | null> => {
  let second = 0;
  const left = makeStepClock(() => new Date(second * 1_000));
  return steps.map(([at, progress]) => {
    second = at;
    return left(progress);
  });
};

const groups = (done: number): Progress => ({ step: 'groups', done, total: undefined });
const people = (done: number, total = 100): Progress => ({ step: 'profiles', done, total });
const sent = (done: number, total = 100): Progress => ({ step: 'deliver', done, total });

describe('the time left of a step', () => {
  it('is told by the pace of the step itself, however long the steps before it took', () => {
    expect(told([0, groups(10)], [600, groups(900)], [601, people(0)], [611, people(50)])).toEqual([
      null,
      null,
      null,
      10_000,
    ]);
  });

  it('is not guessed before a tenth of the step is done, nor where nobody knows how much there is', () => {
    expect(told([0, people(0)], [9, people(9)], [10, people(10)], [11, groups(3)])).toEqual([null, null, 90_000, null]);
  });

  it('counts what was done before the step was first heard of as no pace', () => {
    expect(told([0, people(80)], [10, people(90)])).toEqual([null, 10_000]);
  });

  it('begins anew with each run of a step', () => {
    const first = told([0, sent(0, 10)], [5, sent(10, 10)], [6, sent(0)], [16, sent(20)]);
    expect(first).toEqual([null, 0, null, 40_000]);
    expect(told([0, sent(0)], [10, sent(100)], [20, sent(0)], [24, sent(40)])).toEqual([null, 0, null, 6_000]);
  });

  it('is nothing, and not less, once more was done than was expected', () => {
    expect(told([0, people(0)], [10, people(120)])).toEqual([null, 0]);
  });
});
