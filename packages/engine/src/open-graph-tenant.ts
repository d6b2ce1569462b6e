import type { LocalCache } from '@learnamp/directory-sync-event-sourcing';
import type {
  DirectorySource,
  GovernorSnapshot,
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

/**
 * Microsoft Graph for one Entra tenant, shared by the tenant's connections: one sign-in, one network, one throttle
 * governor. Graph counts requests per app and tenant, so connections that do not share a governor throttle each other.
 */
export type GraphTenant = {
  /** The source of one connection. Closing it ends its own requests only. */
  readonly source: (choices: Pick<GraphSettings, 'customAttributes'>) => DirectorySource;
  /** For a subscription keeper. */
  readonly subscriptions: SubscriptionClient;
  /** For readers of other things. */
  readonly transport: GraphTransport;
  /** How busy the tenant is, what it costs, and until when Graph asked to wait. */
  readonly throttling: () => GovernorSnapshot;
  /** Ends everything opened here. */
  readonly close: () => Promise<void>;
};

/** The longest wait that is believed; whatever is remembered beyond it comes from a clock that was wrong. */
const LONGEST_WAIT_MS = 15 * 60_000;

const rememberedWait = async (cache: LocalCache, key: string, now: Date): Promise<Date | undefined> => {
  const at = Date.parse((await cache.get(key)) ?? '');
  return Number.isNaN(at) ? undefined : new Date(Math.min(at, now.getTime() + LONGEST_WAIT_MS));
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
    const closedUntil = cache === undefined ? undefined : await rememberedWait(cache, key, world.now());
    const onClosed = (until: Date): void => {
      // Lost with the cache at worst: then the next process is told again.
      void cache?.put(key, until.toISOString()).catch(() => undefined);
    };
    const governor = world.governor ?? makeGovernor({ ...world, closedUntil, onClosed });
    const transport = openGraphTransport(settings, { ...world, governor });
    return {
      source: (choices) => openDirectorySource(transport, choices),
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
