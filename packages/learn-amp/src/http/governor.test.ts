import { describe, expect, it } from 'vitest';
import { makeGovernor, type TurnReport } from './governor.js';

/** A governor on a clock that its sleeps move. */
const openGovernor = () => {
  let time = Date.parse('2026-03-02T08:00:00Z');
  const slept: number[] = [];
  const governor = makeGovernor({ now: () => new Date(time), random: () => 1 });
  const enter = () =>
    governor.enter((milliseconds) => {
      slept.push(milliseconds);
      time += milliseconds;
      return Promise.resolve('over');
    });
  return {
    governor,
    slept,
    enter,
    pass: (milliseconds: number) => (time += milliseconds),
    /** One call after another, each of so many milliseconds. */
    run: async (reports: ReadonlyArray<TurnReport>, takes = 100) => {
      for (const report of reports) {
        const ended = governor.want();
        const turn = await enter();
        time += takes;
        turn?.leave(report);
        ended();
      }
    },
  };
};

const times = (count: number, report: TurnReport): ReadonlyArray<TurnReport> =>
  Array.from({ length: count }, () => report);

describe('the governor', () => {
  it('holds nothing back before the first refusal', async () => {
    const { governor, run, slept } = openGovernor();
    await run(times(50, 'answered'));
    expect(slept).toEqual([]);
    expect(governor.reading()).toEqual({ atOnce: 64, perSecond: undefined });
  });

  it('spaces what follows a refusal to nine tenths of what was served, and tries more by small steps', async () => {
    const { governor, run } = openGovernor();
    await run([...times(49, 'answered'), 'throttled-as-told']);
    // 49 within five seconds.
    expect(governor.reading().perSecond).toBeCloseTo(0.9 * 9.8);
    expect(governor.reading().atOnce).toBe(1);
    await run(times(20, 'answered'));
    expect(governor.reading().perSecond).toBeCloseTo(0.9 * 9.8 * 1.05);
    expect(governor.reading().atOnce).toBe(2);
  });

  it('does not count time in which nobody wanted anything', async () => {
    const { governor, run, pass } = openGovernor();
    await run(times(25, 'answered'));
    pass(3_600_000);
    await run([...times(24, 'answered'), 'throttled']);
    expect(governor.reading().perSecond).toBeCloseTo(0.9 * 9.8);
  });

  it('pauses longer each time while nothing is served, and spaces no further apart for it', async () => {
    const { governor, run, slept } = openGovernor();
    await run([...times(49, 'answered'), 'throttled']);
    const { perSecond } = governor.reading();
    await run(times(4, 'throttled'));
    // With the jitter at its most: one second, and twice as much each time.
    expect(slept).toEqual([1000, 2000, 4000, 8000]);
    expect(governor.reading().perSecond).toBe(perSecond);
  });

  it('takes refusals of what was under way together for one', async () => {
    const { governor, enter } = openGovernor();
    const ended = governor.want();
    const turns = await Promise.all(Array.from({ length: 32 }, enter));
    for (const turn of turns) turn?.leave('throttled-as-told');
    ended();
    expect(governor.reading().atOnce).toBe(16);
  });

  it('is not held up by a clock that was set back', async () => {
    const { run, pass, slept } = openGovernor();
    await run([...times(49, 'answered'), 'throttled']);
    pass(-24 * 3_600_000);
    await run(['answered']);
    expect(slept.reduce((sum, wait) => sum + wait, 0)).toBeLessThan(60_000);
  });
});

it('whoever gave up keeps no place in the queue, and takes no turn', async () => {
  const governor = makeGovernor({ now: () => new Date(0), random: () => 1 });
  const sleep = () => Promise.resolve('over' as const);
  const turns = await Promise.all(Array.from({ length: 64 }, () => governor.enter(sleep)));
  const controller = new AbortController();
  const gaveUp = governor.enter(sleep, [controller.signal]);
  const next = governor.enter(sleep, [new AbortController().signal]);
  controller.abort();
  expect(await gaveUp).toBeUndefined();
  turns[0]?.leave('answered');
  const turn = await next;
  expect(turn).toBeDefined();
  expect(await governor.enter(sleep, [AbortSignal.abort()])).toBeUndefined();
});
