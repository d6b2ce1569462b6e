import assert from 'node:assert/strict';
import { verifyChain } from '../chain.js';
import type { Json, RecordToAppend } from '../envelope.js';
import { DuplicateEventId } from '../expected-revision.js';
import type { LogCase } from './event-log-conformance.js';
import { idsOf, newStream, range, readAll, record, recordsOf, revisions } from './records.js';
import { fail, succeed } from './suite.js';

/** More than any log takes in one append. */
const TOO_MANY = 20_001;

const nested = (depth: number): Json => {
  let value: Json = 'the innermost';
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { level: value };
  return value;
};

// What was found wrong in other stores, each as what must hold here.
export const trapCases: ReadonlyArray<LogCase> = [
  {
    title: 'the first append of a stream is told as the first, however many records it has, and no later one is',
    run: async ({ log }) => {
      for (const count of [1, 2, 5]) {
        const stream = newStream();
        const first = await succeed(log.append(stream, 'any', recordsOf(count)));
        assert.equal(first.records[0]?.revision, 0n);
        const second = await succeed(log.append(stream, 'any', recordsOf(count)));
        assert.equal(second.records[0]?.revision, BigInt(count));
      }
    },
  },
  {
    title: '`to` is a revision and not a count',
    run: async ({ log }) => {
      const stream = newStream();
      await succeed(log.append(stream, 'no-stream', recordsOf(20)));
      assert.deepEqual(revisions(await readAll(log, stream, { from: 12n, to: 14n })), [12n, 13n, 14n]);
      assert.deepEqual(revisions(await readAll(log, stream, { from: 3n, to: 4n, size: 50 })), [3n, 4n]);
      assert.deepEqual(revisions(await readAll(log, stream, { to: 0n })), [0n]);
    },
  },
  {
    title: 'revisions are bigint everywhere, and 0 is one of them',
    run: async ({ log }) => {
      const stream = newStream();
      const { records, head } = await succeed(log.append(stream, 'no-stream', [record()]));
      const read = await readAll(log, stream, { from: 0n, to: 0n });
      const known = await succeed(log.head(stream));
      const told = [records[0]?.revision, head.revision, read[0]?.revision, known?.revision];
      assert.deepEqual(told, [0n, 0n, 0n, 0n]);
      const conflict = await fail(log.append(stream, 'no-stream', [record()]));
      assert.deepEqual(conflict, { _tag: 'RevisionConflict', expected: 'no-stream', actual: 0n });
      assert.equal((await succeed(log.append(stream, 0n, [record()]))).head.revision, 1n);
    },
  },
  {
    title: 'the schema version is the one that was given, not one of the stream',
    run: async ({ log }) => {
      const stream = newStream();
      const versions = [3, 1, 1, 7];
      for (const schemaVersion of versions) await succeed(log.append(stream, 'any', [record({}, { schemaVersion })]));
      assert.deepEqual(
        (await readAll(log, stream)).map(({ schemaVersion }) => schemaVersion),
        versions,
      );
    },
  },
  {
    title: 'reading on behind the last record neither repeats nor skips one',
    run: async ({ log }) => {
      const stream = newStream();
      const seen: bigint[] = [];
      const readOn = async (): Promise<void> => {
        seen.push(...revisions(await readAll(log, stream, { from: (seen.at(-1) ?? -1n) + 1n, size: 2 })));
      };
      for (const count of [0, 3, 0, 1, 4]) {
        if (count > 0) await succeed(log.append(stream, 'any', recordsOf(count)));
        await readOn();
        await readOn();
      }
      assert.deepEqual(seen, range(0n, 7n));
    },
  },
  {
    title: 'at the end of an idle stream head, last record and a read from behind agree, and nothing is behind them',
    run: async ({ log }) => {
      const [stream, other] = [newStream(), newStream()];
      await succeed(log.append(stream, 'no-stream', recordsOf(3)));
      for (let times = 0; times < 40; times += 1) await succeed(log.append(other, 'any', recordsOf(2)));
      const last = (await readAll(log, stream)).at(-1);
      assert.deepEqual(await succeed(log.head(stream)), { revision: 2n, hash: last?.metadata.hash });
      assert.deepEqual((await readAll(log, stream, { direction: 'backwards', size: 1 }))[0], last);
      assert.deepEqual(await readAll(log, stream, { from: 3n }), []);
    },
  },
  {
    title: 'a page is read when it is asked for: a reader that takes its time is waited for',
    run: async ({ log }) => {
      const stream = newStream();
      await succeed(log.append(stream, 'no-stream', recordsOf(4)));
      const seen: bigint[] = [];
      for await (const page of log.pages(stream, { size: 2 })) {
        if (seen.length === 0) await succeed(log.append(stream, 3n, recordsOf(2)));
        seen.push(...revisions(page));
      }
      assert.deepEqual(seen, range(0n, 5n));
    },
  },
  {
    title: 'a follower that takes its time finds what came meanwhile, in order and each once',
    run: async ({ log }) => {
      const stream = newStream();
      await succeed(log.append(stream, 'no-stream', recordsOf(2)));
      const controller = new AbortController();
      const seen: bigint[] = [];
      for await (const page of log.follow(stream, { signal: controller.signal })) {
        seen.push(...revisions(page));
        if (seen.length < 20) await succeed(log.append(stream, 'any', recordsOf(3)));
        if (seen.length >= 20) controller.abort();
      }
      assert.deepEqual(seen, range(0n, BigInt(seen.length - 1)));
    },
  },
  {
    title: 'what fails in one stream fails in no other',
    run: async ({ log }) => {
      const streams = Array.from({ length: 12 }, newStream);
      const twice = record();
      const outcomes = await Promise.all(
        streams.map(async (stream, index): Promise<string> => {
          if (index % 3 === 0) return (await fail(log.append(stream, 4n, recordsOf(2))))._tag;
          if (index % 3 === 1) {
            await assert.rejects(log.append(stream, 'any', [twice, twice])(), DuplicateEventId);
            return 'rejected';
          }
          return String((await succeed(log.append(stream, 'any', recordsOf(3)))).head.revision);
        }),
      );
      assert.deepEqual(new Set(outcomes), new Set(['RevisionConflict', 'rejected', '2']));
      for (const [index, stream] of streams.entries())
        assert.equal((await readAll(log, stream)).length, index % 3 === 2 ? 3 : 0);
    },
  },
  {
    title: 'a batch that is too large is refused with its limit, and nothing of it is written',
    run: async ({ log }) => {
      const stream = newStream();
      const batch: ReadonlyArray<RecordToAppend> = recordsOf(TOO_MANY);
      const failure = await fail(log.append(stream, 'any', batch));
      assert.ok(failure._tag === 'BatchTooLarge' && failure.limit !== '');
      assert.equal(await succeed(log.head(stream)), undefined);
      assert.equal((await succeed(log.append(stream, 'no-stream', batch.slice(0, 2)))).head.revision, 1n);
    },
  },
  {
    title: 'JSON that is nested deeply comes back as it was',
    run: async ({ log }) => {
      const stream = newStream();
      const data = nested(400);
      await succeed(log.append(stream, 'no-stream', [record(data)]));
      const read = await readAll(log, stream);
      assert.deepEqual(read[0]?.data, data);
      assert.deepEqual(verifyChain(undefined, read).broken, []);
    },
  },
  {
    title: 'whoever holds what was appended cannot change what stands',
    run: async ({ log }) => {
      const stream = newStream();
      const data = { nested: { value: 1 } };
      const subjects = ['ada'];
      const metadata = { subjects, correlationId: 'cycle', causationId: 'request' };
      await succeed(log.append(stream, 'no-stream', [record(data, { metadata })]));
      data.nested.value = 2;
      subjects.push('bob');
      const read = await readAll(log, stream);
      assert.deepEqual([read[0]?.data, read[0]?.metadata.subjects], [{ nested: { value: 1 } }, ['ada']]);
      assert.deepEqual(verifyChain(undefined, read).broken, []);
    },
  },
  {
    title: 'data or metadata that is no JSON any more is named by the chain, and the records around it are read',
    run: async ({ log, damage }) => {
      const stream = newStream();
      const written = recordsOf(6);
      await succeed(log.append(stream, 'no-stream', written));
      await damage?.rewrite(stream, 1n, { data: '{"index":' });
      await damage?.rewrite(stream, 3n, { metadata: 'no JSON' });
      const read = await readAll(log, stream);
      assert.deepEqual(idsOf(read), idsOf(written));
      assert.deepEqual(revisions(read), range(0n, 5n));
      assert.deepEqual([read[0]?.data, read[5]?.data], [{ index: 0 }, { index: 5 }]);
      const broken = revisions(verifyChain(undefined, read).broken);
      assert.deepEqual(broken.slice(0, 2), damage === undefined ? [] : [1n, 3n]);
    },
  },
  {
    title: 'who saw records that are gone, or never were, is told of the conflict: nothing takes their place',
    run: async ({ log, damage }) => {
      const stream = newStream();
      await succeed(log.append(stream, 'no-stream', recordsOf(6)));
      await damage?.cutOff(stream);
      const stands = await readAll(log, stream);
      assert.equal(stands.length < 6, damage !== undefined);
      const seen = damage === undefined ? 9n : 5n;
      assert.equal((await fail(log.append(stream, seen, [record()])))._tag, 'RevisionConflict');
      assert.deepEqual(await readAll(log, stream), stands);
    },
  },
];
