/** Subscriptions to change notifications (https://learn.microsoft.com/graph/api/resources/subscription). */
import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { GraphFailure, ReadOptions } from '../directory-source.js';
import { failureOf, requestIdOf, successOf } from '../graph-error.js';
import { guardListLink } from '../link-guard.js';
import type { GraphAnswer } from '../transport/exchange.js';
import type { GraphTransport } from '../transport/graph-transport.js';
import { decodeSubscription, decodeSubscriptionList, subscriptionIdForm } from './decode-subscription.js';
import { refusalOf } from './subscription-refusal.js';
import type { SubscriptionRefused } from './subscription-refusal.js';

/** A live subscription of this app, as Graph shows it. `clientState` is not among it: Graph never shows it again. */
export type GraphSubscription = {
  readonly subscriptionId: string;
  /** As Graph spells it: `/users`, `users` and `Users` are one resource. */
  readonly resource: string;
  readonly changeType: string;
  readonly notificationUrl: string;
  /** ISO 8601, UTC. */
  readonly expiresAt: string;
};

export type NewSubscription = {
  readonly resource: '/users' | '/groups';
  readonly notificationUrl: string;
  /** Cannot be added later. */
  readonly lifecycleNotificationUrl: string;
  /** A secret of 128 characters at most, sent along with every notification. */
  readonly clientState: string;
  /** ISO 8601; at most `longestSubscriptionMs` ahead. */
  readonly expiresAt: string;
};

/**
 * Subscriptions of Microsoft Graph in one tenant (https://learn.microsoft.com/graph/api/resources/subscription).
 * Failures are values.
 */
export interface SubscriptionClient {
  /** All of the app's subscriptions in this tenant, other people's uses of the same app included. */
  readonly list: (options?: ReadOptions) => TE.TaskEither<GraphFailure, ReadonlyArray<GraphSubscription>>;
  /** Graph calls both URLs before it answers, so they must be served while this call is open. */
  readonly create: (
    input: NewSubscription,
    options?: ReadOptions,
  ) => TE.TaskEither<GraphFailure | SubscriptionRefused, GraphSubscription>;
  /** `undefined`: Graph does not know it any more. */
  readonly renew: (
    subscriptionId: string,
    expiresAt: string,
    options?: ReadOptions,
  ) => TE.TaskEither<GraphFailure, GraphSubscription | undefined>;
  /** Succeeds as well where it is gone already. */
  readonly remove: (subscriptionId: string, options?: ReadOptions) => TE.TaskEither<GraphFailure, void>;
  readonly close: () => Promise<void>;
}

/** Users and groups may be subscribed to for 41,760 minutes; two hours less leave room for a clock that is fast. */
export const longestSubscriptionMs = (41_760 - 120) * 60_000;

/** `updated` covers creation and soft deletion, `deleted` the final one; `created` is refused for both resources. */
export const subscribedChanges = 'updated,deleted';

const MOST_CLIENT_STATE = 128;
const MOST_PAGES = 100;

const odd = (answer: GraphAnswer, what: string): E.Either<GraphFailure, never> =>
  E.left({ _tag: 'GraphProtocol', detail: `${what} did not answer as documented`, requestId: requestIdOf(answer) });

const readOne = (answer: GraphAnswer, what: string): E.Either<GraphFailure, GraphSubscription> => {
  const found = decodeSubscription(answer.json);
  return found === undefined ? odd(answer, what) : E.right(found);
};

/**
 * A client of `/subscriptions` over a transport that others may share.
 *
 * @example
 * const subscriptions = openSubscriptionClient(transport);
 * const living = await subscriptions.list()();
 */
export const openSubscriptionClient = (transport: GraphTransport): SubscriptionClient => {
  const lease = transport.lease();
  const { ask } = lease;
  const collection = `${lease.base.url}/subscriptions`;
  const one = (subscriptionId: string): string => {
    if (!subscriptionIdForm.test(subscriptionId))
      throw new RangeError('a subscription id consists of letters, digits and hyphens');
    return `${collection}/${subscriptionId}`;
  };

  const list = async (options?: ReadOptions): Promise<E.Either<GraphFailure, ReadonlyArray<GraphSubscription>>> => {
    const found: GraphSubscription[] = [];
    let url = collection;
    for (let page = 1; ; page += 1) {
      const asked = await ask({ method: 'GET', url, expects: 'json' }, options);
      const answer = E.flatMap(successOf('subscriptions'))(asked);
      if (E.isLeft(answer)) return answer;
      const read = decodeSubscriptionList(answer.right.json);
      if (read === undefined || page > MOST_PAGES) return odd(answer.right, 'subscriptions');
      found.push(...read.subscriptions);
      if (read.nextLink === undefined) return E.right(found);
      const next = guardListLink(lease.base, collection, read.nextLink);
      if (E.isLeft(next)) return next;
      url = next.right;
    }
  };

  const create = async (
    { expiresAt, ...input }: NewSubscription,
    options?: ReadOptions,
  ): Promise<E.Either<GraphFailure | SubscriptionRefused, GraphSubscription>> => {
    if (input.clientState.length > MOST_CLIENT_STATE) {
      throw new RangeError(`clientState is longer than ${String(MOST_CLIENT_STATE)} characters`);
    }
    const body = { changeType: subscribedChanges, ...input, expirationDateTime: expiresAt };
    const asked = await ask({ method: 'POST', url: collection, body, expects: 'json' }, options);
    const refused = refusalOf(asked);
    if (refused !== undefined) return E.left(refused);
    const answer = E.flatMap(successOf('subscriptions'))(asked);
    if (E.isLeft(answer)) return answer;
    return readOne(answer.right, 'subscriptions');
  };

  const renew = async (
    subscriptionId: string,
    expiresAt: string,
    options?: ReadOptions,
  ): Promise<E.Either<GraphFailure, GraphSubscription | undefined>> => {
    const body = { expirationDateTime: expiresAt };
    const asked = await ask({ method: 'PATCH', url: one(subscriptionId), body, expects: 'json' }, options);
    if (E.isRight(asked) && asked.right.status === 404) return E.right(undefined);
    const answer = E.flatMap(successOf('subscriptions/{id}'))(asked);
    if (E.isLeft(answer)) return answer;
    return readOne(answer.right, 'subscriptions/{id}');
  };

  const remove = async (subscriptionId: string, options?: ReadOptions): Promise<E.Either<GraphFailure, void>> => {
    const asked = await ask({ method: 'DELETE', url: one(subscriptionId), expects: 'text' }, options);
    if (E.isLeft(asked)) return asked;
    const { status } = asked.right;
    return status === 404 || (status >= 200 && status < 300)
      ? E.right(undefined)
      : E.left(failureOf(asked.right, 'subscriptions/{id}'));
  };

  return {
    list: (options) => () => list(options),
    create: (input, options) => () => create(input, options),
    renew: (subscriptionId, expiresAt, options) => () => renew(subscriptionId, expiresAt, options),
    remove: (subscriptionId, options) => () => remove(subscriptionId, options),
    close: () => {
      lease.close();
      return Promise.resolve();
    },
  };
};
