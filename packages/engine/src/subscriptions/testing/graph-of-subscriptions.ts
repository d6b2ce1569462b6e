import type {
  GraphFailure,
  GraphSubscription,
  SubscriptionClient,
  SubscriptionRefused,
} from '@learnamp/directory-sync-graph';
import * as E from 'fp-ts/lib/Either.js';

type Call = 'list' | 'create' | 'renew' | 'remove';
type Living = GraphSubscription & { readonly clientState: string };

/**
 * The rules of Graph's `/subscriptions` without the network: one for each resource and set of changes, an end, and whatever
 * failure a test asks for. `most` is the largest number that ever lived for one resource.
 */
export const makeGraphOfSubscriptions = (now: () => Date) => {
  const living = new Map<string, Living>();
  const calls: string[] = [];
  const faults: Array<{ readonly call: Call; readonly failure: GraphFailure | SubscriptionRefused | 'answer-lost' }> =
    [];
  let made = 0;
  let most = 0;
  const plain = (resource: string): string => resource.replace(/^\//, '').toLowerCase();
  const alive = (): ReadonlyArray<Living> => {
    for (const each of living.values()) {
      if (Date.parse(each.expiresAt) <= now().getTime()) living.delete(each.subscriptionId);
    }
    return [...living.values()];
  };
  /** Without the secret, as Graph shows it. */
  const shown = ({ subscriptionId, resource, changeType, notificationUrl, expiresAt }: Living): GraphSubscription => ({
    subscriptionId,
    resource,
    changeType,
    notificationUrl,
    expiresAt,
  });
  const put = (subscription: Living): GraphSubscription => {
    living.set(subscription.subscriptionId, subscription);
    const same = alive().filter(({ resource }) => plain(resource) === plain(subscription.resource));
    most = Math.max(most, same.length);
    return shown(subscription);
  };
  const struck = (call: Call, about = ''): GraphFailure | SubscriptionRefused | 'answer-lost' | undefined => {
    calls.push(about === '' ? call : `${call} ${about}`);
    const index = faults.findIndex((fault) => fault.call === call);
    return index < 0 ? undefined : faults.splice(index, 1)[0]?.failure;
  };
  const lostAnswer = { _tag: 'GraphUnreachable', detail: 'the answer was lost' } as const;
  const failed = (fault: GraphFailure | SubscriptionRefused): E.Either<GraphFailure, never> =>
    E.left(fault as GraphFailure);

  const promised =
    <A>(run: () => A) =>
    (): Promise<A> =>
      Promise.resolve(run());

  const client: SubscriptionClient = {
    list: () =>
      promised(() => {
        const fault = struck('list');
        if (fault !== undefined) return failed(fault === 'answer-lost' ? lostAnswer : fault);
        return E.right(alive().map(shown));
      }),
    create: (input) =>
      promised(() => {
        const fault = struck('create', input.resource);
        if (fault !== undefined && fault !== 'answer-lost') return E.left(fault);
        if (
          alive().some(
            ({ resource, changeType }) => plain(resource) === plain(input.resource) && changeType === 'updated,deleted',
          )
        ) {
          return E.left({ _tag: 'SubscriptionRefused', reason: 'duplicate', code: 'Conflict' });
        }
        made += 1;
        const { resource, notificationUrl, clientState, expiresAt } = input;
        const subscriptionId = `${plain(resource)}-${String(made)}`;
        const created = put({
          subscriptionId,
          resource: plain(resource),
          changeType: 'updated,deleted',
          notificationUrl,
          expiresAt,
          clientState,
        });
        return fault === 'answer-lost' ? E.left(lostAnswer) : E.right(created);
      }),
    renew: (subscriptionId, expiresAt) =>
      promised(() => {
        const fault = struck('renew', subscriptionId);
        if (fault !== undefined && fault !== 'answer-lost') return failed(fault);
        const before = alive().find((each) => each.subscriptionId === subscriptionId);
        if (before === undefined) return E.right(undefined);
        const renewed = put({ ...before, expiresAt });
        return fault === 'answer-lost' ? E.left(lostAnswer) : E.right(renewed);
      }),
    remove: (subscriptionId) =>
      promised(() => {
        const fault = struck('remove', subscriptionId);
        if (fault !== undefined && fault !== 'answer-lost') return failed(fault);
        living.delete(subscriptionId);
        return fault === 'answer-lost' ? E.left(lostAnswer) : E.right(undefined);
      }),
    close: () => Promise.resolve(),
  };

  return {
    client,
    alive,
    /** Calls since the last time. */
    newCalls: () => calls.splice(0),
    most: () => most,
    drop: (subscriptionId: string) => living.delete(subscriptionId),
    put,
    /** The next such call fails like this. */
    fault: (call: Call, failure: GraphFailure | SubscriptionRefused | 'answer-lost', times = 1) => {
      for (let n = 0; n < times; n += 1) faults.push({ call, failure });
    },
    clearFaults: () => faults.splice(0),
  };
};
