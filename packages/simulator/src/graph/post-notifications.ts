import type { GraphContext } from './graph-context.js';
import type { Subscription } from './subscriptions.js';

/** The shape of a basic notification (change-notifications-delivery-webhooks; without resource data). */
const itemOf = (subscription: Subscription, tenantId: string, id: string): Readonly<Record<string, unknown>> => {
  const [kind, type] = /users/i.test(subscription.resource) ? ['Users', 'User'] : ['Groups', 'Group'];
  return {
    changeType: 'updated',
    clientState: subscription.clientState,
    resource: `${kind}/${id}`,
    resourceData: { '@odata.type': `#Microsoft.Graph.${type}`, '@odata.id': `${kind}/${id}`, id },
    subscriptionExpirationDateTime: subscription.expirationDateTime,
    subscriptionId: subscription.id,
    tenantId,
  };
};

/**
 * Posts to each living subscription of the kind what Graph posts when these objects change; resolves with the statuses of
 * the answers. Graph may repeat, delay or lose notifications: here it is the caller who decides.
 */
export const postNotifications = async (
  graph: Pick<GraphContext, 'tenantId' | 'callEndpoint'>,
  subscriptions: ReadonlyArray<Subscription>,
  kind: 'users' | 'groups',
  ids: ReadonlyArray<string>,
): Promise<ReadonlyArray<number>> =>
  Promise.all(
    subscriptions
      .filter(({ resource }) => resource.toLowerCase().includes(kind))
      .map(async (subscription) => {
        const { status } = await graph.callEndpoint({
          url: new URL(subscription.notificationUrl),
          contentType: 'application/json; charset=utf-8',
          body: JSON.stringify({ value: ids.map((id) => itemOf(subscription, graph.tenantId, id)) }),
        });
        return status;
      }),
  );
