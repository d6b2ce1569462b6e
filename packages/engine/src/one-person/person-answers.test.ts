import { makeMemoryCache } from '@learnamp/directory-sync-event-sourcing';
import { expect, it } from 'vitest';
import { makePersonAnswers, takePersonAnswer } from './person-answers.js';
import type { PersonCycle } from './person-sync.js';

const cycleOf = (n: number): PersonCycle =>
  ({ outcome: 'synced', report: {}, correlationId: String(n) }) as unknown as PersonCycle;

const takeAll = (cache: ReturnType<typeof makeMemoryCache>, count: number) =>
  Promise.all(
    Array.from({ length: count }, async (_, n) => (await takePersonAnswer(cache, 'contoso', BigInt(n)))?.correlationId),
  );

it('answers that are left at once are all found, each by whoever asked, and once', async () => {
  const cache = makeMemoryCache();
  const answers = makePersonAnswers(cache, 'contoso');
  await Promise.all(Array.from({ length: 100 }, (_, n) => answers.put(BigInt(n), cycleOf(n))));
  expect(await takePersonAnswer(cache, 'fabrikam', 0n)).toBeUndefined();
  expect(await takeAll(cache, 100)).toEqual(Array.from({ length: 100 }, (_, n) => String(n)));
  expect(new Set(await takeAll(cache, 100))).toEqual(new Set([undefined]));
});

it('answers that nobody comes for do not stay for ever', async () => {
  const cache = makeMemoryCache();
  const answers = makePersonAnswers(cache, 'contoso', 3);
  for (let n = 0; n < 10; n++) await answers.put(BigInt(n), cycleOf(n));
  expect((await takeAll(cache, 10)).filter((found) => found !== undefined)).toEqual(['7', '8', '9']);
});
