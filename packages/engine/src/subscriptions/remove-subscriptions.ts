import type { Source } from '@learnamp/directory-sync-domain';
import type { EventLog, KeyStore } from '@learnamp/directory-sync-event-sourcing';
import type { SubscriptionClient } from '@learnamp/directory-sync-graph';
import * as E from 'fp-ts/lib/Either.js';
import type { World } from '../directory-sync.js';
import { openTenantLog } from './tenant-log.js';
import { resources } from './tenant-subscriptions.js';

/** What became of the subscriptions at Graph. What is left there ends by itself within days, and its notifications are nobody's. */
export type SubscriptionsRemoved = { readonly removed: number; readonly left: number };

/**
 * Takes away what the log says this app has subscribed to for the tenant, as far as Graph lets it. A connection of the same
 * tenant that still runs makes its own again.
 */
export const removeSubscriptions = async (options: {
  readonly tenantId: string;
  readonly log: EventLog;
  readonly keys: KeyStore;
  readonly world: World;
  readonly client: Pick<SubscriptionClient, 'remove'>;
  readonly signal?: AbortSignal | undefined;
}): Promise<SubscriptionsRemoved> => {
  const { client, signal } = options;
  const tenant = await openTenantLog(options);
  let [removed, left] = [0, 0];
  const remove = async (resource: Source): Promise<void> => {
    const subscriptionId = tenant.state()[resource].current?.subscriptionId;
    if (subscriptionId === undefined) return;
    if (E.isLeft(await client.remove(subscriptionId, { signal })())) {
      left += 1;
      return;
    }
    removed += 1;
    await tenant.record((state) =>
      state[resource].current?.subscriptionId === subscriptionId
        ? [{ type: 'SubscriptionLost', data: { subscriptionId, resource, reason: 'disconnected' } }]
        : [],
    );
  };
  for (const resource of resources) await remove(resource);
  return { removed, left };
};
