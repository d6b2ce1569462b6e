import * as E from 'fp-ts/lib/Either.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Priority } from '../directory-source.js';
import { makeGovernor } from './governor.js';
import type { GovernorOptions, Turn, TurnReport } from './governor.js';
import { makePatience } from './patience.js';

const answered: TurnReport = { _tag: 'Answered' };
const unreachable: TurnReport = { _tag: 'Unreachable' };
const untold: TurnReport = { _tag: 'Throttled', waitMs: undefined };
const told = (waitMs: number): TurnReport => ({ _tag: 'Throttled', waitMs });

/** A clock that moves when somebody sleeps or the test says so. */
const makeTime = () => {
  const started = Date.parse('2026-11-24T10:00:00Z');
  let at = started;
  return {
    now: () => new Date(at),
    passed: () => at - started,
    advance: (ms: number) => {
      at += ms;
    },
    sleep: (ms: number, signal?: AbortSignal) => {
      if (signal?.aborted) return Promise.reject(new Error('aborted'));
      at += ms;
      return Promise.resolve();
    },
    random: () => 0.5,
  };
};

const setUp = (options: Partial<GovernorOptions> = {}) => {
  const time = makeTime();
  const governor = makeGovernor({ ...time, ...options });
  const patience = (ms?: number, signal = new AbortController().signal) => makePatience(time, ms, signal);
  const enter = async (priority: Priority = 'normal', within = patience(), reader?: string): Promise<Turn> => {
    const entered = await governor.enter(priority, within, reader);
    if (E.isLeft(entered)) throw new Error(JSON.stringify(entered.left));
    return entered.right;
  };
  const one = async (report: TurnReport, priority: Priority = 'normal'): Promise<void> => {
    (await enter(priority)).leave(report);
  };
  return { time, governor, patience, enter, one };
};

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Requests that hold their turn until told, and the order in which they got it. */
const holding = ({ enter }: ReturnType<typeof setUp>) => {
  const order: string[] = [];
  const turns = new Map<string, Turn>();
  return {
    order,
    ask: (name: string, priority: Priority = 'normal', reader?: string) => {
      void enter(priority, undefined, reader).then((turn) => {
        order.push(name);
        turns.set(name, turn);
      });
    },
    end: async (name: string) => {
      turns.get(name)?.leave(answered);
      await settle();
    },
  };
};

describe('what Graph tells one request', () => {
  it('FC-69: is waited for in full by every other request of the tenant', async () => {
    const { governor, time, one } = setUp();
    await one(told(600_000));
    expect(governor.snapshot().closedUntil).toBe('2026-11-24T10:10:00.000Z');
    await one(answered);
    expect(time.passed()).toBe(600_000);
    expect(governor.snapshot().closedUntil).toBeUndefined();
  });

  it('FC-69: the longest wait stands, whatever is told later', async () => {
    const { one, time } = setUp();
    await one(told(600_000));
    const { governor } = setUp();
    governor.closeFor(600_000);
    governor.closeFor(1_000);
    expect(governor.snapshot().closedUntil).toBe('2026-11-24T10:10:00.000Z');
    expect(time.passed()).toBe(0);
  });

  it('FC-69: outlives the process: it is told on, and a new governor starts with it', async () => {
    const remembered: Date[] = [];
    const { one } = setUp({ onClosed: (until) => remembered.push(until) });
    await one(told(120_000));
    expect(remembered.map(String)).toEqual([String(new Date('2026-11-24T10:02:00Z'))]);
    const restarted = setUp({ closedUntil: remembered[0] });
    await restarted.one(answered);
    expect(restarted.time.passed()).toBe(120_000);
  });

  it('is refused with its time where a request has less patience', async () => {
    const { governor, one, patience } = setUp();
    await one(told(60_000));
    expect(await governor.enter('normal', patience(30_000))).toEqual(
      E.left({ _tag: 'GraphThrottled', retryAt: '2026-11-24T10:01:00.000Z' }),
    );
    expect(governor.snapshot()).toMatchObject({ inFlight: 0, queued: { high: 0, normal: 0, low: 0 } });
  });

  it('also holds what had its place in the queue already', async () => {
    const set = setUp({ limits: { mostAtOnce: 1 } });
    const first = await set.enter();
    const second = set.enter();
    await settle();
    first.leave(told(5_000));
    await second;
    expect(set.time.passed()).toBe(5_000);
  });

  it('FC-69: says nothing to another tenant (I-15)', async () => {
    const [throttled, other] = [setUp(), setUp()];
    await throttled.one(told(900_000));
    for (let n = 0; n < 20; n += 1) await throttled.one(unreachable);
    await other.one(answered);
    expect(other.time.passed()).toBe(0);
    expect(other.governor.snapshot()).toMatchObject({ closedUntil: undefined, failuresInARow: 0, requests: 1 });
  });
});

