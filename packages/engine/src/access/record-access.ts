import type { AccessEvent, ObjectId } from '@learnamp/directory-sync-domain';
import type { PendingEvent } from '@learnamp/directory-sync-event-sourcing';
import * as E from 'fp-ts/lib/Either.js';
import { chunksOf } from '../chunks-of.js';
import type { Connection } from '../connection/open-connection.js';
import { DirectorySyncError } from '../directory-sync.js';
import type { Access } from './access.js';
import { openAccessStream } from './access-stream.js';

/** An event names at most this many people: none may grow beyond 64 KiB. */
const NAMED = 500;

const eventsOf = ({ view, userIds, count, by }: Access): ReadonlyArray<PendingEvent<AccessEvent>> => {
  const actor = by?.actor ?? 'unknown';
  const event = (named: ReadonlyArray<ObjectId>, shown: number): PendingEvent<AccessEvent> => ({
    type: 'PersonalDataViewed',
    data: { view, userIds: named, count: shown, actor },
  });
  if (userIds.length <= NAMED) return [event(userIds, count)];
  return chunksOf(userIds, NAMED).map((named) => event(named, named.length));
};

const refused = (cause: unknown): DirectorySyncError =>
  new DirectorySyncError(
    'log-unavailable',
    'Nothing was shown: who looks at people is recorded first, and the event log cannot be written. Make it writable, or switch the access log off (accessLog: false in the configuration).',
    { cause },
  );

/**
 * Records who is about to see whose data; whatever shows it awaits this first, and shows nothing where it rejects.
 * A connection without any event has nobody to show: nothing is recorded, and neither a stream nor a key is made.
 */
export const recordAccess = async (connection: Connection, access: Access): Promise<void> => {
  if (connection.options.accessLog === 'off') return;
  // Checks on the way that log and key store belong together: no second key is made for the connection.
  const state = await connection.present();
  if (state.head() === undefined) return;
  const id = connection.world.newId();
  const context = { correlationId: id, causationId: id };
  const appended = await openAccessStream(connection).append('any', eventsOf(access), context)();
  if (E.isLeft(appended)) throw refused(appended.left);
};
