import type { Actor } from '../directory-sync.js';
import { removeSubscriptions, type SubscriptionsRemoved } from '../subscriptions/remove-subscriptions.js';
import { administer } from './administer.js';
import type { Connection } from './open-connection.js';
import { causeInLog } from '../telemetry/error-type.js';

/** What a disconnection left: the subscriptions of the tenant that were removed, or are still needed by others. */
export type Disconnected = {
  readonly connectionId: string;
  readonly subscriptions: SubscriptionsRemoved;
};

const LONGEST_MS = 10_000;

/** What cannot be taken away now ends by itself: that it did not go is no reason to go on. */
const unsubscribe = async ({ options, world, logger }: Connection): Promise<SubscriptionsRemoved> => {
  const { tenantId, log, keys, subscriptions: client } = options;
  if (client === undefined) return { removed: 0, left: 0 };
  try {
    return await removeSubscriptions({ tenantId, log, keys, world, client, signal: AbortSignal.timeout(LONGEST_MS) });
  } catch (cause) {
    logger.warn({ tenantId, cause: causeInLog(cause) }, 'The subscriptions of the tenant could not be taken away.');
    return { removed: 0, left: 0 };
  }
};

/**
 * Ends a connection: nothing more is read or sent, in this process and in any other, and everybody keeps the account they have.
 * The log stays; resuming connects again, with the same links.
 */
export const disconnect = async (connection: Connection, by: Actor): Promise<Disconnected> => {
  await administer(connection, 'ConnectionDisconnected', by);
  return { connectionId: connection.options.connectionId, subscriptions: await unsubscribe(connection) };
};
