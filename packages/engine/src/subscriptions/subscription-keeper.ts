/**
 * Keeps one subscription to `/users` and one to `/groups` of an Entra tenant alive, for all connections of that tenant.
 * `decideSubscription` says what to do; here it is done, recorded in the tenant's stream, and asked again.
 *
 * Guarantees: order is create, catch up, forget the old; whatever Graph refuses leaves polling as it is and is tried again
 * with back-off; trouble with one resource does not keep the other waiting; what happened at Graph and could not be
 * recorded is found and put right by the next look.
 */
import type { Source } from '@learnamp/directory-sync-domain';
import type { EventLog, KeyStore } from '@learnamp/directory-sync-event-sourcing';
import type { SubscriptionClient } from '@learnamp/directory-sync-graph';
import type { Logger } from '../directory-sync.js';
import type { KnownSubscription } from '../notifications/notification-handler.js';
import { checkNotificationUrl } from './check-notification-url.js';
import { decideSubscription, halfLifeOf } from './decide-subscription.js';
import { formerOf, openKeeperMemory } from './keeper-memory.js';
import type { KeeperWorld } from './keeper-world.js';
import { realKeeperWorld } from './keeper-world.js';
import { openMoves } from './make-moves.js';
import { subscriptionStatus } from './subscription-status.js';
import type { SubscriptionStatus } from './subscription-status.js';
import { openTenantLog } from './tenant-log.js';
import { resources } from './tenant-subscriptions.js';
import { troubleAfter } from './trouble.js';
import { causeInLog } from '../telemetry/error-type.js';

/** The tenant, where its stream is recorded, and the address that Graph posts to. */
export type SubscriptionKeeperOptions = {
  /** GUID of the Entra tenant. */
  readonly tenantId: string;
  /** Where the stream of the tenant stands. */
  readonly log: EventLog;
  /** The key store that belongs to the log. */
  readonly keys: KeyStore;
  /** Graph's subscriptions: `tenant.subscriptions` of `openGraphTenant`. */
  readonly client: SubscriptionClient;
  /** Where Graph sends notifications and, by the same handler, lifecycle notifications: https, reachable from outside. */
  readonly notificationUrl: string;
  /** Default: the same URL. */
  readonly lifecycleNotificationUrl?: string | undefined;
  /**
   * Runs a round of every connection of the tenant and resolves when they have ended: what changed while there was no
   * subscription comes to light by it. The old subscription counts as ours until then.
   */
  readonly catchUp: (tenantId: string, signal: AbortSignal) => Promise<void>;
  /** Told what happens. Default: nobody. */
  readonly logger?: Logger | undefined;
  /** Clock, ids and waiting. Default: those of the process. */
  readonly world?: Partial<KeeperWorld> | undefined;
};

/** Keeps the two subscriptions of a tenant. It decides about no person: without it everything is polled. */
export type SubscriptionKeeper = {
  /** For the notification handler: without I/O, from what is recorded. */
  readonly known: (subscriptionId: string) => KnownSubscription | undefined;
  /** Of users and groups: whether changes are notified or polled, until when (ISO 8601), and what is wrong. */
  readonly status: () => ReadonlyArray<SubscriptionStatus>;
  /** Graph's hint that a subscription needs a new authorisation; at most one renewal in ten minutes comes of it, a later one then. */
  readonly reauthorize: (subscriptionId: string) => void;
  /**
   * Does all that is due and resolves with the time of what is due next. Rejects where the log fails; Graph's failures
   * are noted in `status` and waited out. Calls follow one another, never at once.
   */
  readonly tick: (signal?: AbortSignal) => Promise<Date>;
  /** Ticks until the signal aborts; a log that fails is tried again after five minutes. */
  readonly run: (signal: AbortSignal) => Promise<void>;
};

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Graph tells nobody when a subscription to users or groups has ended, so it is looked for. */
const LOOK_AGAIN_MS = 24 * HOUR;
const HINTS_APART_MS = 10 * MINUTE;
/** With nothing due it wakes up nevertheless: the clock may jump, and other processes write. */
const LONGEST_NAP_MS = HOUR;
const SHORTEST_NAP_MS = 1_000;
const LOG_RETRY_MS = 5 * MINUTE;
/** Far more moves than any resource needs in one tick. */
const MOST_MOVES = 12;

/**
 * Opens the keeper of one tenant: reads the tenant's stream, asks Graph nothing yet.
 * Rejects with one sentence where the notification URL cannot be one, and where the log cannot be read.
 *
 * @example
 * const keeper = await openSubscriptionKeeper({ tenantId, log, keys, client, notificationUrl, catchUp });
 * const running = keeper.run(signal);
 */
