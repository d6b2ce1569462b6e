import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { GraphSubscription } from './subscription-client.js';

const Subscription = t.type({
  id: t.string,
  resource: t.string,
  changeType: t.string,
  notificationUrl: t.string,
  expirationDateTime: t.string,
});

/** Ids are GUIDs; what is put into a path is checked nevertheless. */
export const subscriptionIdForm = /^[A-Za-z0-9-]{1,100}$/;

const List = t.intersection([
  t.type({ value: t.array(t.unknown) }),
  t.partial({ '@odata.nextLink': t.union([t.string, t.null]) }),
]);

/** Graph writes dates with up to seven digits behind the second, and sometimes with an offset. */
const isoOf = (text: string): string | undefined => {
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
};

export const decodeSubscription = (json: unknown): GraphSubscription | undefined => {
  const read = Subscription.decode(json);
  if (E.isLeft(read)) return undefined;
  const { id, expirationDateTime, resource, changeType, notificationUrl } = read.right;
  const expiresAt = isoOf(expirationDateTime);
  return !subscriptionIdForm.test(id) || expiresAt === undefined
    ? undefined
    : { subscriptionId: id, resource, changeType, notificationUrl, expiresAt };
};

/** One of another use of the same app, of messages or events say: its other fields are none of ours. */
const isOfAnotherResource = (item: unknown): boolean =>
  typeof item === 'object' &&
  item !== null &&
  'resource' in item &&
  typeof item.resource === 'string' &&
  !/^\/?(users|groups)(\/|$)/i.test(item.resource);

/**
 * `undefined` where anything of it that may be ours is not as documented: half a list would make a live subscription look lost.
 */
export const decodeSubscriptionList = (
  json: unknown,
): { readonly subscriptions: ReadonlyArray<GraphSubscription>; readonly nextLink: string | undefined } | undefined => {
  const list = List.decode(json);
  if (E.isLeft(list)) return undefined;
  const read = list.right.value
    .map((item) => decodeSubscription(item) ?? (isOfAnotherResource(item) ? 'not ours' : undefined))
    .filter((each) => each !== 'not ours');
  const subscriptions = read.filter((each) => each !== undefined);
  return subscriptions.length === read.length
    ? { subscriptions, nextLink: list.right['@odata.nextLink'] ?? undefined }
    : undefined;
};
