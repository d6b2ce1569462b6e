import { isResting, type ConnectionState } from '@learnamp/directory-sync-domain';
import { identityEvents, recordablePreferences } from '../connection-identity.js';
import type { Actor } from '../directory-sync.js';
import type { Connection } from './open-connection.js';

type Administrative = 'ConnectionPaused' | 'ConnectionResumed' | 'ConnectionDisconnected';

/** What is so already is not recorded again. A connection that was ended is connected again by resuming it. */
const isSo: Readonly<Record<Administrative, (connection: ConnectionState) => boolean>> = {
  ConnectionPaused: isResting,
  // Resuming also ends a pause of the delivery alone.
  ConnectionResumed: (connection) => !isResting(connection) && connection.deliveryPaused === undefined,
  ConnectionDisconnected: ({ disconnected }) => disconnected !== undefined,
};

/** Records a pause, the end of a connection, or the end of either, under a name. Repeats record nothing. */
export const administer = async ({ options, open }: Connection, type: Administrative, by: Actor): Promise<void> => {
  const { state, recorder } = await open();
  const preferences = await recordablePreferences(options, options.keys);
  await recorder.refresh();
  await recorder.administer(() => {
    const connection = state.connection();
    if (isSo[type](connection)) return [];
    const opening = connection.created === undefined ? identityEvents(options, connection, preferences, by.actor) : [];
    return [...opening, { type, data: by }];
  });
};