export const openSubscriptionKeeper = async (options: SubscriptionKeeperOptions): Promise<SubscriptionKeeper> => {
  const { tenantId, client, logger } = options;
  const notificationUrl = checkNotificationUrl(options.notificationUrl);
  const lifecycleNotificationUrl = checkNotificationUrl(options.lifecycleNotificationUrl ?? notificationUrl);
  const world: KeeperWorld = { ...realKeeperWorld, ...options.world };
  const at = (): number => world.now().getTime();
  const log = await openTenantLog({ ...options, world });
  const memory = openKeeperMemory(log.state(), world.now());
  const { troubles, hints, forgotten } = memory;
  let awake = new AbortController();

  const fail = (about: Source | 'catch-up', reason: string, retryAt?: string): void => {
    const trouble = troubleAfter(troubles.get(about), { reason, retryAt }, world);
    troubles.set(about, trouble);
    logger?.warn({ tenantId, about, reason, retryAt: trouble.retryAt.toISOString() }, 'subscription trouble');
  };
  const makeMove = openMoves({ client, log, memory, world, notificationUrl, lifecycleNotificationUrl, fail });

  const settle = async (resource: Source, signal: AbortSignal): Promise<void> => {
    for (let count = 0; count < MOST_MOVES && !signal.aborted; count += 1) {
      const { listed } = memory;
      const decision = decideSubscription({
        resource,
        kept: log.state()[resource],
        listed: listed !== undefined && at() - listed.at < LOOK_AGAIN_MS ? listed.subscriptions : undefined,
        notificationUrl,
        now: world.now(),
        renewNow: (hints.get(resource) ?? Infinity) <= at(),
        overlapping: memory.catchUpDue,
      });
      if ((await makeMove(resource, decision, signal)) === 'waits') return;
    }
  };

  const catchUp = async (signal: AbortSignal): Promise<void> => {
    const blockedUntil = troubles.get('catch-up')?.retryAt.getTime() ?? 0;
    if (!memory.catchUpDue || blockedUntil > at() || signal.aborted) return;
    const old = formerOf(log.state());
    try {
      await options.catchUp(tenantId, signal);
    } catch {
      // Nothing is wrong where the keeper itself was told to end; `fail` is for what is tried again.
      const stopped = (): boolean => signal.aborted;
      if (!stopped()) fail('catch-up', 'catch-up');
      return;
    }
    memory.catchUpDue = false;
    troubles.delete('catch-up');
    for (const { subscriptionId } of old) forgotten.add(subscriptionId);
  };

  const dueOf = (resource: Source): number => {
    const { current } = log.state()[resource];
    const end = current === undefined ? Infinity : Date.parse(current.expiresAt);
    const trouble = troubles.get(resource);
    if (trouble !== undefined) return Math.min(trouble.retryAt.getTime(), end);
    const nextLook = memory.listed === undefined ? at() : memory.listed.at + LOOK_AGAIN_MS;
    const half = current === undefined ? Infinity : halfLifeOf(current);
    return Math.min(nextLook, hints.get(resource) ?? Infinity, half, end);
  };
  const nextDue = (): Date => {
    const catching = memory.catchUpDue ? (troubles.get('catch-up')?.retryAt.getTime() ?? at()) : Infinity;
    return new Date(Math.min(catching, ...resources.map(dueOf)));
  };

  let turn: Promise<unknown> = Promise.resolve();
  const tick = (signal: AbortSignal = new AbortController().signal): Promise<Date> => {
    const next = turn.then(async () => {
      await log.refresh();
      for (const resource of resources) await settle(resource, signal);
      await catchUp(signal);
      // What was left standing during the overlap goes now.
      for (const resource of resources) await settle(resource, signal);
      return nextDue();
    });
    turn = next.catch(() => undefined);
    return next;
  };

  const nap = async (milliseconds: number, signal: AbortSignal): Promise<void> => {
    const bounded = Math.min(LONGEST_NAP_MS, Math.max(SHORTEST_NAP_MS, milliseconds));
    const woken = AbortSignal.any([signal, awake.signal]);
    try {
      await world.sleep(bounded, woken);
    } catch (cause) {
      if (!woken.aborted) throw cause;
    }
    if (awake.signal.aborted) awake = new AbortController();
  };

  const tickSafely = async (signal: AbortSignal): Promise<number> => {
    try {
      return (await tick(signal)).getTime();
    } catch (cause) {
      logger?.warn({ tenantId, cause: causeInLog(cause) }, 'subscriptions: the log failed');
      return at() + LOG_RETRY_MS;
    }
  };

  return {
    known: (subscriptionId) => {
      for (const resource of resources) {
        const { current, former } = log.state()[resource];
        const valid = former.filter((each) => !forgotten.has(each.subscriptionId));
        const found = [...(current === undefined ? [] : [current]), ...valid].find(
          (each) => each.subscriptionId === subscriptionId,
        );
        if (found === undefined) continue;
        const { clientStateDigest: digest } = found;
        return { subscriptionId, tenantId, resource, clientStateDigests: digest === undefined ? [] : [digest] };
      }
      return undefined;
    },
    status: () =>
      resources.map((resource) =>
        subscriptionStatus(resource, log.state()[resource], troubles.get(resource), world.now()),
      ),
    reauthorize: (subscriptionId) => {
      for (const resource of resources) {
        const { current } = log.state()[resource];
        if (current?.subscriptionId !== subscriptionId) continue;
        const due = Math.max(at(), Date.parse(current.since) + HINTS_APART_MS);
        hints.set(resource, Math.min(due, hints.get(resource) ?? Infinity));
        awake.abort();
      }
    },
    tick,
    run: async (signal) => {
      while (!signal.aborted) await nap((await tickSafely(signal)) - at(), signal);
    },
  };
};