describe('a clock that is set back by days', () => {
  const days = 8 * 24 * 3_600_000;

  it('makes a wait that was told begin again, and no longer', async () => {
    const { one, time } = setUp();
    await one(told(60_000));
    time.advance(-days);
    await one(answered);
    expect(time.passed()).toBe(60_000 - days);
  });

  it('holds nobody back for a wait that was over', async () => {
    const { one, time } = setUp();
    await one(told(60_000));
    await one(answered);
    time.advance(-days);
    await one(answered);
    expect(time.passed()).toBeLessThanOrEqual(120_000 - days);
  });

  it('does not stretch the distance between two requests', async () => {
    const { one, time } = setUp();
    await one(answered);
    time.advance(-days);
    await one(answered);
    expect(time.passed()).toBe(-days);
  });

  it('ends the spreading of requests after ten seconds all the same', async () => {
    const { governor, one, time } = setUp();
    governor.observe(200, new Headers({ 'x-ms-throttle-limit-percentage': '1.8' }));
    time.advance(-days);
    for (let n = 0; n < 30; n += 1) await one(answered);
    expect(time.passed() + days).toBeLessThanOrEqual(11_000);
  });
});

describe('trouble without a word for how long', () => {
  it('FC-70: makes the pauses of all grow, up to a quarter of an hour', async () => {
    const { one, time } = setUp();
    const pauses: number[] = [];
    for (let n = 0; n < 16; n += 1) {
      const before = time.passed();
      await one(untold);
      pauses.push(time.passed() - before);
    }
    expect(pauses.slice(0, 5)).toEqual([0, 250, 500, 1_000, 2_000]);
    expect(pauses.at(-1)).toBe(450_000);
  });

  it('FC-70: after five failures in a row one request at a time feels the way, and the first answer frees all', async () => {
    const set = setUp();
    for (let n = 0; n < 4; n += 1) await set.one(unreachable);
    expect(set.time.passed()).toBe(0);
    await set.one(unreachable);
    const held = holding(set);
    for (const name of ['a', 'b', 'c']) held.ask(name);
    await settle();
    const [first = '', ...others] = held.order;
    expect(others).toEqual([]);
    expect(set.time.passed()).toBeGreaterThan(0);
    await held.end(first);
    expect(held.order.toSorted()).toEqual(['a', 'b', 'c']);
    expect(set.governor.snapshot().failuresInARow).toBe(0);
  });

  it('counts requests that failed together as one failure', async () => {
    const { enter, governor } = setUp();
    const turns = await Promise.all(Array.from({ length: 8 }, () => enter()));
    for (const turn of turns) turn.leave(unreachable);
    expect(governor.snapshot().failuresInARow).toBe(1);
  });

  it('an answer to what began before the failure does not end the caution', async () => {
    const { enter, governor } = setUp();
    const [early, failing] = [await enter(), await enter()];
    failing.leave(unreachable);
    early.leave(answered);
    expect(governor.snapshot().failuresInARow).toBe(1);
  });

  it('never takes the last try from a request: the pause is cut to its patience', async () => {
    const { governor, one, patience, time } = setUp();
    for (let n = 0; n < 15; n += 1) await one(untold);
    const before = time.passed();
    expect(E.isRight(await governor.enter('normal', patience(3_000)))).toBe(true);
    expect(time.passed() - before).toBe(3_000);
  });

  it('what was not sent or was aborted says nothing', async () => {
    const { one, governor } = setUp();
    await one(unreachable);
    await one({ _tag: 'Unsent' });
    expect(governor.snapshot().failuresInARow).toBe(1);
  });
});

