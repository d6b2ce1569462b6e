import {
  type EventStoreDbOptions,
  openEventStoreDbEventLog,
  type Patience,
} from '@learnamp/directory-sync-event-log-eventstoredb';
import {
  type AppendFailure,
  type Appended,
  type EventLog,
  makeMemoryProjections,
  type RecordToAppend,
  type StoredRecord,
  verifyChain,
} from '@learnamp/directory-sync-event-sourcing';
import {
  type EventStoreOptions,
  type EventStoreSimulator,
  startEventStore,
} from '@learnamp/directory-sync-simulator/eventstoredb';
import * as E from 'fp-ts/lib/Either.js';
import { randomUUID } from 'node:crypto';
import { expect, onTestFinished } from 'vitest';

/** Short enough for a test that waits for a silent server, long enough for a busy machine. */
export const impatience: Patience = {
  callMs: 500,
  lateMs: 60_000,
  retryMs: 4_000,
  pauseMs: 5,
  longestPauseMs: 50,
  quietMs: 20_000,
  outageMs: 20_000,
};

/** A server that ends with the test. */
export const serve = async (options?: EventStoreOptions): Promise<EventStoreSimulator> => {
  const server = await startEventStore(options);
  onTestFinished(server.close);
  return server;
};

/** A log on it, closed with the test. */
export const open = (server: EventStoreSimulator, options: Partial<EventStoreDbOptions> = {}): EventLog => {
  const log = openEventStoreDbEventLog({
    connectionString: server.connectionString,
    projections: makeMemoryProjections(),
    ...options,
    patience: { ...impatience, ...options.patience },
  });
  onTestFinished(() => log.close());
  return log;
};

export const record = (data: RecordToAppend['data'] = {}, ...subjects: ReadonlyArray<string>): RecordToAppend => ({
  id: randomUUID(),
  type: 'SomethingHappened',
  schemaVersion: 1,
  recordedAt: '2026-02-03T04:05:06.789Z',
  data,
  metadata: { subjects, correlationId: 'cycle', causationId: 'request' },
});
export const records = (count: number): ReadonlyArray<RecordToAppend> =>
  Array.from({ length: count }, (_, index) => record({ index }));

export const readAll = async (log: EventLog, stream: string): Promise<ReadonlyArray<StoredRecord>> => {
  const all: StoredRecord[] = [];
  for await (const page of log.pages(stream)) all.push(...page);
  return all;
};

/** The last revision, or what the append failed with. */
export const outcomeOf = (answer: E.Either<AppendFailure, Appended>): string =>
  E.isRight(answer) ? String(answer.right.head.revision) : answer.left._tag;

/** The stream holds these records, each once and in this order, in an unbroken chain: what every story must end with. */
export const expectStream = async (
  log: EventLog,
  stream: string,
  expected: ReadonlyArray<RecordToAppend>,
): Promise<void> => {
  const all = await readAll(log, stream);
  expect(all.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
  expect(verifyChain(undefined, all).broken).toEqual([]);
};
