import { expect, it } from 'vitest';
import type { Mode } from '../../crash/boundaries.js';
import { tell } from '../../crash/crash-story.js';
import { firstSync } from '../../crash/stories.js';

/** Boundaries of a first sync that write a page of Graph into the log: those before anything was sent to Learn Amp. */
const pagesOf = async (): Promise<ReadonlyArray<number>> => {
  const { crossed, wrong } = await tell(firstSync, undefined);
  expect(wrong).toEqual([]);
  const delivered = crossed.indexOf('learn-amp');
  return crossed.flatMap((place, at) => (place === 'append' && at < delivered ? [at + 1] : []));
};

it.each<Mode>(['before', 'after', 'torn'])(
  'a crash while a page is recorded costs a page that is asked again, and adds nothing twice: %s',
  async (mode) => {
    const pages = await pagesOf();
    expect(pages.length).toBeGreaterThan(3);
    for (const nth of pages) {
      const { struck, wrong } = await tell(firstSync, { nth, mode });
      expect([nth, struck, ...wrong]).toEqual([nth, 'append']);
    }
  },
);
