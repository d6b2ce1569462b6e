import assert from 'node:assert/strict';
import { verifyChain } from '../chain.js';
import type { EventLog } from '../event-log.js';
import { LogFailure } from '../event-log.js';
import { appendCases } from './append-cases.js';
import { followCases } from './follow-cases.js';
import { readCases } from './read-cases.js';
import { newStream, readAll, record, recordsOf } from './records.js';
import { retryCases } from './retry-cases.js';
import { streamCases } from './stream-cases.js';
import { fail, registerCases, succeed } from './suite.js';
import type { Case, Runner } from './suite.js';
import { trapCases } from './trap-cases.js';

/** What not every log can do. Every case runs on every log: one that meets a limit holds the log to what it says there. */
export type LogCapability =
  /** Refuses an id that stands in the stream already, also at the present revision. */
  | 'unique-ids'
  /** Outlives the process. */
  | 'durable';

/** What somebody could do to the log behind its back. */
export type LogDamage = {
  /** Puts other text in the place of a record's data or metadata. */
  readonly rewrite: (
    stream: string,
    revision: bigint,
    text: { readonly data?: string; readonly metadata?: string },
  ) => Promise<void> | void;
  /** Takes away at least the end of a stream. */
  readonly cutOff: (stream: string) => Promise<void> | void;
};

export type LogUnderTest = {
  readonly log: EventLog;
  readonly capabilities: ReadonlyArray<LogCapability>;
  /** Closes the log and opens it again. */
  readonly reopen: () => Promise<EventLog>;
  /** Where it can be done. */
  readonly damage?: LogDamage | undefined;
  readonly close: () => Promise<void>;
};

export type LogCase = Case<LogUnderTest>;

const lifeCases: ReadonlyArray<LogCase> = [
  {
    title: 'a closed log answers LogUnavailable and its reads reject',
    run: async ({ log }) => {
      const stream = newStream();
      await succeed(log.append(stream, 'no-stream', [record()]));
      await log.close();
      assert.equal((await fail(log.append(stream, 'any', [record()])))._tag, 'LogUnavailable');
      assert.equal((await fail(log.head(stream)))._tag, 'LogUnavailable');
      await assert.rejects(readAll(log, stream), LogFailure);
    },
  },
];

const reopenCase: LogCase = {
  title: 'a log opened again holds every record and goes on with the chain, or nothing where it ends with the process',
  run: async ({ log, reopen, capabilities }) => {
    const stream = newStream();
    await succeed(log.append(stream, 'no-stream', recordsOf(7)));
    const before = capabilities.includes('durable') ? await readAll(log, stream) : [];
    const again = await reopen();
    assert.deepEqual(await readAll(again, stream), before);
    await succeed(again.append(stream, before.at(-1)?.revision ?? 'no-stream', recordsOf(2)));
    const after = await readAll(again, stream);
    assert.equal(after.length, before.length + 2);
    assert.deepEqual(verifyChain(undefined, after).broken, []);
  },
};

const cases: ReadonlyArray<LogCase> = [
  ...appendCases,
  ...retryCases,
  ...readCases,
  ...followCases,
  ...trapCases,
  ...streamCases,
  ...lifeCases,
  reopenCase,
];

/** The title of every case. A run that has others, or fewer, does not hold its log to the port. */
export const eventLogCaseTitles: ReadonlyArray<string> = cases.map(({ title }) => title);

/**
 * Holds an event log to the port's promises. Every adapter's test runs it, and every run has every case.
 *
 * @example
 * eventLogConformance({ name: 'memory', describe, it, open: async () => {
 *   let log = makeMemoryEventLog();
 *   return { log, capabilities: ['unique-ids'], reopen: async () => (log = makeMemoryEventLog()), close: () => log.close() };
 * } });
 */
export const eventLogConformance = (
  options: Runner & { readonly name: string; readonly open: () => Promise<LogUnderTest> },
): void => registerCases(options, `event log conformance: ${options.name}`, { open: options.open, cases });
