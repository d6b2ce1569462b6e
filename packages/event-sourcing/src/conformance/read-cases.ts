import assert from 'node:assert/strict';
import type { StoredRecord } from '../envelope.js';
import type { EventLog, PageOptions } from '../event-log.js';
import type { LogCase } from './event-log-conformance.js';
import { about, newStream, range, readAll, readPages, recordsOf, revisions } from './records.js';
import { succeed } from './suite.js';

const streamOf = async (log: EventLog, count: number): Promise<string> => {
  const stream = newStream();
  await succeed(log.append(stream, 'no-stream', recordsOf(count)));
  return stream;
};

const windows: ReadonlyArray<{ readonly options: PageOptions; readonly expected: ReadonlyArray<bigint> }> = [
  { options: {}, expected: range(0n, 9n) },
  { options: { from: 4n }, expected: range(4n, 9n) },
  { options: { to: 4n }, expected: range(0n, 4n) },
  { options: { from: 3n, to: 5n }, expected: [3n, 4n, 5n] },
  { options: { from: 9n }, expected: [9n] },
  { options: { from: 10n }, expected: [] },
  { options: { from: 5n, to: 4n }, expected: [] },
  { options: { from: 8n, to: 100n }, expected: [8n, 9n] },
  { options: { from: 0n, to: 0n }, expected: [0n] },
  { options: { direction: 'backwards' }, expected: range(9n, 0n) },
  { options: { direction: 'backwards', from: 4n }, expected: range(4n, 0n) },
  { options: { direction: 'backwards', to: 4n }, expected: range(9n, 4n) },
  { options: { direction: 'backwards', from: 5n, to: 3n }, expected: [5n, 4n, 3n] },
  { options: { direction: 'backwards', from: 100n, to: 8n }, expected: [9n, 8n] },
  { options: { direction: 'backwards', from: 0n }, expected: [0n] },
  { options: { direction: 'backwards', from: 3n, to: 4n }, expected: [] },
];

const subjectOf = async (log: EventLog, stream: string, options?: PageOptions): Promise<ReadonlyArray<StoredRecord>> =>
  (await readPages(log.pagesBySubject(stream, 'ada', options))).flat();

export const readCases: ReadonlyArray<LogCase> = [
  {
    title: 'an absent stream has no head and no page',
    run: async ({ log }) => {
      const stream = newStream();
      assert.equal(await succeed(log.head(stream)), undefined);
      assert.deepEqual(await readPages(log.pages(stream)), []);
      assert.deepEqual(await readPages(log.pages(stream, { direction: 'backwards' })), []);
      assert.deepEqual(await readPages(log.pagesBySubject(stream, 'nobody')), []);
    },
  },
  {
    title: 'from and to are inclusive revisions, in both directions',
    run: async ({ log }) => {
      const stream = await streamOf(log, 10);
      for (const { options, expected } of windows) {
        for (const size of [1, 3, 10, 11]) {
          const read = await readAll(log, stream, { ...options, size });
          assert.deepEqual(
            revisions(read),
            expected,
            `${JSON.stringify(options, (_, v: unknown) => (typeof v === 'bigint' ? v.toString() : v))} by ${size}`,
          );
        }
      }
    },
  },
  {
    title: 'pages have the size asked for, and none is empty',
    run: async ({ log }) => {
      const stream = await streamOf(log, 10);
      const sizes = async (size: number) => (await readPages(log.pages(stream, { size }))).map(({ length }) => length);
      assert.deepEqual(await sizes(4), [4, 4, 2]);
      assert.deepEqual(await sizes(5), [5, 5]);
      assert.deepEqual(await sizes(1_000_000), [10]);
    },
  },
  {
    title: 'a page size that is not a positive whole number is refused',
    run: async ({ log }) => {
      const stream = await streamOf(log, 1);
      for (const size of [0, -1, 1.5, Number.NaN]) {
        await assert.rejects(readAll(log, stream, { size }), RangeError);
      }
    },
  },
  {
    title: 'a page holds 1,000 records by default and 4,096 at most',
    run: async ({ log }) => {
      const stream = newStream();
      for (let done = 0; done < 4_500; done += 500) await succeed(log.append(stream, 'any', recordsOf(500)));
      const first = async (options?: PageOptions) => {
        for await (const page of log.pages(stream, options)) return page.length;
        return 0;
      };
      assert.equal(await first(), 1_000);
      assert.equal(await first({ size: 10_000 }), 4_096);
      assert.equal((await readAll(log, stream)).length, 4_500);
    },
  },
  {
    title: 'a read that is aborted rejects: a part is never taken for the whole',
    run: async ({ log }) => {
      const stream = await streamOf(log, 10);
      const controller = new AbortController();
      const seen: StoredRecord[] = [];
      const reading = async () => {
        for await (const page of log.pages(stream, { size: 2, signal: controller.signal })) {
          seen.push(...page);
          controller.abort(new Error('enough'));
        }
      };
      await assert.rejects(reading, /enough/);
      assert.deepEqual(revisions(seen), [0n, 1n]);
    },
  },
  {
    title: 'records are found by each of their subjects, in order, in their stream only',
    run: async ({ log }) => {
      const [stream, other] = [newStream(), newStream()];
      const batch = [about('ada'), about('bob'), about('bob', 'ada'), about(), about('ada', 'ada'), about('adas')];
      await succeed(log.append(stream, 'no-stream', batch));
      await succeed(log.append(other, 'no-stream', [about('bob'), about('ada')]));
      assert.deepEqual(revisions(await subjectOf(log, stream)), [0n, 2n, 4n]);
      assert.deepEqual(revisions(await subjectOf(log, other)), [1n]);
      assert.deepEqual(await readPages(log.pagesBySubject(stream, 'carol')), []);
      const all = await readAll(log, stream);
      assert.deepEqual(await subjectOf(log, stream), [all[0], all[2], all[4]]);
    },
  },
  {
    title: 'a read by subject knows from, to, direction and size',
    run: async ({ log }) => {
      const stream = newStream();
      const batch = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? about('ada') : about('bob')));
      await succeed(log.append(stream, 'no-stream', batch));
      const read = async (options: PageOptions) => revisions(await subjectOf(log, stream, options));
      for (const size of [1, 2, 3, 100]) {
        assert.deepEqual(await read({ from: 3n, to: 10n, size }), [4n, 6n, 8n, 10n]);
        assert.deepEqual(await read({ direction: 'backwards', from: 9n, to: 4n, size }), [8n, 6n, 4n]);
        assert.equal((await read({ size })).length, 10);
      }
    },
  },
];