describe('turns', () => {
  it('never run more than eight at once', async () => {
    const set = setUp();
    const held = holding(set);
    for (let n = 0; n < 20; n += 1) held.ask(String(n));
    await settle();
    expect(set.governor.snapshot()).toMatchObject({ inFlight: 8, queued: { normal: 12 } });
    await held.end('0');
    expect(held.order).toHaveLength(9);
  });

  it('go to the more urgent first, and in the order of arrival within one class', async () => {
    const set = setUp({ limits: { mostAtOnce: 2 } });
    const held = holding(set);
    for (const name of ['running', 'too']) held.ask(name);
    for (const [name, priority] of [
      ['low 1', 'low'],
      ['normal 1', 'normal'],
      ['high 1', 'high'],
      ['normal 2', 'normal'],
      ['low 2', 'low'],
    ] as const)
      held.ask(name, priority);
    await settle();
    for (const name of ['running', 'too', 'high 1', 'normal 1', 'normal 2', 'low 1']) await held.end(name);
    expect(held.order).toEqual(['running', 'too', 'high 1', 'normal 1', 'normal 2', 'low 1', 'low 2']);
  });

  it('go to the readers of one class in turn: nobody waits for more than one of each other, however much that one asks', async () => {
    const turns = holding(setUp({ limits: { mostAtOnce: 1 } }));
    for (const n of [1, 2, 3, 4]) turns.ask(`huge-${n}`, 'normal', 'huge');
    for (const n of [1, 2]) turns.ask(`small-${n}`, 'normal', 'small');
    turns.ask('other-1', 'normal', 'other');
    turns.ask('huge-urgent', 'high', 'huge');
    await settle();
    for (let at = 0; turns.order.length < 8; at += 1) await turns.end(turns.order[at] ?? '');
    expect(turns.order).toEqual([
      'huge-1',
      'huge-urgent',
      'small-1',
      'other-1',
      'huge-2',
      'small-2',
      'huge-3',
      'huge-4',
    ]);
  });

  it('keep half of their number free of low-priority work', async () => {
    const set = setUp();
    const held = holding(set);
    for (let n = 0; n < 8; n += 1) held.ask(`sweep ${String(n)}`, 'low');
    await settle();
    expect(held.order).toHaveLength(4);
    held.ask('a notified change');
    await settle();
    expect(held.order.at(-1)).toBe('a notified change');
  });

  it('low-priority work that was first at the closed gate stays behind what came later', async () => {
    const wakes: Array<() => void> = [];
    const time = makeTime();
    const sleep = () =>
      new Promise<void>((resolve) => {
        wakes.push(resolve);
      });
    const governor = makeGovernor({ ...time, sleep, limits: { mostAtOnce: 1 } });
    governor.closeFor(10_000);
    const order: string[] = [];
    const ask = async (name: string, priority: Priority): Promise<void> => {
      await governor.enter(priority, makePatience({ ...time, sleep }, undefined, new AbortController().signal));
      order.push(name);
    };
    void ask('sweep', 'low');
    void ask('round', 'normal');
    await settle();
    time.advance(10_000);
    for (const wake of wakes.splice(0)) {
      wake();
      await settle();
    }
    expect(order).toEqual(['round']);
    expect(governor.snapshot().queued.low).toBe(1);
  });

  it('come to low-priority work too after a minute of waiting', async () => {
    const set = setUp({ limits: { mostAtOnce: 2 } });
    const held = holding(set);
    for (const name of ['a', 'b']) held.ask(name);
    held.ask('sweep', 'low');
    await settle();
    set.time.advance(60_000);
    held.ask('later');
    await held.end('a');
    expect(held.order).toEqual(['a', 'b', 'sweep']);
  });

  it('are refused beyond the length of the queue, and the queue stays usable', async () => {
    const set = setUp({ limits: { mostAtOnce: 1, mostQueued: 3 } });
    const held = holding(set);
    held.ask('a');
    await settle();
    for (const name of ['b', 'c', 'd']) held.ask(name);
    await settle();
    expect(await set.governor.enter('normal', set.patience())).toMatchObject(E.left({ _tag: 'GraphThrottled' }));
    for (const name of ['a', 'b', 'c', 'd']) await held.end(name);
    expect(held.order).toEqual(['a', 'b', 'c', 'd']);
  });

  it('an aborted wait ends at once and leaves nothing behind', async () => {
    const set = setUp({ limits: { mostAtOnce: 1 } });
    const first = await set.enter();
    const controller = new AbortController();
    const waiting = set.governor.enter('normal', set.patience(undefined, controller.signal));
    const next = set.enter();
    await settle();
    controller.abort();
    await expect(waiting).rejects.toThrow();
    expect(set.governor.snapshot().queued.normal).toBe(1);
    first.leave(answered);
    (await next).leave(answered);
    expect(set.governor.snapshot()).toMatchObject({ inFlight: 0, queued: { high: 0, normal: 0, low: 0 } });
  });

  it('whatever comes in whatever order, all are served and never more at once than allowed', async () => {
    const request = fc.record({
      priority: fc.constantFrom<Priority>('low', 'normal', 'high'),
      report: fc.constantFrom(answered, unreachable, untold, told(2_000)),
      abort: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(request, { maxLength: 40 }), async (requests) => {
        const { governor, time } = setUp({ limits: { mostAtOnce: 3 } });
        let most = 0;
        await Promise.all(
          requests.map(async ({ priority, report, abort }) => {
            const controller = new AbortController();
            const patience = makePatience(time, undefined, controller.signal);
            const entered = governor.enter(priority, patience).catch(() => undefined);
            if (abort) controller.abort();
            const turn = await entered;
            most = Math.max(most, governor.snapshot().inFlight);
            await settle();
            if (turn !== undefined && E.isRight(turn)) turn.right.leave(report);
          }),
        );
        expect(most).toBeLessThanOrEqual(3);
        expect(governor.snapshot()).toMatchObject({ inFlight: 0, queued: { high: 0, normal: 0, low: 0 } });
      }),
      { numRuns: 40 },
    );
  });
});

