import { createServer } from 'node:http';
import {
  makeNotificationHandler,
  openGraphTenant,
  openSubscriptionKeeper,
  toNodeListener,
  type GraphTransportSettings,
  type Stores,
  type SubscriptionKeeper,
} from '@learnamp/directory-sync';

// #region keeper
export const keepSubscribed = async (
  settings: GraphTransportSettings,
  stores: Stores,
  host: { readonly publicUrl: string; readonly port: number; readonly signal: AbortSignal },
  syncAll: () => Promise<void>,
): Promise<SubscriptionKeeper> => {
  const { tenantId } = settings;
  const { log, keys, cache, inbox } = stores;
  const tenant = await openGraphTenant(settings, { cache });
  const keeper = await openSubscriptionKeeper({
    tenantId,
    log,
    keys,
    client: tenant.subscriptions,
    notificationUrl: host.publicUrl,
    catchUp: syncAll,
  });
  const handler = makeNotificationHandler({
    inbox,
    known: keeper.known,
    onLifecycle: (_tenantId, subscriptionId) => keeper.reauthorize(subscriptionId),
    now: () => new Date(),
  });
  const server = createServer(toNodeListener(handler)).listen(host.port, '127.0.0.1');
  void keeper.run(host.signal).finally(() => {
    server.close();
    return tenant.close();
  });
  return keeper;
};
// #endregion keeper
