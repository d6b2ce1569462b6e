import type { DirectoryPerson } from '@learnamp/directory-sync-domain';
import type { ProjectionRows, RowChange } from '@learnamp/directory-sync-event-sourcing';
import { makeMemoryRows } from '@learnamp/directory-sync-event-sourcing';
import { isRowsLost, verifyRows, type Rebuilding, type Shadow as Fresh } from './verify-rows.js';
import { DirectorySyncError, type RebuildOptions, type RebuildReport } from '../directory-sync.js';
import { foldTail, openState } from '../open-stream.js';
import { makeEngineState } from '../state/engine-state.js';
import { everythingOpen } from '../state/open-work.js';
import { stateDigest } from '../state/state-digest.js';
import { entriesOf, projectionTables, tables } from '../state/tables.js';

/** How often it catches up with what others append meanwhile. */
const ATTEMPTS = 5;

const tablesOf = (projection: RebuildOptions['projection']): ReadonlyArray<string> =>
  projection === undefined ? Object.values(projectionTables).flat() : projectionTables[projection];

const busy = (): DirectorySyncError =>
  new DirectorySyncError('log-unavailable', 'Others keep writing to this log; no row was replaced. Try again.');

const stopIfAborted = ({ signal }: RebuildOptions): void => {
  if (signal?.aborted === true)
    throw new DirectorySyncError('stopped', 'The rebuild was stopped; no row was replaced.');
};

const catchUp = ({ stream }: Rebuilding, { state }: Fresh, options: RebuildOptions): Promise<void> =>
  foldTail(stream, state, (done) => {
    options.onProgress?.({ step: 'fold', done, total: undefined });
    stopIfAborted(options);
  });

const foldAnew = async (rebuilding: Rebuilding, options: RebuildOptions): Promise<Fresh> => {
  stopIfAborted(options);
  const rows = makeMemoryRows();
  const fresh = { rows, state: makeEngineState(rows) };
  await catchUp(rebuilding, fresh, options);
  rebuilding.check(fresh.state);
  return fresh;
};

const replacements = (old: ProjectionRows, fresh: Fresh, table: string): ReadonlyArray<RowChange> => {
  const person = (userId: string) => fresh.rows.get(tables.people, userId) as DirectoryPerson | undefined;
  const changes: RowChange[] = [];
  for (const [key] of old.scan(table))
    if (fresh.rows.get(table, key) === undefined) changes.push({ table, key, value: undefined, entries: {} });
  for (const [key, value] of fresh.rows.scan(table))
    changes.push({ table, key, value, entries: entriesOf(table, { key, value }, person) });
  return changes;
};

/** All in one commit: whoever reads sees the old rows or the new ones, and a process that dies leaves the old ones. */
const replace = async (rebuilding: Rebuilding, fresh: Fresh, options: RebuildOptions): Promise<void> => {
  const { stream, rows } = rebuilding;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    // The other projections stay, so all of them have to stand at one revision.
    if (options.projection !== undefined) await openState(stream, rows);
    await catchUp(rebuilding, fresh, options);
    const from = rows.checkpoint();
    if (options.projection !== undefined && from?.hash !== fresh.state.head()?.hash) continue;
    const flags: RowChange = { table: tables.work, key: 'flags', value: everythingOpen, entries: {} };
    const changes = tablesOf(options.projection).flatMap((table) => replacements(rows, fresh, table));
    if (rows.commit([...changes, flags], from, fresh.state.head()) === 'committed') return;
  }
  throw busy();
};

/**
 * Folds the log from its first event beside the rows that stand, and replaces them, or with `verify` compares. Whoever died
 * or was stopped on the way has changed nothing.
 */
export const rebuildRows = async (rebuilding: Rebuilding, options: RebuildOptions): Promise<RebuildReport> => {
  const startedAt = rebuilding.now();
  const fresh = await foldAnew(rebuilding, options);
  const found =
    options.verify === true
      ? await verifyRows(rebuilding, fresh, () => catchUp(rebuilding, fresh, options), options)
      : undefined;
  if (options.verify !== true)
    await replace(rebuilding, fresh, options).catch((error: unknown) => {
      if (!isRowsLost(error)) throw error;
      // They cannot be read any more, which is what a rebuild is for: what is begun anew in their place is filled.
      return replace(rebuilding, fresh, options);
    });
  const head = fresh.state.head();
  return {
    events: fresh.state.eventCount(),
    head: head === undefined ? null : { revision: head.revision.toString(), hash: head.hash },
    stateDigest: stateDigest(fresh.state),
    durationMs: rebuilding.now().getTime() - startedAt.getTime(),
    ...(found === undefined ? {} : { differences: found.count, first: found.first }),
  };
};
