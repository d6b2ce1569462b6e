import type { CursorLink, DirectoryEvent } from '@learnamp/directory-sync-domain';
import { LogFailure, makeBoundedCache, type EventStream } from '@learnamp/directory-sync-event-sourcing';
import { DirectorySyncError } from '../directory-sync.js';
import { decodeError, logError } from '../failure.js';
import type { EngineState } from '../state/engine-state.js';

/** Graph's link at a cursor's place: from memory where its event passed through here, else opened from the log. */
export type RecordedLinks = (state: Pick<EngineState, 'linkAt'>, place: CursorLink) => Promise<string>;

/** More than one company's cursors of a group of ten thousand subgroups. */
const KEPT = 500;

const linkIn = async (stream: EventStream<DirectoryEvent>, revision: string): Promise<string> => {
  const at = BigInt(revision);
  for await (const page of stream.pages({ from: at, to: at, size: 1 }))
    for (const read of page) {
      if (read._tag === 'Failed') throw decodeError(read.failure);
      if (read._tag === 'Event' && read.event.type === 'DeltaCursorMoved') return read.event.data.link;
    }
  throw new DirectorySyncError(
    'log-unavailable',
    `The event of revision ${revision} holds no delta link, although a cursor stands there: run "directory-sync verify".`,
  );
};

export const makeRecordedLinks = (stream: EventStream<DirectoryEvent>): RecordedLinks => {
  const read = makeBoundedCache<string, string>(KEPT);
  return async (state, { revision }) => {
    const known = state.linkAt(revision) ?? read.get(revision);
    if (known !== undefined) return known;
    try {
      const link = await linkIn(stream, revision);
      read.set(revision, link);
      return link;
    } catch (error) {
      if (error instanceof LogFailure) throw logError(error.failure);
      throw error;
    }
  };
};
