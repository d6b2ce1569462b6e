import type { LearnAmpUserId } from '@learnamp/directory-sync';
import { openLearnAmpRest } from '@learnamp/directory-sync';
import { startSimulator, type LearnAmpServerOptions } from '@learnamp/directory-sync-simulator';
import { describe, expect, it, onTestFinished } from 'vitest';
import { learnAmpSettingsOf } from '../../support/simulator-settings.js';
import { calm, nobody } from '../../support/stage.js';
import { makeVirtualTime } from '../../support/virtual-time.js';

type RateLimit = NonNullable<LearnAmpServerOptions['rateLimit']>;

/** Calls of one client through a limited Learn Amp; each takes 80 ms there, and as many go at once as an engine sends. */
const openLimited = async (rateLimit: RateLimit) => {
  const time = makeVirtualTime();
  const limited: { -readonly [K in keyof RateLimit]: RateLimit[K] } = { ...rateLimit };
  const simulator = await startSimulator({
    seed: 4,
    company: nobody,
    graph: calm,
    now: time.now,
    learnAmp: { rateLimit: limited, accessTokenSeconds: 1e9 },
  });
  const served = time.counting(simulator.fetch);
  let refused = 0;
  const port = openLearnAmpRest(learnAmpSettingsOf(simulator, 'integrationExternalId', undefined), {
    now: time.now,
    sleep: time.sleep,
    random: () => 0.5,
    fetch: async (input, init) => {
      await time.sleep(80);
      const answer = await served(input, init);
      if (answer.status === 429) refused += 1;
      return answer;
    },
  });
  onTestFinished(async () => {
    await port.close();
    await simulator.close();
  });
  const id = String(simulator.learnAmp.owner().id) as LearnAmpUserId;
  return {
    lift: () => {
      limited.requests = Number.POSITIVE_INFINITY;
    },
    /** So many calls: how many were refused, of how many requests, and how long it took. */
    run: async (calls: number) => {
      simulator.requests.reset();
      refused = 0;
      const began = time.now().getTime();
      let ended = 0;
      let left = calls;
      const lane = async (): Promise<void> => {
        while (left > 0) {
          left -= 1;
          expect(await port.findAccount({ by: 'id', learnAmpUserId: id })()).toMatchObject({ _tag: 'Right' });
          ended += 1;
        }
      };
      const all = Array.from({ length: 16 }, lane);
      await time.until(() => ended === calls, 100 * 3_600_000);
      await Promise.all(all);
      const seconds = (time.now().getTime() - began) / 1000;
      const requests = simulator.requests.count({ system: 'learnAmp' });
      return { requests, refused, seconds, perSecond: calls / seconds };
    },
  };
};

describe('FC-70 a rate limit that Learn Amp does not name', () => {
  const limits: ReadonlyArray<RateLimit> = [
    { requests: 100, windowSeconds: 10, retryAfter: 'seconds' },
    { requests: 100, windowSeconds: 10, retryAfter: 'none' },
    { requests: 10, windowSeconds: 1, retryAfter: 'none' },
    { requests: 60, windowSeconds: 60, retryAfter: 'date' },
    { requests: 60, windowSeconds: 60, retryAfter: 'none' },
    { requests: 300, windowSeconds: 60, retryAfter: 'seconds' },
    { requests: 300, windowSeconds: 60, retryAfter: 'none' },
  ];

  it.each(limits)(
    'of $requests in $windowSeconds s (Retry-After: $retryAfter) is learned: every call is served, and one in ten at most is refused',
    async (rateLimit) => {
      const { run } = await openLimited(rateLimit);
      // While it is learned more are refused, or the limit is none.
      const learning = await run(4 * rateLimit.requests);
      expect(learning.refused).toBeGreaterThan(0);
      const adapted = await run(10 * rateLimit.requests);
      expect(adapted.refused / adapted.requests).toBeLessThanOrEqual(0.1);
      // Caution is no standstill.
      expect(adapted.perSecond).toBeGreaterThan(0.6 * (rateLimit.requests / rateLimit.windowSeconds));
    },
  );

  it('that is lifted is forgotten within some hundred calls', async () => {
    const { run, lift } = await openLimited({ requests: 60, windowSeconds: 60 });
    await run(300);
    lift();
    await run(300);
    const after = await run(1000);
    // Sixteen at once, 80 ms each.
    expect(after.perSecond).toBeGreaterThan(100);
  });
});
