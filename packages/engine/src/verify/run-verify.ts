import type { EventStream, Head } from '@learnamp/directory-sync-event-sourcing';
import * as E from 'fp-ts/lib/Either.js';
import { openAccessStream } from '../access/access-stream.js';
import { checkIdentity } from '../connection-identity.js';
import type { Connection } from '../connection/open-connection.js';
import type { Progress } from '../directory-sync.js';
import { DirectorySyncError } from '../directory-sync.js';
import { logError } from '../failure.js';
import { refuseHalfImport } from '../log-transfer/import-marker.js';
import { verifyRows, type Shadow } from '../rebuild/verify-rows.js';
import { checkAccess } from './check-access.js';
import { makeHeadCheck, type KeptHead } from './check-head.js';
import { makeLogCheck, type LogCheck } from './check-log.js';
import { readOwnerKeys } from './owner-keys.js';
import { makeCollectors, verifyChecks, type Collector, type Collectors, type VerifyReport } from './verify-report.js';

/** What a verification is held against, and how it may be stopped. */
export type VerifyOptions = {
  /** A head that was kept elsewhere: the log must contain it. */
  readonly head?: KeptHead | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
};

/** Progress is told this often, in records. */
const TOLD = 500;

const recordsIn = async (stream: { readonly head: EventStream<never>['head'] }): Promise<number> => {
  const head = await stream.head()();
  if (E.isLeft(head)) throw logError(head.left);
  return Number((head.right?.revision ?? -1n) + 1n);
};

const stopped = (): DirectorySyncError =>
  new DirectorySyncError('stopped', 'The verification was stopped before its end; nothing was changed.');

/** The rows that readers are shown, against the fold that the pass left. */
const checkRows = async (
  connection: Connection,
  log: LogCheck,
  shadow: Shadow,
  collector: Collector,
): Promise<void> => {
  const { options, stream, world } = connection;
  const check = (): void => {
    checkIdentity(options, shadow.state.connection());
  };
  check();
  const rows = await connection.rows();
  const { preferences } = options;
  const compared = await verifyRows({ stream, rows, preferences, now: world.now, check }, shadow, log.run);
  collector.checked(shadow.state.eventCount());
  for (const { projection, key, paths } of compared.first)
    collector.differs({
      revision: null,
      type: null,
      what: `${projection}, ${key ?? 'all rows'}: ${paths.join(', ')}.`,
    });
  for (let more = compared.first.length; more < compared.count; more++)
    collector.differs({ revision: null, type: null, what: 'another row differs.' });
};

const reportOf = (collectors: Collectors, log: LogCheck, durationMs: number, heads: boolean): VerifyReport => {
  const checks = verifyChecks.filter((name) => heads || name !== 'head').map((name) => collectors[name].result());
  const head = log.head();
  return {
    ok: checks.every(({ differences, incomplete }) => differences === 0 && incomplete === undefined),
    events: checks[0]?.checked ?? 0,
    head: head === undefined ? null : { revision: head.revision.toString(), hash: head.hash },
    checks,
    durationMs,
  };
};

/**
 * Reads the log once from its first record and says whether it is what a sound engine wrote, and whether the rows are what it
 * says. Writes nothing, makes no key, and asks neither Graph nor Learn Amp.
 */
export const runVerify = async (connection: Connection, options: VerifyOptions): Promise<VerifyReport> => {
  const { stream, world } = connection;
  const { keys, connectionId, preferences } = connection.options;
  const { signal } = options;
  const isStopped = (): boolean => signal?.aborted === true;
  if (isStopped()) throw stopped();
  await refuseHalfImport(connection.options.log, connectionId);
  const startedAt = world.now();
  const owner = `connection:${connectionId}`;
  const collectors = makeCollectors();
  const connectionKeys = (await readOwnerKeys(keys, [owner]))(owner);
  const kept =
    options.head === undefined
      ? undefined
      : makeHeadCheck(options.head, { stream: stream.name, keys: connectionKeys, collector: collectors.head });
  const access = openAccessStream(connection);
  const total = (await recordsIn(stream)) + (await recordsIn(access));
  let done = 0;
  const passed = (): void => {
    done += 1;
    if (done % TOLD !== 0) return;
    const seconds = (world.now().getTime() - startedAt.getTime()) / 1_000;
    const rate = seconds > 0 ? Math.round(done / seconds) : undefined;
    options.onProgress?.({ step: 'fold', done, total, rate });
  };
  const onRecord = (head: Head): void => {
    kept?.follow(head);
    passed();
  };
  const scratch = await connection.projections.scratch();
  try {
    const at = { stream, keys, connectionId, preferences, collectors, scratch: scratch.rows, onRecord, signal };
    const log = await makeLogCheck(at);
    await log.run();
    const shadow = log.shadow();
    if (shadow !== undefined) await checkRows(connection, log, shadow, collectors.projections);
    await checkAccess(access, { collector: collectors.access, onRecord: passed, signal });
    kept?.end();
    return reportOf(collectors, log, world.now().getTime() - startedAt.getTime(), kept !== undefined);
  } catch (error) {
    throw isStopped() ? stopped() : error;
  } finally {
    scratch.close();
  }
};
