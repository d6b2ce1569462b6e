import type { DirectoryEvent, DirectoryPerson, Preferences } from '@learnamp/directory-sync-domain';
import type { EventStream, ProjectionRows, RowChange } from '@learnamp/directory-sync-event-sourcing';
import { makeMemoryRows, ProjectionRowsLost } from '@learnamp/directory-sync-event-sourcing';
import { differingRows } from './compare-rows.js';
import { DirectorySyncError, type RebuildOptions, type RebuildReport } from './directory-sync.js';
import { foldTail, openState } from './open-stream.js';
import { makeEngineState, type EngineState } from './state/engine-state.js';
import { openGaps } from './state/open-gaps.js';
import { everythingOpen } from './state/open-work.js';
import { overlayRows } from './state/overlay-rows.js';
import { stateDigest } from './state/state-digest.js';
import { entriesOf, projectionTables, tables } from './state/tables.js';

export type Rebuilding = {
  readonly stream: EventStream<DirectoryEvent>;
  readonly rows: ProjectionRows;
  readonly preferences: Preferences;
  readonly now: () => Date;
  /** Throws where the log is not the connection's own. */
  readonly check: (state: EngineState) => void;
};

type Fresh = { readonly rows: ProjectionRows; readonly state: EngineState };

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

const isAt = (state: EngineState, { state: other }: Fresh): boolean => state.head()?.hash === other.head()?.hash;

const isRowsLost = (error: unknown): boolean =>
  error instanceof ProjectionRowsLost || (error instanceof Error && error.cause instanceof ProjectionRowsLost);

/** What a reader is shown, against what the log says. Rows that cannot be read differ, each of them. */
const differences = async (rebuilding: Rebuilding, fresh: Fresh, options: RebuildOptions): Promise<number> => {
  try {
    return await compare(rebuilding, fresh, options);
  } catch (error) {
    if (!isRowsLost(error)) throw error;
    return tablesOf(options.projection).reduce((sum, table) => sum + [...fresh.rows.scan(table)].length, 0);
  }
};

const compare = async (rebuilding: Rebuilding, fresh: Fresh, options: RebuildOptions): Promise<number> => {
  const { stream, rows, preferences } = rebuilding;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const overlay = overlayRows(rows);
    const shown = await openState(stream, overlay);
    await catchUp(rebuilding, fresh, options);
    if (!isAt(shown, fresh)) continue;
    const rowsThat = tablesOf(options.projection).reduce(
      (sum, table) => sum + differingRows(table, overlay, fresh.rows),
      0,
    );
    return rowsThat + (options.projection === undefined ? openGaps(shown, preferences).length : 0);
  }
  throw busy();
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
  const found = options.verify === true ? await differences(rebuilding, fresh, options) : undefined;
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
    ...(found === undefined ? {} : { differences: found }),
  };
};
