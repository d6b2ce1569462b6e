import { makeMemoryInbox } from '@learnamp/directory-sync-event-sourcing';
import type { InboxMark, NotificationInbox } from '@learnamp/directory-sync-event-sourcing';
import { clientStateDigest } from '../client-state.js';
import { makeNotificationHandler } from '../notification-handler.js';
import type { KnownSubscription, NotificationHandler, NotificationHandlerOptions } from '../notification-handler.js';

export const contoso = '0cea0ab7-2234-4f57-bc80-4d3e66df4791';
export const fabrikam = '7d96d549-841b-4092-9c09-89abae4c860c';

const subscription = (
  subscriptionId: string,
  tenantId: string,
  resource: 'users' | 'groups',
  ...secrets: ReadonlyArray<string>
): KnownSubscription => ({ subscriptionId, tenantId, resource, clientStateDigests: secrets.map(clientStateDigest) });

/** Secrets are `<who>-<resource>`; the users of contoso have a second one, which is about to replace the first. */
export const subscriptions = {
  contosoUsers: subscription('f43589a8-2107-4c5d-9c24-eea6301f162b', contoso, 'users', 'contoso-users', 'contoso-next'),
  contosoGroups: subscription('26a5aadf-b10d-425c-98a4-aa9c2e0b0b45', contoso, 'groups', 'contoso-groups'),
  fabrikamUsers: subscription('092ba742-89d2-4417-a4c7-c120db062842', fabrikam, 'users', 'fabrikam-users'),
};

/** A user's notification as Graph sends it, and what a test changes in it; `undefined` takes a field away. */
export const userChanged = (more: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> => ({
  changeType: 'updated',
  clientState: 'contoso-users',
  resource: 'Users/72b08237-30f1-4fbe-be57-1df593448f7a',
  resourceData: {
    '@odata.type': '#Microsoft.Graph.User',
    '@odata.id': 'Users/72b08237-30f1-4fbe-be57-1df593448f7a',
    id: '72b08237-30f1-4fbe-be57-1df593448f7a',
    organizationId: contoso,
    sequenceNumber: 638059995676961300n.toString(),
  },
  subscriptionExpirationDateTime: '2022-12-10T10:23:45.9356913-08:00',
  subscriptionId: subscriptions.contosoUsers.subscriptionId,
  tenantId: contoso,
  ...more,
});

export const groupChanged = (more: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> => ({
  changeType: 'updated',
  clientState: 'contoso-groups',
  resource: 'Groups/0bc7d487-fd6f-41a0-8362-71ec81074f11',
  resourceData: {
    '@odata.type': '#Microsoft.Graph.Group',
    '@odata.id': 'Groups/0bc7d487-fd6f-41a0-8362-71ec81074f11',
    id: '0bc7d487-fd6f-41a0-8362-71ec81074f11',
    organizationId: contoso,
    'members@delta': [
      { id: '4d147cc8-10cb-4158-ac52-90ee8ff9d846' },
      { id: '4d147cc8-10cb-4158-ac52-90ee8ff9d846', '@removed': 'deleted' },
    ],
  },
  subscriptionExpirationDateTime: '2025-02-02T11:00:00+00:00',
  subscriptionId: subscriptions.contosoGroups.subscriptionId,
  tenantId: contoso,
  ...more,
});

export const bodyOf = (...items: ReadonlyArray<unknown>): string => JSON.stringify({ value: items });

/** A handler over an inbox in memory that tells what it was asked to do. */
export const makeTestHandler = (
  more: Partial<NotificationHandlerOptions> = {},
): {
  readonly handler: NotificationHandler;
  readonly inbox: NotificationInbox;
  readonly marks: InboxMark[][];
  readonly told: string[];
  readonly lookups: string[];
  readonly post: (
    body: string | Uint8Array<ArrayBuffer>,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<Response>;
} => {
  const inner = more.inbox ?? makeMemoryInbox();
  const marks: InboxMark[][] = [];
  const told: string[] = [];
  const lookups: string[] = [];
  const byId = new Map(Object.values(subscriptions).map((known) => [known.subscriptionId, known]));
  const inbox: NotificationInbox = {
    ...inner,
    mark: async (given) => {
      await inner.mark(given);
      marks.push([...given]);
    },
  };
  const handler = makeNotificationHandler({
    known: (id) => {
      lookups.push(id);
      return byId.get(id);
    },
    onMarked: (tenantId) => told.push(`marked ${tenantId}`),
    onLifecycle: (tenantId, id, event) => told.push(`${event} ${tenantId} ${id}`),
    now: () => new Date('2026-03-04T05:06:07.890Z'),
    ...more,
    inbox,
  });
  return {
    handler,
    inbox,
    marks,
    told,
    lookups,
    post: (body, headers = {}) => handler(new Request('https://host/notifications', { method: 'POST', body, headers })),
  };
};
