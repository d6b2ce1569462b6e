import type { EventLog, Json } from '@learnamp/directory-sync-event-sourcing';
import { LogFailure } from '@learnamp/directory-sync-event-sourcing';
import * as E from 'fp-ts/lib/Either.js';
import { DirectorySyncError } from '../directory-sync.js';
import { logError } from '../failure.js';

/** No connection id holds a colon, so this is no connection's stream. */
const markerStream = (connectionId: string): string => `directorySync-${connectionId}:import`;

/**
 * An import appends to the log in parts. It stands in a stream of its own which file was begun, and whether it was finished:
 * what was begun and not finished is no log yet, and no engine works on it.
 */
export type ImportStanding =
  | { readonly _tag: 'None' }
  | { readonly _tag: 'Begun'; readonly sha256: string; readonly revision: bigint }
  | { readonly _tag: 'Finished'; readonly revision: bigint };

export const importStanding = async (log: EventLog, connectionId: string): Promise<ImportStanding> => {
  const stream = markerStream(connectionId);
  const head = await log.head(stream)();
  if (E.isLeft(head)) throw logError(head.left);
  if (head.right === undefined) return { _tag: 'None' };
  const { revision } = head.right;
  try {
    for await (const [last] of log.pages(stream, { from: revision, to: revision, size: 1 })) {
      const data = last?.data as { readonly sha256?: unknown } | undefined;
      if (last?.type === 'ImportBegun') return { _tag: 'Begun', sha256: String(data?.sha256), revision };
    }
  } catch (error) {
    throw error instanceof LogFailure ? logError(error.failure) : error;
  }
  return { _tag: 'Finished', revision };
};

export const markImport = async (
  log: EventLog,
  connectionId: string,
  mark: {
    readonly type: 'ImportBegun' | 'ImportFinished';
    readonly data: Json;
    readonly behind: bigint | undefined;
    readonly id: string;
    readonly at: Date;
  },
): Promise<void> => {
  const { type, data, behind, id, at } = mark;
  const metadata = { subjects: [], correlationId: id, causationId: id };
  const record = { id, type, schemaVersion: 1, recordedAt: at.toISOString(), data, metadata };
  const appended = await log.append(markerStream(connectionId), behind ?? 'no-stream', [record])();
  if (E.isLeft(appended)) throw logError(appended.left);
};

/** What was begun and not finished is refused by everything but another import of the same file. */
export const refuseHalfImport = async (log: EventLog, connectionId: string): Promise<void> => {
  const standing = await importStanding(log, connectionId);
  if (standing._tag !== 'Begun') return;
  throw new DirectorySyncError(
    'log-unavailable',
    'The import of this log was interrupted: run "directory-sync log import" with the same file again. Nothing was read or changed.',
  );
};
