import assert from 'node:assert/strict';
import { genesis, verifyChain } from '../chain.js';
import type { ExpectedRevision } from '../event-log.js';
import type { LogCase } from './event-log-conformance.js';
import { newStream, idsOf, range, readAll, record, recordsOf, revisions } from './records.js';
import { fail, succeed } from './suite.js';

const conflict = (expected: ExpectedRevision, actual: bigint | undefined) =>
  ({ _tag: 'RevisionConflict', expected, actual }) as const;

export const appendCases: ReadonlyArray<LogCase> = [
  {
    title: 'no-stream begins a stream at revision 0, and is a conflict once there is one',
    run: async ({ log }) => {
      const stream = newStream();
      const { records, head } = await succeed(log.append(stream, 'no-stream', recordsOf(3)));
      assert.deepEqual(revisions(records), [0n, 1n, 2n]);
      assert.deepEqual(head, { revision: 2n, hash: records[2]?.metadata.hash });
      assert.deepEqual(await fail(log.append(stream, 'no-stream', [record()])), conflict('no-stream', 2n));
      assert.equal((await readAll(log, stream)).length, 3);
    },
  },
  {
    title: 'an exact revision goes on there, and anything else is a conflict that names the actual revision',
    run: async ({ log }) => {
      const stream = newStream();
      await succeed(log.append(stream, 'no-stream', recordsOf(2)));
      const { records } = await succeed(log.append(stream, 1n, recordsOf(2)));
      assert.deepEqual(revisions(records), [2n, 3n]);
      assert.deepEqual(await fail(log.append(stream, 1n, [record()])), conflict(1n, 3n));
      assert.deepEqual(await fail(log.append(stream, 4n, [record()])), conflict(4n, 3n));
      assert.deepEqual(await fail(log.append(newStream(), 0n, [record()])), conflict(0n, undefined));
    },
  },
  {
    title: 'stream-exists is a conflict on an absent stream',
    run: async ({ log }) => {
      const stream = newStream();
      assert.deepEqual(
        await fail(log.append(stream, 'stream-exists', [record()])),
        conflict('stream-exists', undefined),
      );
      assert.equal(await succeed(log.head(stream)), undefined);
      await succeed(log.append(stream, 'no-stream', [record()]));
      const { head } = await succeed(log.append(stream, 'stream-exists', [record()]));
      assert.equal(head.revision, 1n);
    },
  },
  {
    title: 'any appends to whatever is there',
    run: async ({ log }) => {
      const stream = newStream();
      assert.equal((await succeed(log.append(stream, 'any', [record()]))).head.revision, 0n);
      assert.equal((await succeed(log.append(stream, 'any', recordsOf(2)))).head.revision, 2n);
    },
  },
  {
    title: 'the revision of nothing, -1, says no-stream',
    run: async ({ log }) => {
      const stream = newStream();
      await succeed(log.append(stream, genesis.revision, [record()]));
      assert.deepEqual(await fail(log.append(stream, -1n, [record()])), conflict(-1n, 0n));
    },
  },
  {
    title: 'an append of no records answers with the present head and makes no stream',
    run: async ({ log }) => {
      const stream = newStream();
      assert.deepEqual(await succeed(log.append(stream, 'any', [])), { records: [], head: genesis });
      assert.equal(await succeed(log.head(stream)), undefined);
      const { head } = await succeed(log.append(stream, 'no-stream', recordsOf(2)));
      assert.deepEqual(await succeed(log.append(stream, 'any', [])), { records: [], head });
      assert.deepEqual(await succeed(log.head(stream)), head);
    },
  },
  {
    title: 'what was appended is read back field by field, chained',
    run: async ({ log }) => {
      const stream = newStream();
      const metadata = {
        subjects: ['b-subject', 'a-subject'],
        keyId: 'key',
        epoch: 7,
        correlationId: 'cycle',
        causationId: 'request',
        actor: 'somebody',
        graphRequestId: 'graph',
      };
      const written = record({ a: 1 }, { schemaVersion: 41, type: 'OtherThing', metadata });
      const appended = await succeed(log.append(stream, 'no-stream', [record(), written]));
      const read = await readAll(log, stream);
      assert.deepEqual(read, appended.records);
      const hash = read[1]?.metadata.hash;
      assert.deepEqual(read[1], { ...written, revision: 1n, metadata: { ...metadata, hash } });
      assert.deepEqual(verifyChain(undefined, read), { broken: [], head: appended.head });
    },
  },
  {
    title: 'records that were read elsewhere are chained anew',
    run: async ({ log }) => {
      const [from, to] = [newStream(), newStream()];
      await succeed(log.append(from, 'no-stream', recordsOf(3)));
      const source = await readAll(log, from);
      await succeed(log.append(to, 'no-stream', source.slice(1)));
      const copied = await readAll(log, to);
      assert.deepEqual(idsOf(copied), idsOf(source.slice(1)));
      assert.deepEqual(revisions(copied), [0n, 1n]);
      assert.deepEqual(verifyChain(undefined, copied).broken, []);
    },
  },
  {
    title: 'text of any script, awkward keys and numbers come back as they were',
    run: async ({ log }) => {
      const stream = newStream();
      const data = JSON.parse(
        '{"": "", "__proto__": {"x": 1}, "10": 1, "9": 2, "Ä": "ſtraße İı 李小龍 \u{1F469}\u200D\u{1F680} e\u0301 \u202Eabc", "nul": "a\\u0000b", ' +
          '"lines": "\\n\\r\\u2028", "lone": "\\ud83d", "n": [0.1, 1e21, 5e-324, 9007199254740991, -7, true, false, null, {}, []]}',
      ) as { readonly [key: string]: never };
      await succeed(log.append(stream, 'no-stream', [record(data), record(null), record('text'), record([1])]));
      const read = await readAll(log, stream);
      assert.deepEqual(read[0]?.data, data);
      assert.deepEqual(
        read.slice(1).map((stored) => stored.data),
        [null, 'text', [1]],
      );
      assert.deepEqual(verifyChain(undefined, read).broken, []);
    },
  },
  {
    title: 'an event of 64 KiB, and 500 events in one append, are taken',
    run: async ({ log }) => {
      const stream = newStream();
      await succeed(log.append(stream, 'no-stream', [record({ text: 'ü'.repeat(32 * 1024) })]));
      const { head } = await succeed(log.append(stream, 0n, recordsOf(500)));
      assert.equal(head.revision, 500n);
      const read = await readAll(log, stream);
      assert.deepEqual(read[0]?.data, { text: 'ü'.repeat(32 * 1024) });
      assert.deepEqual(revisions(read), range(0n, 500n));
    },
  },
  {
    title: 'a conflict writes nothing of its batch, and the log goes on',
    run: async ({ log }) => {
      const stream = newStream();
      const { records } = await succeed(log.append(stream, 'no-stream', recordsOf(2)));
      await fail(log.append(stream, 0n, recordsOf(5)));
      assert.deepEqual(await readAll(log, stream), records);
      assert.equal((await succeed(log.append(stream, 1n, [record()]))).head.revision, 2n);
    },
  },
  {
    title: 'appends side by side leave a gapless, unbroken chain that holds every batch in one piece',
    run: async ({ log }) => {
      const stream = newStream();
      const batches = Array.from({ length: 60 }, (_, index) => recordsOf(1 + (index % 4)));
      const answers = await Promise.all(batches.map((batch) => succeed(log.append(stream, 'any', batch))));
      const read = await readAll(log, stream);
      assert.deepEqual(revisions(read), range(0n, BigInt(batches.flat().length - 1)));
      assert.deepEqual(verifyChain(undefined, read).broken, []);
      const stored = idsOf(read);
      batches.forEach((batch, index) => {
        const first = stored.indexOf(batch[0]?.id ?? '');
        assert.deepEqual(stored.slice(first, first + batch.length), idsOf(batch));
        assert.equal(answers[index]?.head.revision, BigInt(first + batch.length - 1));
      });
    },
  },
  {
    title: 'of appends that expect one revision exactly one succeeds',
    run: async ({ log }) => {
      const stream = newStream();
      await succeed(log.append(stream, 'no-stream', [record()]));
      const answers = await Promise.all(Array.from({ length: 20 }, () => log.append(stream, 0n, [record()])()));
      assert.equal(answers.filter(({ _tag }) => _tag === 'Right').length, 1);
      assert.equal((await readAll(log, stream)).length, 2);
    },
  },
  {
    title: 'streams do not see each other',
    run: async ({ log }) => {
      const streams = Array.from({ length: 25 }, newStream);
      const counts = streams.map((_, index) => 1 + (index % 3));
      await Promise.all(
        streams.map((stream, index) => succeed(log.append(stream, 'no-stream', recordsOf(counts[index] ?? 0)))),
      );
      for (const [index, stream] of streams.entries()) {
        const read = await readAll(log, stream);
        assert.deepEqual(revisions(read), range(0n, BigInt((counts[index] ?? 0) - 1)));
        assert.deepEqual(verifyChain(undefined, read).broken, []);
      }
    },
  },
];
