import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import type { DirectorySource, GraphSettings, GraphTransportSettings } from '@learnamp/directory-sync-graph';
import type { Logger, WebhookHealth } from '../directory-sync.js';
import type { Stores } from '../memory.js';
import type { KnownSubscription } from '../notifications/notification-handler.js';
import { openGraphTenant, type GraphTenant } from '../open-graph-tenant.js';
import { makeRefusedLinks } from '../refused-links/refused-links.js';
import { watchSubscriptionLinks } from '../refused-links/watch-links.js';
import { openSubscriptionKeeper, type SubscriptionKeeper } from '../subscriptions/subscription-keeper.js';
import type { ConnectionRunner } from './connection-runner.js';
import { makeMarksLedger } from './marks-ledger.js';
import { removeSubscriptions } from '../subscriptions/remove-subscriptions.js';
import { makeNap } from './nap.js';
import type { EngineWorld, SyncEngineOptions } from './sync-engine.js';
import { makeThrottleReadings } from '../telemetry/throttle-readings.js';
import type { Telemetry } from '../telemetry/telemetry.js';
import type { TenantSeat } from './tenant-seat.js';
import { afterFound, afterNotified, webhookHealth, type Silence } from './webhook-health.js';
import { causeInLog } from '../telemetry/error-type.js';

const KEEPER_RETRY_MS = 5 * 60_000;
/** Woken where a connection is connected again. */
const REST_MS = 3_600_000;

export type TenantRunnerOptions = {
  readonly tenantId: string;
  readonly stores: Stores;
  readonly notifications: SyncEngineOptions['notifications'];
  /** Its `fetch` is for what the connections share: sign-ins, subscriptions, how the tenant stands. */
  readonly world: EngineWorld;
  /** A connection's own share of the network. */
  readonly share: (connectionId: string) => EngineWorld['fetch'];
  readonly logger: Logger | undefined;
  readonly telemetry: Telemetry;
};

export type Seat = TenantSeat & {
  readonly source: (choices: Pick<GraphSettings, 'customAttributes'>) => DirectorySource;
};

/** What the connections of one Entra tenant share: sign-ins, governors, the two subscriptions and the marks of notifications. */
export type TenantRunner = {
  /** Connections with the same settings share a transport. */
  readonly join: (connectionId: string, settings: GraphTransportSettings) => Promise<Seat>;
  readonly attach: (connectionId: string, runner: ConnectionRunner) => void;
  /** Closes what nobody else uses. Resolves with whether somebody is left. */
  readonly leave: (connectionId: string) => Promise<boolean>;
  readonly start: () => void;
  /** Marks of this tenant are durable. */
  readonly marked: () => void;
  /** A poll found a change of which no notification had told. */
  readonly found: () => void;
  readonly known: (subscriptionId: string) => KnownSubscription | undefined;
  readonly reauthorize: (subscriptionId: string) => void;
  readonly webhook: () => WebhookHealth;
  /** See `SyncEngine.forgetToken`. */
  readonly forgetToken: () => void;
  /** Keeps for the next process what this one knows. */
  readonly beat: () => Promise<void>;
  /** No new round comes of it; resolves when its keeper has ended. */
  readonly stop: () => Promise<void>;
  readonly close: () => Promise<void>;
};

type Member = { readonly transport: string; runner: ConnectionRunner | undefined };

/**
 * Connections whose settings differ in patience alone still share; so do those of one app whose credentials are functions,
 * since tokens of one app and tenant are alike. The credentials are those of the first.
 */
const transportOf = ({ tenantId, cloud, baseUrl, auth }: GraphTransportSettings): string =>
  JSON.stringify([tenantId, cloud, baseUrl, auth]);

