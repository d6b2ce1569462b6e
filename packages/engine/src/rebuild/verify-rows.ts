import type { Preferences } from '@learnamp/directory-sync-domain';
import type { ProjectionRows } from '@learnamp/directory-sync-event-sourcing';
import { ProjectionRowsLost } from '@learnamp/directory-sync-event-sourcing';
import { DirectorySyncError, type RebuildOptions } from '../directory-sync.js';
import { isInLog, openState } from '../open-stream.js';
import type { EngineState } from '../state/engine-state.js';
import { openGaps } from '../state/open-gaps.js';
import { overlayRows } from '../state/overlay-rows.js';
import { tables } from '../state/tables.js';
import { addComparisons, compareProjections, type Comparison, type CompareOptions } from './compare-projections.js';
import type { Rebuilding } from './rebuilding.js';
import type { RowDifference } from './row-difference.js';

export type Verifying = Omit<Rebuilding, 'projections'>;

/** A fold of the log from its first event, and the rows it left. */
export type Shadow = { readonly rows: ProjectionRows; readonly state: EngineState };

/** How often it catches up with what others append meanwhile. */
const ATTEMPTS = 5;

const LIMIT = 20;

export const isRowsLost = (error: unknown): boolean =>
  error instanceof ProjectionRowsLost || (error instanceof Error && error.cause instanceof ProjectionRowsLost);

const unreadable: Comparison = {
  count: 1,
  first: [{ projection: 'connection', key: null, expected: null, found: null, paths: ['the rows cannot be read'] }],
};

const gaps = (shown: EngineState, preferences: Preferences): Comparison => {
  const userIds = openGaps(shown, preferences);
  const first = userIds.map((key) => ({ projection: 'work', key, expected: null, found: null, paths: ['pending'] }));
  return { count: userIds.length, first };
};

/** Rows and entries that are not what was written, whatever the log says. */
const altered = (rows: ProjectionRows, limit: number): Comparison => {
  const { altered: count, first } = rows.check();
  const told = first.map(({ table, key }): RowDifference => {
    const shown = table === tables.holders ? null : key;
    return { projection: table, key: shown, expected: null, found: null, paths: ['not as it was written'] };
  });
  return { count, first: told.slice(0, limit) };
};

const foreign: Comparison = {
  count: 1,
  first: [{ projection: 'connection', key: null, expected: null, found: null, paths: ['checkpoint'] }],
};

const compareNow = async (
  { stream, rows, preferences }: Verifying,
  shadow: Shadow,
  catchUp: () => Promise<void>,
  options: CompareOptions,
): Promise<Comparison> => {
  const limit = options.limit ?? LIMIT;
  const damage = altered(rows, limit);
  if (damage.count > 0) return damage;
  const checkpoint = rows.checkpoint();
  if (checkpoint !== undefined && !(await isInLog(stream, checkpoint))) return foreign;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const overlay = overlayRows(rows);
    const shown = await openState(stream, overlay);
    await catchUp();
    if (shown.head()?.hash !== shadow.state.head()?.hash) continue;
    const rowsThat = compareProjections(overlay, shadow.rows, { ...options, limit });
    return options.projection === undefined ? addComparisons(limit, [rowsThat, gaps(shown, preferences)]) : rowsThat;
  }
  throw new DirectorySyncError('log-unavailable', 'Others keep writing to this log; nothing was compared. Try again.');
};

/**
 * What a reader is shown, against a fold of the log that the caller made and brings up to date. Rows that cannot be read are
 * one difference. Writes nothing.
 */
export const verifyRows = async (
  rebuilding: Verifying,
  shadow: Shadow,
  catchUp: () => Promise<void>,
  options: Pick<RebuildOptions, 'projection'> & CompareOptions = {},
): Promise<Comparison> => {
  try {
    return await compareNow(rebuilding, shadow, catchUp, options);
  } catch (error) {
    if (!isRowsLost(error)) throw error;
    return unreadable;
  }
};
