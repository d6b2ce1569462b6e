import assert from 'node:assert/strict';
import { verifyChain } from '../chain.js';
import type { EventLog } from '../event-log.js';
import { LogFailure } from '../event-log.js';
import { appendCases } from './append-cases.js';
import { followCases } from './follow-cases.js';
import { readCases } from './read-cases.js';
import { newStream, readAll, record, recordsOf } from './records.js';
import { retryCases } from './retry-cases.js';
import { fail, registerCases, succeed } from './suite.js';
import type { Case, Runner } from './suite.js';

/** What not every log can do. A suite without it leaves out the cases that need it, and says so by not naming it. */
export type LogCapability =
  /** Refuses an id that stands in the stream already, also at the present revision. */
  'unique-ids';

export type LogUnderTest = {
  readonly log: EventLog;
  /** Closes the log and opens it again, for logs that outlive the process. */
  readonly reopen?: (() => Promise<EventLog>) | undefined;
  readonly close: () => Promise<void>;
};

export type LogCase = Case<LogUnderTest> & { readonly needs?: LogCapability | undefined };

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
  title: 'a log opened again holds every record, and goes on with the chain',
  run: async ({ log, reopen }) => {
    assert.ok(reopen);
    const stream = newStream();
    await succeed(log.append(stream, 'no-stream', recordsOf(7)));
    const before = await readAll(log, stream);
    const again = await reopen();
    assert.deepEqual(await readAll(again, stream), before);
    await succeed(again.append(stream, 6n, recordsOf(2)));
    const after = await readAll(again, stream);
    assert.equal(after.length, 9);
    assert.deepEqual(verifyChain(undefined, after).broken, []);
  },
};

/**
 * Holds an event log to the port's promises. Every adapter's test runs it.
 *
 * @example
 * eventLogConformance({ name: 'memory', describe, it, capabilities: ['unique-ids'], open: async () => {
 *   const log = makeMemoryEventLog();
 *   return { log, close: log.close };
 * } });
 */
export const eventLogConformance = (
  options: Runner & {
    readonly name: string;
    readonly capabilities: ReadonlyArray<LogCapability>;
    /** True when `open` gives a `reopen`. */
    readonly durable: boolean;
    readonly open: () => Promise<LogUnderTest>;
  },
): void => {
  const { name, capabilities, durable, open } = options;
  const all = [
    ...appendCases,
    ...retryCases,
    ...readCases,
    ...followCases,
    ...lifeCases,
    ...(durable ? [reopenCase] : []),
  ];
  const cases = all.filter(({ needs }) => needs === undefined || capabilities.includes(needs));
  registerCases(options, `event log conformance: ${name}`, { open, cases });
};