export const makeTenantRunner = (options: TenantRunnerOptions): TenantRunner => {
  const { tenantId, stores, notifications, world, share, logger, telemetry } = options;
  const { cache } = stores;
  const notifiedKey = `notified:${tenantId}`;
  const members = new Map<string, Member>();
  const transports = new Map<string, Promise<GraphTenant>>();
  const ledger = makeMarksLedger(stores.inbox, tenantId);
  const ending = new AbortController();
  const nap = makeNap(world);
  const throttling = makeThrottleReadings(tenantId, world.now);
  const unwatch = telemetry.watch(throttling.read);
  let keeper: SubscriptionKeeper | undefined;
  /** The transport that the keeper asks through, and what ends the keeper with it. */
  let through: { readonly transport: string; readonly ending: AbortController } | undefined;
  let keeping: Promise<void> | undefined;
  let silence: Silence = { lastNotificationAt: undefined, foundAt: undefined };
  let remembered: number | undefined;
  /** Whoever waits for the subscriptions to be gone. */
  const resting: (() => void)[] = [];

  const isEnding = (): boolean => ending.signal.aborted;

  const awake = (): ReadonlyArray<readonly [string, ConnectionRunner]> =>
    [...members].flatMap(([id, { runner }]) =>
      runner !== undefined && runner.isStarted() && !runner.isPaused() ? [[id, runner] as const] : [],
    );
  const notifyAll = (at: number): void => {
    for (const [, runner] of awake()) runner.notify(at);
  };

  /** A connection that fails has its next round by itself; what it missed comes to light by that. */
  const catchUp = async (signal: AbortSignal): Promise<void> => {
    // Each connection of the tenant listens while its round lasts.
    setMaxListeners(0, signal);
    const ended = await Promise.allSettled(awake().map(([, runner]) => runner.catchUp(signal)));
    if (ended.length > 0 && ended.every(({ status }) => status === 'rejected'))
      throw new Error('No connection of the tenant could be read.');
  };

  /** Of the tenant's subscriptions: a matter of each of its connections. */
  const noteRefusedLink = (host: string): void => {
    for (const connectionId of members.keys()) {
      const refused = makeRefusedLinks({ cache, connectionId }, world.now);
      refused.note(host);
      refused
        .keep()
        .catch((cause: unknown) =>
          logger?.warn({ connectionId, cause: causeInLog(cause) }, 'A refused link was not counted.'),
        );
    }
  };

  const openKeeper = async (address: NonNullable<SyncEngineOptions['notifications']>): Promise<SubscriptionKeeper> => {
    const [first] = transports;
    if (first === undefined) throw new Error('The tenant has no connection.');
    const [key, transport] = first;
    through = { transport: key, ending: new AbortController() };
    return openSubscriptionKeeper({
      tenantId,
      log: stores.log,
      keys: stores.keys,
      client: watchSubscriptionLinks((await transport).subscriptions, noteRefusedLink),
      notificationUrl: address.publicUrl,
      lifecycleNotificationUrl: address.lifecycleUrl,
      catchUp: (_tenantId, signal) => catchUp(signal),
      logger,
      world,
    });
  };

  /** Nobody of the tenant wants to be told of anything. */
  const isUnwanted = (): boolean =>
    members.size > 0 && [...members.values()].every(({ runner }) => runner?.isDisconnected() === true);

  /** Takes away what stands at Graph; what stays there ends by itself, and what it sends is nobody's. */
  const unsubscribe = async (): Promise<void> => {
    const [first] = transports.values();
    if (first === undefined) return;
    const { log, keys } = stores;
    const client = (await first).subscriptions;
    await removeSubscriptions({
      tenantId,
      log,
      keys,
      world: { ...world, newId: randomUUID },
      client,
      signal: ending.signal,
    });
  };

  /** While nobody is connected there is nothing to keep. */
  const keepNothing = async (): Promise<void> => {
    await unsubscribe().catch((cause: unknown) => {
      logger?.warn({ tenantId, cause: causeInLog(cause) }, 'The subscriptions of the tenant could not be taken away.');
    });
    keeper = undefined;
    for (const settle of resting.splice(0)) settle();
    while (isUnwanted() && !isEnding()) await nap.take(REST_MS);
  };

  const keep = async (address: NonNullable<SyncEngineOptions['notifications']>): Promise<void> => {
    while (!isEnding()) {
      try {
        if (isUnwanted()) await keepNothing();
        if (isEnding()) return;
        keeper = await openKeeper(address);
        const ends = through?.ending ?? new AbortController();
        if (!isEnding()) await keeper.run(ends.signal);
      } catch (cause) {
        logger?.warn({ tenantId, cause: causeInLog(cause) }, 'The subscriptions of the tenant cannot be looked after.');
        await nap.take(KEEPER_RETRY_MS);
      }
    }
  };

  /** What an earlier process left behind: notifications that nobody answered, and when the last one came. */
  const takeUp = async (): Promise<void> => {
    const last = Date.parse((await cache.get(notifiedKey)) ?? '');
    if (!Number.isNaN(last) && silence.lastNotificationAt === undefined) silence = afterNotified(last);
    const pending = await stores.inbox.pending(tenantId);
    if (pending !== undefined) notifyAll(Date.parse(pending.last));
  };

  const seatOf = (connectionId: string, tenant: GraphTenant): Seat => ({
    source: (choices) => tenant.source(choices, { name: connectionId, fetch: share(connectionId) }),
    marks: () => ledger.read(awake().map(([id]) => id)),
    completed: (sequence) => ledger.completed(connectionId, sequence),
    turned: () => {
      if (isUnwanted()) through?.ending.abort();
      nap.wake();
    },
    rested: async () => {
      if (keeping === undefined || notifications === undefined || !isUnwanted()) return;
      await new Promise<void>((resolve) => {
        resting.push(resolve);
        through?.ending.abort();
        nap.wake();
      });
    },
    throttledUntil: tenant.transport.governor.closedUntil,
  });

  return {
    join: async (connectionId, settings) => {
      const key = transportOf(settings);
      const opening = transports.get(key) ?? openGraphTenant(settings, { cache, world });
      transports.set(key, opening);
      try {
        const tenant = await opening;
        throttling.attend(key, tenant.throttling);
        members.set(connectionId, { transport: key, runner: undefined });
        return seatOf(connectionId, tenant);
      } catch (cause) {
        transports.delete(key);
        throw cause;
      }
    },
    attach: (connectionId, runner) => {
      const member = members.get(connectionId);
      if (member !== undefined) member.runner = runner;
    },
    leave: async (connectionId) => {
      const member = members.get(connectionId);
      members.delete(connectionId);
      await ledger.dismiss(connectionId);
      if (member !== undefined && ![...members.values()].some(({ transport }) => transport === member.transport)) {
        const transport = transports.get(member.transport);
        transports.delete(member.transport);
        throttling.leave(member.transport);
        // The next connection's transport takes the subscriptions over.
        if (through?.transport === member.transport) through.ending.abort();
        await (await transport)?.close();
      }
      return members.size > 0;
    },
    start: () => {
      if (keeping !== undefined) return;
      keeping = takeUp()
        .catch((cause: unknown) => {
          logger?.warn({ tenantId, cause: causeInLog(cause) }, 'What the inbox holds could not be read.');
        })
        .then(() => (notifications === undefined ? undefined : keep(notifications)));
    },
    marked: () => {
      const at = world.now().getTime();
      silence = afterNotified(at);
      notifyAll(at);
    },
    found: () => {
      if (notifications !== undefined) silence = afterFound(silence, world.now().getTime());
    },
    known: (subscriptionId) => keeper?.known(subscriptionId),
    reauthorize: (subscriptionId) => keeper?.reauthorize(subscriptionId),
    forgetToken: () => {
      for (const opening of transports.values())
        void opening.then(
          ({ transport }) => transport.forgetToken(),
          () => undefined,
        );
    },
    webhook: () => webhookHealth(notifications !== undefined, keeper?.status() ?? [], silence, world.now().getTime()),
    beat: async () => {
      const { lastNotificationAt } = silence;
      if (lastNotificationAt === undefined || lastNotificationAt === remembered) return;
      remembered = lastNotificationAt;
      await cache.put(notifiedKey, new Date(lastNotificationAt).toISOString());
    },
    stop: async () => {
      ending.abort();
      through?.ending.abort();
      nap.wake();
      await keeping;
      for (const settle of resting.splice(0)) settle();
    },
    close: async () => {
      unwatch();
      for (const transport of transports.values()) await (await transport).close();
      transports.clear();
    },
  };
};
