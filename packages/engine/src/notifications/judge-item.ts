import { matchesAnyDigest } from './client-state.js';
import type { NotificationItem } from './notification-items.js';

/** What is known of a subscription that Graph may send notifications for. */
export type KnownSubscription = {
  readonly subscriptionId: string;
  readonly tenantId: string;
  readonly resource: 'users' | 'groups';
  /** SHA-256 of each `clientState` that is valid now, in hexadecimal digits: two while one replaces another. */
  readonly clientStateDigests: ReadonlyArray<string>;
};

/** Why an item was dropped. All but `malformed` count as forged. */
export type DropReason = 'malformed' | 'unknownSubscription' | 'clientState' | 'tenant' | 'resource';

export type Verdict =
  | { readonly _tag: 'Changed'; readonly known: KnownSubscription }
  | { readonly _tag: 'ReauthorizationRequired'; readonly known: KnownSubscription }
  /** Genuine, of a kind that nobody here knows. */
  | { readonly _tag: 'Ignored' }
  | { readonly _tag: 'Dropped'; readonly reason: DropReason };

const sameId = (a: string | undefined, b: string): boolean => a?.toLowerCase() === b.toLowerCase();

const verdictOf = ({ kind }: NotificationItem, known: KnownSubscription): Verdict => {
  if (kind._tag === 'Change') return { _tag: 'Changed', known };
  switch (kind.event) {
    case 'reauthorizationrequired':
      return { _tag: 'ReauthorizationRequired', known };
    // Documented for other resources only. Both say that something was not told: a round finds it.
    case 'missed':
    case 'subscriptionremoved':
      return { _tag: 'Changed', known };
    default:
      return { _tag: 'Ignored' };
  }
};

/**
 * Whether an item comes from Graph: its subscription is known, `clientState` is the subscription's, tenant and resource
 * are the subscription's. Every check is made whatever the others say, so the time tells nobody which one failed.
 * Lifecycle items may leave the resource empty.
 */
export const judgeItem = (
  item: NotificationItem | undefined,
  lookUp: (subscriptionId: string) => KnownSubscription | undefined,
): Verdict => {
  if (item === undefined) return { _tag: 'Dropped', reason: 'malformed' };
  const known = lookUp(item.subscriptionId) ?? lookUp(item.subscriptionId.toLowerCase());
  const rightState = matchesAnyDigest(item.clientState, known?.clientStateDigests);
  const rightTenant = sameId(item.tenantId, known?.tenantId ?? '');
  const open = item.kind._tag === 'Lifecycle' && item.resource === undefined;
  const rightResource = open || item.resource === known?.resource;
  if (known === undefined) return { _tag: 'Dropped', reason: 'unknownSubscription' };
  if (!rightState) return { _tag: 'Dropped', reason: 'clientState' };
  if (!rightTenant) return { _tag: 'Dropped', reason: 'tenant' };
  if (!rightResource) return { _tag: 'Dropped', reason: 'resource' };
  return verdictOf(item, known);
};
