import type { DirectoryEvent, Preferences } from '@learnamp/directory-sync-domain';
import type { EventStream, ProjectionRows } from '@learnamp/directory-sync-event-sourcing';
import { ProjectionRowsLost } from '@learnamp/directory-sync-event-sourcing';
import { DirectorySyncError, type RebuildOptions } from '../directory-sync.js';
import { openState } from '../open-stream.js';
import type { EngineState } from '../state/engine-state.js';
import { openGaps } from '../state/open-gaps.js';
import { overlayRows } from '../state/overlay-rows.js';
import { addComparisons, compareProjections, type Comparison, type CompareOptions } from './compare-projections.js';

export type Rebuilding = {
  readonly stream: EventStream<DirectoryEvent>;
  readonly rows: ProjectionRows;
  readonly preferences: Preferences;
  readonly now: () => Date;
  /** Throws where the log is not the connection's own. */
  readonly check: (state: EngineState) => void;
};

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

const compareNow = async (
  { stream, rows, preferences }: Rebuilding,
  shadow: Shadow,
  catchUp: () => Promise<void>,
  options: CompareOptions,
): Promise<Comparison> => {
  const limit = options.limit ?? LIMIT;
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
  rebuilding: Rebuilding,
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
