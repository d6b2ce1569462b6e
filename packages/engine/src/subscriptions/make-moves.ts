/** The moves of `decideSubscription`, made at Graph and recorded. The secret of a subscription leaves this file for Graph alone. */
import { createHash } from 'node:crypto';
import type { Source } from '@learnamp/directory-sync-domain';
import type {
  GraphFailure,
  GraphSubscription,
  SubscriptionClient,
  SubscriptionRefused,
} from '@learnamp/directory-sync-graph';
import { longestSubscriptionMs } from '@learnamp/directory-sync-graph';
import * as E from 'fp-ts/lib/Either.js';
import type { Decision } from './decide-subscription.js';
import type { KeeperMemory } from './keeper-memory.js';
import { relist } from './keeper-memory.js';
import type { KeeperWorld } from './keeper-world.js';
import type { TenantLog } from './tenant-log.js';
import { reasonOfFailure } from './trouble.js';

export type MoveParts = {
  readonly client: SubscriptionClient;
  readonly log: TenantLog;
  readonly memory: KeeperMemory;
  readonly world: KeeperWorld;
  readonly notificationUrl: string;
  readonly lifecycleNotificationUrl: string;
  /** Notes a failure and when to try again. */
  readonly fail: (resource: Source, reason: string, retryAt?: string) => void;
};

/** Whether another move may follow at once. */
export type Step = 'goes-on' | 'waits';

const digestOf = (secret: string): string => createHash('sha256').update(secret, 'utf8').digest('hex');

export const openMoves = (parts: MoveParts) => {
  const { client, log, memory, world, notificationUrl, lifecycleNotificationUrl } = parts;
  const until = (): string => new Date(world.now().getTime() + longestSubscriptionMs).toISOString();
  const currentId = (resource: Source): string => log.state()[resource].current?.subscriptionId ?? '';

  const failedWith = (resource: Source, failure: GraphFailure | SubscriptionRefused): Step => {
    if (failure._tag !== 'GraphAborted') {
      const retryAt = failure._tag === 'GraphThrottled' ? failure.retryAt : undefined;
      parts.fail(resource, reasonOfFailure(failure), retryAt);
    }
    return 'waits';
  };

  const settled = (resource: Source): void => {
    memory.troubles.delete(resource);
    memory.duplicates.delete(resource);
  };

  /** Once, not at every retry. */
  const recordAbsence = (resource: Source, reason: string): Promise<number> =>
    log.record((state) =>
      state[resource].current === undefined && state[resource].absence?.reason !== reason
        ? [{ type: 'SubscriptionLost', data: { subscriptionId: '', resource, reason } }]
        : [],
    );

  const recordCreated = async (resource: Source, made: GraphSubscription, clientStateDigest: string): Promise<void> => {
    const { subscriptionId, expiresAt } = made;
    memory.forgotten.delete(subscriptionId);
    memory.catchUpDue = true;
    settled(resource);
    await log.record((state) =>
      state[resource].current?.subscriptionId === subscriptionId
        ? []
        : [{ type: 'SubscriptionCreated', data: { subscriptionId, resource, expiresAt, clientStateDigest } }],
    );
  };

  const lose = async (resource: Source, reason: string): Promise<Step> => {
    const subscriptionId = currentId(resource);
    await log.record((state) =>
      state[resource].current?.subscriptionId === subscriptionId
        ? [{ type: 'SubscriptionLost', data: { subscriptionId, resource, reason } }]
        : [],
    );
    // At an address we have left it is still there, and has to be cleared.
    if (reason !== 'moved') relist(memory, subscriptionId, []);
    settled(resource);
    memory.hints.delete(resource);
    return 'goes-on';
  };

  const look = async (resource: Source, signal: AbortSignal): Promise<Step> => {
    const found = await client.list({ signal })();
    if (E.isLeft(found)) return failedWith(resource, found.left);
    memory.listed = { at: world.now().getTime(), subscriptions: found.right };
    return 'goes-on';
  };

  /** Somebody made one since we looked: another process of ours, or we ourselves before the answer was lost. */
  const lookAgain = async (resource: Source): Promise<Step> => {
    memory.listed = undefined;
    memory.duplicates.add(resource);
    await log.refresh();
    return 'goes-on';
  };

  const create = async (resource: Source, signal: AbortSignal): Promise<Step> => {
    const clientState = world.newSecret();
    const made = await client.create(
      { resource: `/${resource}`, notificationUrl, lifecycleNotificationUrl, clientState, expiresAt: until() },
      { signal },
    )();
    if (E.isRight(made)) {
      relist(memory, made.right.subscriptionId, [made.right]);
      await recordCreated(resource, made.right, digestOf(clientState));
      return 'goes-on';
    }
    if (made.left._tag === 'SubscriptionRefused') {
      const { reason } = made.left;
      if (reason !== 'duplicate') await recordAbsence(resource, reason);
      else if (!memory.duplicates.has(resource)) return lookAgain(resource);
      else memory.listed = undefined;
    }
    return failedWith(resource, made.left);
  };

  const renew = async (resource: Source, signal: AbortSignal): Promise<Step> => {
    const subscriptionId = currentId(resource);
    const renewed = await client.renew(subscriptionId, until(), { signal })();
    if (E.isLeft(renewed)) return failedWith(resource, renewed.left);
    if (renewed.right === undefined) return lose(resource, 'gone');
    const { expiresAt } = renewed.right;
    relist(memory, subscriptionId, [renewed.right]);
    settled(resource);
    // Deliveries may have paused while the authorisation was missing.
    if (memory.hints.delete(resource)) memory.catchUpDue = true;
    await log.record((state) =>
      state[resource].current?.subscriptionId === subscriptionId
        ? [{ type: 'SubscriptionRenewed', data: { subscriptionId, resource, expiresAt } }]
        : [],
    );
    return 'goes-on';
  };

  const adopt = async (resource: Source, found: Decision['found']): Promise<Step> => {
    for (const again of found) {
      const before = log.state()[resource].former.find((each) => each.subscriptionId === again.subscriptionId);
      if (before?.clientStateDigest !== undefined) await recordCreated(resource, again, before.clientStateDigest);
    }
    return 'goes-on';
  };

  const remove = async (resource: Source, found: Decision['found'], signal: AbortSignal): Promise<Step> => {
    for (const { subscriptionId } of found) {
      const removed = await client.remove(subscriptionId, { signal })();
      if (E.isLeft(removed)) return failedWith(resource, removed.left);
      relist(memory, subscriptionId, []);
    }
    return 'goes-on';
  };

  const makeAtGraph = (resource: Source, { move, found }: Decision, signal: AbortSignal): Promise<Step> => {
    switch (move) {
      case 'look':
        return look(resource, signal);
      case 'create':
        return create(resource, signal);
      case 'renew':
        return renew(resource, signal);
      case 'adopt':
        return adopt(resource, found);
      case 'clear':
      case 'tidy':
        return remove(resource, found, signal);
      case 'lose':
      case 'yield':
      case 'stay':
        return Promise.resolve('waits');
    }
  };

  return async (resource: Source, decision: Decision, signal: AbortSignal): Promise<Step> => {
    const { move, reason } = decision;
    // Needs nothing of Graph, so no back-off holds it up.
    if (move === 'lose') return lose(resource, reason);
    if (move === 'yield') await recordAbsence(resource, reason);
    if (move === 'yield' || move === 'stay') settled(resource);
    const blockedUntil = memory.troubles.get(resource)?.retryAt.getTime() ?? 0;
    return blockedUntil > world.now().getTime() ? 'waits' : makeAtGraph(resource, decision, signal);
  };
};