describe('close to the limit', () => {
  const share = (value: string) => new Headers({ 'x-ms-throttle-limit-percentage': value });

  it.each([
    ['0.8', 100],
    ['1.0', 158],
    ['1.8', 1_000],
    ['7', 1_000],
  ])('%s of it spreads requests %d ms apart', async (value, apart) => {
    const { governor, one, time } = setUp();
    governor.observe(200, share(value));
    for (let n = 0; n < 4; n += 1) await one(answered);
    expect(time.passed()).toBe(3 * apart);
  });

  it('the spreading ends after ten seconds without another word, and at once when there is room again', async () => {
    const { governor, one, time } = setUp();
    governor.observe(200, share('1.2'));
    time.advance(10_000);
    for (let n = 0; n < 10; n += 1) await one(answered);
    expect(time.passed()).toBe(10_000);
    governor.observe(200, share('1.2'));
    governor.observe(200, share('0.4'));
    for (let n = 0; n < 10; n += 1) await one(answered);
    expect(time.passed()).toBe(10_000);
  });

  it('counts what requests cost, in all and within ten seconds', () => {
    const { governor, time } = setUp();
    const cost = (units: string) => governor.observe(200, new Headers({ 'x-ms-resource-unit': units }));
    cost('5');
    time.advance(6_000);
    cost('2');
    cost('1');
    expect(governor.snapshot().resourceUnits).toEqual({ total: 8, lastTenSeconds: 8 });
    time.advance(5_000);
    expect(governor.snapshot().resourceUnits).toEqual({ total: 8, lastTenSeconds: 3 });
    for (const odd of ['', '-1', 'many', '1e9', '99999999999999999999']) cost(odd);
    expect(governor.snapshot().resourceUnits.total).toBe(8);
  });

  it('names the limit of a 429 without the ids that come with it', () => {
    const { governor } = setUp();
    governor.observe(
      429,
      new Headers({
        'x-ms-throttle-scope': 'Tenant_Application/ReadWrite/9a3d1f0e-app/5f1c0b2a-tenant',
        'x-ms-throttle-information': 'ResourceUnitLimitExceeded',
      }),
    );
    expect(governor.snapshot()).toMatchObject({
      throttled: 1,
      lastThrottled: {
        at: '2026-11-24T10:00:00.000Z',
        scope: 'Tenant_Application/ReadWrite',
        information: 'ResourceUnitLimitExceeded',
      },
    });
  });
});
