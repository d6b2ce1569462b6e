import type { DirectoryEvent, Source } from '@learnamp/directory-sync-domain';
import type { EventEnvelope } from '@learnamp/directory-sync-event-sourcing';

/** What can be subscribed to, by the name of its source. */
export const resources: ReadonlyArray<Source> = ['users', 'groups'];

/** A subscription as the log knows it. Times are ISO 8601. */
export type KeptSubscription = {
  readonly subscriptionId: string;
  readonly expiresAt: string;
  /** When its present life began: creation, adoption or the last renewal. */
  readonly since: string;
  /** SHA-256 in hex of its `clientState`; `undefined` where it was never known. */
  readonly clientStateDigest: string | undefined;
};

export type FormerSubscription = KeptSubscription & { readonly endedAt: string };

/** Why there is no subscription, as the log says; polling goes on. */
export type Absence = { readonly reason: string; readonly at: string };

export type ResourceSubscriptions = {
  readonly current: KeptSubscription | undefined;
  /** Ended or replaced, latest last. Graph may still deliver in their name. */
  readonly former: ReadonlyArray<FormerSubscription>;
  readonly absence: Absence | undefined;
};

export type TenantSubscriptions = Readonly<Record<Source, ResourceSubscriptions>>;

const nothing: ResourceSubscriptions = { current: undefined, former: [], absence: undefined };
export const noSubscriptions: TenantSubscriptions = { users: nothing, groups: nothing };

const MOST_FORMER = 8;

/** Graph spells one resource in several ways: `/users`, `users`, `Users`. */
export const resourceOf = (spelled: string): Source | undefined =>
  resources.find((resource) => resource === spelled.replace(/^\//, '').toLowerCase());

const retire = (
  former: ReadonlyArray<FormerSubscription>,
  ended: KeptSubscription,
  endedAt: string,
): ReadonlyArray<FormerSubscription> =>
  [...former.filter(({ subscriptionId }) => subscriptionId !== ended.subscriptionId), { ...ended, endedAt }].slice(
    -MOST_FORMER,
  );

type EventOf<T extends DirectoryEvent['type']> = Extract<EventEnvelope<DirectoryEvent>, { readonly type: T }>;

const created = (state: ResourceSubscriptions, event: EventOf<'SubscriptionCreated'>): ResourceSubscriptions => {
  const { data, recordedAt } = event;
  const { subscriptionId, expiresAt } = data;
  const before = state.former.find((former) => former.subscriptionId === subscriptionId);
  const replaced = state.current?.subscriptionId === subscriptionId ? undefined : state.current;
  const former = state.former.filter((each) => each.subscriptionId !== subscriptionId);
  return {
    current: {
      subscriptionId,
      expiresAt,
      since: recordedAt,
      clientStateDigest: data.clientStateDigest ?? before?.clientStateDigest,
    },
    former: replaced === undefined ? former : retire(former, replaced, recordedAt),
    absence: undefined,
  };
};

const renewed = (state: ResourceSubscriptions, event: EventOf<'SubscriptionRenewed'>): ResourceSubscriptions =>
  state.current?.subscriptionId === event.data.subscriptionId
    ? { ...state, current: { ...state.current, expiresAt: event.data.expiresAt, since: event.recordedAt } }
    : state;

const lost = (state: ResourceSubscriptions, event: EventOf<'SubscriptionLost'>): ResourceSubscriptions => {
  const { data, recordedAt: at } = event;
  const absence = { reason: data.reason, at };
  if (data.subscriptionId === '') return state.current === undefined ? { ...state, absence } : state;
  return state.current?.subscriptionId === data.subscriptionId
    ? { current: undefined, former: retire(state.former, state.current, at), absence }
    : state;
};

const change = (state: ResourceSubscriptions, event: EventEnvelope<DirectoryEvent>): ResourceSubscriptions => {
  if (event.type === 'SubscriptionCreated') return created(state, event);
  if (event.type === 'SubscriptionRenewed') return renewed(state, event);
  if (event.type === 'SubscriptionLost') return lost(state, event);
  return state;
};

/** Folds the stream of a tenant. What it does not know, or is about another resource, changes nothing. */
export const evolveTenantSubscriptions = (
  state: TenantSubscriptions,
  event: EventEnvelope<DirectoryEvent>,
): TenantSubscriptions => {
  const resource = 'resource' in event.data ? resourceOf(event.data.resource) : undefined;
  if (resource === undefined) return state;
  const after = change(state[resource], event);
  return after === state[resource] ? state : { ...state, [resource]: after };
};
