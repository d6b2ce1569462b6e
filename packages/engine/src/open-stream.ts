import type { DirectoryEvent } from '@learnamp/directory-sync-domain';
import { directoryEvents } from '@learnamp/directory-sync-domain';
import type { EventStream, Head, ProjectionDatabase, ProjectionRows } from '@learnamp/directory-sync-event-sourcing';
import { defineEvents, LogFailure, makeMemoryRows, openEventStream } from '@learnamp/directory-sync-event-sourcing';
import type { DirectorySyncOptions, World } from './directory-sync.js';
import { decodeError, logError } from './failure.js';
import { readStream } from './record/read-stream.js';
import { makeEngineState, type EngineState } from './state/engine-state.js';
import { overlayRows } from './state/overlay-rows.js';
import { foldVersion } from './state/tables.js';

const registry = defineEvents(directoryEvents);

/** The stream of a connection: `directorySync-<connectionId>` (design D1). */
export const openStream = (options: DirectorySyncOptions, world: World): EventStream<DirectoryEvent> =>
  openEventStream<DirectoryEvent>({
    log: options.log,
    keys: options.keys,
    registry,
    name: `directorySync-${options.connectionId}`,
    owner: `connection:${options.connectionId}`,
    now: world.now,
    newId: world.newId,
  });

/** The rows of a stream's fold. */
export const rowsOf = (projections: ProjectionDatabase, stream: EventStream<DirectoryEvent>): Promise<ProjectionRows> =>
  projections.rows({ name: stream.name, version: foldVersion });

/** Told how many events were read so far. */
export type OnEvents = (count: number) => void;

/** Folds what lies beyond the state. */
export const foldTail = async (
  stream: EventStream<DirectoryEvent>,
  state: EngineState,
  onEvents: OnEvents = () => undefined,
): Promise<void> => {
  for await (const { events, head } of readStream(stream, (state.head()?.revision ?? -1n) + 1n)) {
    state.apply(events, head);
    onEvents(state.eventCount());
  }
};

/** Whether a checkpoint is a record of this log: not of another one, and not of one that lost its end. */
export const isInLog = async (stream: EventStream<DirectoryEvent>, { revision, hash }: Head): Promise<boolean> => {
  try {
    for await (const page of stream.pages({ from: revision, to: revision, size: 1 }))
      for (const read of page) {
        if (read._tag === 'Failed' && read.failure._tag !== 'KeyMissing') throw decodeError(read.failure);
        const record = read._tag === 'Failed' ? read.failure.record : read.record;
        return record.revision === revision && record.metadata.hash === hash;
      }
    return false;
  } catch (error) {
    if (error instanceof LogFailure) throw logError(error.failure);
    throw error;
  }
};

/**
 * The state over rows: opened where they stand, and only the tail of the log is read. Rows that were folded from another
 * log, or from records this one does not hold, are dropped and folded anew.
 */
export const openState = async (
  stream: EventStream<DirectoryEvent>,
  rows: ProjectionRows,
  onEvents?: OnEvents,
): Promise<EngineState> => {
  const checkpoint = rows.checkpoint();
  if (checkpoint !== undefined && !(await isInLog(stream, checkpoint))) rows.clear();
  const state = makeEngineState(rows);
  await foldTail(stream, state, onEvents);
  return state;
};

/** How often a view starts again because the rows moved on under it, before it folds the log for itself. */
const ATTEMPTS = 5;

/** The state to look at: over the rows and the tail of the log, and nothing is written anywhere. */
export const viewState = async (
  stream: EventStream<DirectoryEvent>,
  rows: ProjectionRows,
  onEvents?: OnEvents,
): Promise<EngineState> => {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const before = rows.checkpoint();
    const state = await openState(stream, overlayRows(rows), onEvents);
    const after = rows.checkpoint();
    if (before?.revision === after?.revision && before?.hash === after?.hash) return state;
  }
  return openState(stream, makeMemoryRows(), onEvents);
};
