import type { LocalCache } from '@learnamp/directory-sync-event-sourcing';
import type {
  DirectorySource,
  GovernorSnapshot,
  GraphReader,
  GraphSettings,
  GraphTransport,
  GraphTransportSettings,
  GraphWorld,
  SubscriptionClient,
} from '@learnamp/directory-sync-graph';
import {
  makeGovernor,
  openDirectorySource,
  openGraphTransport,
  openSubscriptionClient,
} from '@learnamp/directory-sync-graph';
import { realWorld } from './default-world.js';
import { rememberedWait } from './remembered-wait.js';

/**
 * Microsoft Graph for one Entra tenant, shared by the tenant's connections: one sign-in, one network, one throttle
 * governor. Graph counts requests per app and tenant, so connections that do not share a governor throttle each other.
 */
export type GraphTenant = {
  /** The source of one connection: with a `reader` it takes turns with the others. Closing it ends its own requests only. */
  readonly source: (choices: Pick<GraphSettings, 'customAttributes'>, reader?: GraphReader) => DirectorySource;
  /** For a subscription keeper. */
  readonly subscriptions: SubscriptionClient;
  /** For readers of other things. */
  readonly transport: GraphTransport;
  /** How busy the tenant is, what it costs, and until when Graph asked to wait. */
  readonly throttling: () => GovernorSnapshot;
  /** Ends everything opened here. */
  readonly close: () => Promise<void>;
};

/**
 * Opens a tenant. With a `cache`, a wait that Graph asked for is kept beyond the end of the process: a restart does not
 * send what the process before was told to hold back. Rejects with one sentence where the settings cannot be right.
 *
 * @example
 * const tenant = await openGraphTenant(settings, { cache: stores.cache });
 * const directory = tenant.source({ customAttributes: [] });
 */
export const openGraphTenant = async (
  settings: GraphTransportSettings,
  options: { readonly cache?: LocalCache | undefined; readonly world?: Partial<GraphWorld> | undefined } = {},
): Promise<GraphTenant> => {
  const { cache } = options;
  const key = `throttled-until:${settings.tenantId}`;
  const real = realWorld();
  try {
    const world = { ...real.world, ...options.world };
    const wait = await rememberedWait(cache, key, world.now);
    const governor = world.governor ?? makeGovernor({ ...world, ...wait });
    const transport = openGraphTransport(settings, { ...world, governor });
    return {
      source: (choices, reader) => openDirectorySource(transport, choices, reader),
      subscriptions: openSubscriptionClient(transport),
      transport,
      throttling: governor.snapshot,
      close: () => transport.close().finally(real.close),
    };
  } catch (cause) {
    await real.close();
    throw cause;
  }
};
