import { expect, it } from 'vitest';
import type { Mode } from '../../crash/boundaries.js';
import { tell } from '../../crash/crash-story.js';
import { firstSync } from '../../crash/stories.js';

/** `CRASH=all`: every one of them. */
const STRIDE = process.env['CRASH'] === 'all' ? 1 : 5;

/** The calls to Learn Amp of a first sync, and the appends behind them. */
const deliveriesOf = async (): Promise<ReadonlyArray<number>> => {
  const { crossed } = await tell(firstSync, undefined);
  const delivered = crossed.indexOf('learn-amp');
  return crossed.flatMap((place, at) =>
    at >= delivered && (place === 'learn-amp' || place === 'append') ? [at + 1] : [],
  );
};

/** One account and one mail for each person is what the oracle and I-06 ask for. */
it.each<Mode>(['before', 'after', 'torn', 'lost'])(
  'a call whose answer nobody heard is looked up, and its command takes effect once: %s',
  async (mode) => {
    const deliveries = await deliveriesOf();
    expect(deliveries.length).toBeGreaterThan(8);
    for (const nth of deliveries.filter((_, index) => index % STRIDE === 0)) {
      const { wrong } = await tell(firstSync, { nth, mode });
      expect([nth, ...wrong]).toEqual([nth]);
    }
  },
);
