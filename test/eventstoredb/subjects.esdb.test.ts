import {
  type EventLog,
  makeMemoryProjections,
  type PageOptions,
  type ProjectionDatabase,
  type StoredRecord,
} from '@learnamp/directory-sync-event-sourcing';
import { expect, it } from 'vitest';
import { open, record, records, serve } from './open-log.js';

const stream = 'directorySync-contoso';

const about = async (log: EventLog, subject: string, options?: PageOptions): Promise<ReadonlyArray<bigint>> => {
  const all: StoredRecord[] = [];
  for await (const page of log.pagesBySubject(stream, subject, options)) all.push(...page);
  expect(all.every(({ metadata }) => metadata.subjects.includes(subject))).toBe(true);
  return all.map(({ revision }) => revision);
};

it('the index goes on from where it was: what was read once is not read again', async () => {
  const server = await serve();
  const projections = makeMemoryProjections();
  const log = open(server, { projections });
  for (let at = 0; at < 3_000; at += 500) await log.append(stream, 'any', records(500))();
  await log.append(stream, 'any', [record({}, 'ada'), record({}, 'bob', 'ada')])();
  expect(await about(log, 'ada')).toEqual([3_000n, 3_001n]);
  await log.append(stream, 'any', [record({}, 'ada')])();
  const reads = () => server.calls.filter(({ rpc }) => rpc === 'read').length;
  const before = reads();
  const again = open(server, { projections });
  expect(await about(again, 'ada')).toEqual([3_000n, 3_001n, 3_002n]);
  // One for what is new, one that finds no more, one for the three records.
  expect(reads() - before).toBe(3);
});

it('a machine without the index makes it anew', async () => {
  const server = await serve();
  const log = open(server);
  await log.append(stream, 'no-stream', [record({}, 'ada'), record({}, 'bob'), record({}, 'ada')])();
  expect(await about(log, 'ada')).toEqual([0n, 2n]);
  expect(await about(open(server, { projections: makeMemoryProjections() }), 'ada')).toEqual([0n, 2n]);
});

it('an index that was made from another log is dropped', async () => {
  const [one, two] = [await serve(), await serve()];
  const projections = makeMemoryProjections();
  const [first, second] = [open(one, { projections }), open(two, { projections })];
  await first.append(stream, 'no-stream', [record({}, 'ada'), record({}, 'ada')])();
  expect(await about(first, 'ada')).toEqual([0n, 1n]);
  expect(await about(second, 'ada')).toEqual([]);
  await second.append(stream, 'no-stream', [record({}, 'bob'), record({}, 'ada')])();
  expect(await about(first, 'ada')).toEqual([0n, 1n]);
  expect(await about(second, 'ada')).toEqual([1n]);
  expect(await about(second, 'bob')).toEqual([0n]);
});

it('two logs over one index, and appends meanwhile, see every record that stood when they asked', async () => {
  const server = await serve();
  const projections = makeMemoryProjections();
  const logs = [open(server, { projections }), open(server, { projections })];
  let appended = 0;
  await Promise.all(
    logs.map(async (log) => {
      for (let times = 0; times < 15; times += 1) {
        await log.append(stream, 'any', [record({}, 'ada'), record({}, 'bob')])();
        appended += 1;
        const stood = appended;
        expect((await about(log, 'ada')).length).toBeGreaterThanOrEqual(stood);
      }
    }),
  );
  expect(await about(logs[0]!, 'bob')).toHaveLength(30);
});

it('records that stand far apart are read one by one, and those close together at once', async () => {
  const server = await serve();
  const log = open(server);
  for (const batch of [[record({}, 'ada'), ...records(30), record({}, 'ada')], records(400), [record({}, 'ada')]])
    await log.append(stream, 'any', batch)();
  expect(await about(log, 'ada')).toEqual([0n, 31n, 432n]);
  const before = server.calls.length;
  expect(await about(log, 'ada', { direction: 'backwards' })).toEqual([432n, 31n, 0n]);
  // One that finds nothing new, and one for each of the two places.
  expect(server.calls.length - before).toBe(3);
});

it('a snapshot of the index is used as far as it goes, and nothing is written to it', async () => {
  const server = await serve();
  const projections = makeMemoryProjections();
  const snapshot: ProjectionDatabase = {
    ...projections,
    rows: async (fold) => {
      const refuse = (): never => expect.unreachable('a snapshot takes no changes');
      return { ...(await projections.rows(fold)), commit: refuse, clear: refuse };
    },
  };
  const log = open(server, { projections });
  const view = open(server, { projections: snapshot, snapshot: true });
  expect(await about(view, 'ada')).toEqual([]);
  await log.append(stream, 'no-stream', [record({}, 'ada'), record({}, 'bob')])();
  expect(await about(view, 'ada')).toEqual([0n]);
  expect(await about(log, 'ada')).toEqual([0n]);
  await log.append(stream, 1n, [record({}, 'bob', 'ada'), record({}, 'bob')])();
  expect(await about(view, 'ada')).toEqual([0n, 2n]);
  expect(await about(view, 'bob')).toEqual([1n, 2n, 3n]);
  const other = await serve();
  await open(other).append(stream, 'no-stream', [record({}, 'bob'), record({}, 'ada')])();
  expect(await about(open(other, { projections: snapshot, snapshot: true }), 'ada')).toEqual([1n]);
});
