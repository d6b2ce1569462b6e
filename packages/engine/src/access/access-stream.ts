import type { AccessEvent } from '@learnamp/directory-sync-domain';
import { accessEvents } from '@learnamp/directory-sync-domain';
import type { EventStream } from '@learnamp/directory-sync-event-sourcing';
import { defineEvents, openEventStream } from '@learnamp/directory-sync-event-sourcing';
import type { Connection } from '../connection/open-connection.js';

const registry = defineEvents(accessEvents);

/**
 * The stream of who looked: `directorySync-access-<connectionId>`, in the same log and sealed under the connection's key.
 * Apart from the connection's own, so that a look moves no revision, no row and no checkpoint (decision 0017).
 */
export const openAccessStream = ({ options, world }: Connection): EventStream<AccessEvent> =>
  openEventStream<AccessEvent>({
    log: options.log,
    keys: options.keys,
    registry,
    name: `directorySync-access-${options.connectionId}`,
    owner: `connection:${options.connectionId}`,
    now: world.now,
    newId: world.newId,
  });
