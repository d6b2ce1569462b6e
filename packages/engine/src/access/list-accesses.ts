import type { AccessEvent } from '@learnamp/directory-sync-domain';
import type { EventEnvelope } from '@learnamp/directory-sync-event-sourcing';
import { LogFailure } from '@learnamp/directory-sync-event-sourcing';
import type { Connection } from '../connection/open-connection.js';
import { decodeError, logError } from '../failure.js';
import type { AccessesQuery, AccessView } from './access.js';
import { openAccessStream } from './access-stream.js';

const viewOf = ({ revision, recordedAt, data }: EventEnvelope<AccessEvent>): AccessView => ({
  revision: revision.toString(),
  recordedAt,
  ...data,
});

/** A look at everybody was a look at each of them. */
const concerns = (view: AccessView, wanted: ReadonlySet<string>): boolean =>
  wanted.size === 0 || view.userIds.length === 0 || view.userIds.some((userId) => wanted.has(userId));

/** Who looked, oldest first. Read from its beginning: looks at everybody stand in no index of a person. */
export async function* listAccesses(connection: Connection, query: AccessesQuery): AsyncGenerator<AccessView> {
  const wanted = new Set<string>(query.userIds);
  const from = query.from?.getTime() ?? -Infinity;
  try {
    for await (const page of openAccessStream(connection).pages({ from: 0n }))
      for (const read of page) {
        if (read._tag === 'Failed') throw decodeError(read.failure);
        if (read._tag === 'Passed') continue;
        const view = viewOf(read.event);
        if (Date.parse(view.recordedAt) >= from && concerns(view, wanted)) yield view;
      }
  } catch (error) {
    if (error instanceof LogFailure) throw logError(error.failure);
    throw error;
  }
}
