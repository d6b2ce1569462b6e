import assert from 'node:assert/strict';
import type { StoredRecord } from '../envelope.js';
import type { LogCase } from './event-log-conformance.js';
import { newStream, range, readAll, record, recordsOf, revisions } from './records.js';
import { succeed } from './suite.js';

/** Collects until `count` records were seen, then aborts; resolves when the iteration has ended by itself. */
const collect = async (
  follow: (signal: AbortSignal) => AsyncIterable<ReadonlyArray<StoredRecord>>,
  count: number,
  onPage: (seen: number) => void = () => undefined,
): Promise<ReadonlyArray<StoredRecord>> => {
  const controller = new AbortController();
  const seen: StoredRecord[] = [];
  for await (const page of follow(controller.signal)) {
    assert.notEqual(page.length, 0);
    seen.push(...page);
    onPage(seen.length);
    if (seen.length >= count) controller.abort();
  }
  return seen;
};

export const followCases: ReadonlyArray<LogCase> = [
  {
    title: 'following catches up and goes on with what is appended later',
    run: async ({ log }) => {
      const stream = newStream();
      await succeed(log.append(stream, 'no-stream', recordsOf(5)));
      let appended: Promise<unknown> | undefined;
      const seen = await collect(
        (signal) => log.follow(stream, { signal }),
        8,
        (count) => {
          if (count === 5) appended ??= succeed(log.append(stream, 4n, recordsOf(3)));
        },
      );
      await appended;
      assert.deepEqual(seen, await readAll(log, stream));
    },
  },
  {
    title: 'following begins at the revision asked for, also where nothing is yet',
    run: async ({ log }) => {
      const stream = newStream();
      const late = collect((signal) => log.follow(stream, { from: 3n, signal }), 2);
      await succeed(log.append(stream, 'no-stream', recordsOf(2)));
      await succeed(log.append(stream, 1n, recordsOf(3)));
      assert.deepEqual(revisions(await late), [3n, 4n]);
      assert.deepEqual(revisions(await collect((signal) => log.follow(stream, { from: 2n, signal }), 3)), [2n, 3n, 4n]);
    },
  },
  {
    title: 'nothing is lost or seen twice where catching up meets live appends',
    run: async ({ log }) => {
      const stream = newStream();
      const writing = (async () => {
        for (let index = 0; index < 120; index += 1) await succeed(log.append(stream, 'any', recordsOf(3)));
      })();
      const followers = [0, 1].map(() => collect((signal) => log.follow(stream, { signal }), 360));
      for (const seen of await Promise.all(followers)) assert.deepEqual(revisions(seen), range(0n, 359n));
      await writing;
    },
  },
  {
    title: 'an abort ends following while it waits, and before it begins',
    run: async ({ log }) => {
      const stream = newStream();
      const controller = new AbortController();
      const waiting = (async () => {
        for await (const page of log.follow(stream, { signal: controller.signal }))
          assert.fail(`${page.length} records`);
      })();
      await succeed(log.append(newStream(), 'no-stream', [record()]));
      controller.abort();
      await waiting;
      await succeed(log.append(stream, 'no-stream', [record()]));
      for await (const page of log.follow(stream, { signal: AbortSignal.abort() }))
        assert.fail(`${page.length} records`);
    },
  },
];
