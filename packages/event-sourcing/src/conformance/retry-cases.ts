import assert from 'node:assert/strict';
import { verifyChain } from '../chain.js';
import type { ExpectedRevision } from '../event-log.js';
import { DuplicateEventId } from '../expected-revision.js';
import type { LogCase } from './event-log-conformance.js';
import { newStream, readAll, record, recordsOf } from './records.js';
import { fail, succeed } from './suite.js';

const retried = (expected: ExpectedRevision, before: number, count: number): LogCase => ({
  title: `${count} records sent again at ${expected} behind ${before} are recognised and not written twice`,
  run: async ({ log }) => {
    const stream = newStream();
    if (before > 0) await succeed(log.append(stream, 'no-stream', recordsOf(before)));
    const batch = recordsOf(count);
    const first = await succeed(log.append(stream, expected, batch));
    assert.deepEqual(await succeed(log.append(stream, expected, batch)), first);
    assert.equal((await readAll(log, stream)).length, before + count);
  },
});

export const retryCases: ReadonlyArray<LogCase> = [
  retried('no-stream', 0, 1),
  retried('no-stream', 0, 5),
  retried(1n, 2, 3),
  retried('stream-exists', 1, 3),
  retried('any', 0, 3),
  retried('any', 4, 1),
  {
    title: 'a retry is recognised after others have appended behind it, and answers with its own last record',
    run: async ({ log }) => {
      const stream = newStream();
      const batch = recordsOf(3);
      const first = await succeed(log.append(stream, 'no-stream', batch));
      await succeed(log.append(stream, 2n, recordsOf(4)));
      assert.deepEqual(await succeed(log.append(stream, 'no-stream', batch)), first);
      assert.equal((await readAll(log, stream)).length, 7);
    },
  },
  {
    title: 'another batch at an old revision is a conflict, even when it begins with a known record',
    run: async ({ log }) => {
      const stream = newStream();
      const [one, two] = [record({ n: 1 }), record({ n: 2 })];
      await succeed(log.append(stream, 'no-stream', [one, two]));
      const failure = { _tag: 'RevisionConflict', expected: 'no-stream', actual: 1n };
      assert.deepEqual(await fail(log.append(stream, 'no-stream', recordsOf(2))), failure);
      assert.deepEqual(await fail(log.append(stream, 'no-stream', [one, record()])), failure);
      assert.deepEqual(await fail(log.append(stream, 'no-stream', [one, two, record()])), failure);
      assert.deepEqual(await fail(log.append(stream, 'no-stream', [two, one])), failure);
      assert.deepEqual(await fail(log.append(stream, 'no-stream', [one, { ...two, data: { n: 3 } }])), failure);
      assert.equal((await readAll(log, stream)).length, 2);
    },
  },
  {
    title: 'records known under one expectation are a conflict under another that is false',
    run: async ({ log }) => {
      const stream = newStream();
      const batch = recordsOf(2);
      await succeed(log.append(stream, 'no-stream', recordsOf(1)));
      await succeed(log.append(stream, 0n, batch));
      assert.deepEqual(await fail(log.append(stream, 'no-stream', batch)), {
        _tag: 'RevisionConflict',
        expected: 'no-stream',
        actual: 2n,
      });
    },
  },
  {
    title: 'the same id may stand in two streams',
    run: async ({ log }) => {
      const shared = record();
      const streams = [newStream(), newStream()];
      for (const stream of streams) {
        assert.equal((await succeed(log.append(stream, 'any', [shared]))).head.revision, 0n);
      }
    },
  },
  {
    title:
      'an id is never stored twice by one append, nor by two where the log can tell: such an append rejects and writes nothing',
    run: async ({ log, capabilities }) => {
      const stream = newStream();
      const known = record();
      await succeed(log.append(stream, 'no-stream', [known]));
      const twice = record();
      await assert.rejects(log.append(stream, 0n, [twice, twice])(), DuplicateEventId);
      assert.equal((await readAll(log, stream)).length, 1);
      if (capabilities.includes('unique-ids')) {
        await assert.rejects(log.append(stream, 0n, [record(), known])(), DuplicateEventId);
        await assert.rejects(log.append(stream, 'any', [known, record()])(), DuplicateEventId);
        assert.equal((await readAll(log, stream)).length, 1);
      } else assert.equal((await succeed(log.append(stream, 0n, [known]))).head.revision, 1n);
      const { revision } = (await succeed(log.head(stream))) ?? assert.fail('the stream is gone');
      assert.equal((await succeed(log.append(stream, revision, [record()]))).head.revision, revision + 1n);
      assert.deepEqual(verifyChain(undefined, await readAll(log, stream)).broken, []);
    },
  },
];
