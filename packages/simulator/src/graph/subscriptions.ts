import { json, noContent, type SimulatedResponse } from '../http/exchange.js';
import { type Route, route } from '../http/router.js';
import { randomFrom } from '../random.js';
import { context, type GraphContext, refuse } from './graph-context.js';
import { jsonBody } from './object-routes.js';
import { postNotifications } from './post-notifications.js';
import { validateEndpoint } from './validate-endpoint.js';

export type Subscription = {
  readonly id: string;
  readonly changeType: string;
  readonly notificationUrl: string;
  readonly lifecycleNotificationUrl: string | null;
  readonly resource: string;
  readonly expirationDateTime: string;
  readonly clientState: string | null;
};

export interface Subscriptions {
  readonly list: () => ReadonlyArray<Subscription>;
  /** As if it had expired or been removed by the service. */
  readonly drop: (id: string) => void;
  /** Posts that these objects changed to whoever subscribed to their kind; resolves with the statuses of the answers. */
  readonly notify: (kind: 'users' | 'groups', ids: ReadonlyArray<string>) => Promise<ReadonlyArray<number>>;
}

/** Users and groups: under 29 days. */
const longestMinutes = 41_760;
const shortestMinutes = 45;
const mostOfOneTenant = 100;

const resourceForm = /^\/?(users|groups)(\/[0-9a-f-]{36}(\/(members|owners))?)?$/i;

const invalid = (message: string): never => refuse(400, 'InvalidRequest', message);

const textOf = (value: unknown, name: string): string =>
  typeof value === 'string' && value !== '' ? value : invalid(`Subscription '${name}' is required.`);

const changeTypes = (given: string): string => {
  const names = given.split(',').map((name) => name.trim());
  const odd = names.find((name) => name !== 'updated' && name !== 'deleted');
  if (odd !== undefined) invalid(`Invalid 'changeType' attribute: '${odd}'.`);
  return names.join(',');
};

const endpoint = (value: unknown, name: string): string => {
  const given = textOf(value, name);
  const url = URL.canParse(given) ? new URL(given) : invalid(`The ${name} is not a valid URL.`);
  // The simulator calls nobody but this machine, and there it takes plain HTTP.
  if (!['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)) invalid(`The ${name} could not be reached.`);
  return given;
};

export const makeSubscriptions = (graph: GraphContext): Subscriptions & { readonly routes: ReadonlyArray<Route> } => {
  const kept = new Map<string, Subscription>();
  const now = (): number => graph.clock.now().getTime();
  const living = (): Subscription[] => {
    for (const { id, expirationDateTime } of kept.values()) {
      if (Date.parse(expirationDateTime) <= now()) kept.delete(id);
    }
    return [...kept.values()];
  };

  const expiration = (value: unknown): string => {
    const wanted = Date.parse(textOf(value, 'expirationDateTime'));
    if (Number.isNaN(wanted)) invalid("Subscription 'expirationDateTime' is no date.");
    if (wanted > now() + longestMinutes * 60_000)
      invalid('Subscription expiration can only be 41760 minutes in the future.');
    return new Date(Math.max(wanted, now() + shortestMinutes * 60_000)).toISOString();
  };

  const view = (subscription: Subscription, withState: boolean): Readonly<Record<string, unknown>> => ({
    id: subscription.id,
    resource: subscription.resource,
    applicationId: graph.clientId,
    changeType: subscription.changeType,
    clientState: withState ? subscription.clientState : null,
    notificationUrl: subscription.notificationUrl,
    notificationQueryOptions: null,
    lifecycleNotificationUrl: subscription.lifecycleNotificationUrl,
    expirationDateTime: subscription.expirationDateTime,
    creatorId: graph.clientId,
    includeResourceData: null,
    latestSupportedTlsVersion: 'v1_2',
    encryptionCertificate: null,
    encryptionCertificateId: null,
    notificationUrlAppId: null,
  });
  const entity = (status: number, subscription: Subscription): SimulatedResponse =>
    json(status, { '@odata.context': context(graph, 'subscriptions/$entity'), ...view(subscription, true) });

  const find = (id: string): Subscription =>
    living().find((subscription) => subscription.id === id.toLowerCase()) ??
    refuse(404, 'ResourceNotFound', 'The object was not found.');

  const handshake = async (urls: ReadonlyArray<string | null>): Promise<void> => {
    for (const url of urls) {
      if (url === null) continue;
      const token = `Validation: Testing client application reachability for subscription Request-Id: ${randomFrom(graph.seed, `validation/${graph.turn('validation')}`).uuid()}`;
      const outcome = await validateEndpoint(graph.callEndpoint, url, token);
      if (outcome === 'timed-out') invalid('Subscription validation request timed out.');
      if (outcome === 'failed')
        invalid('Subscription validation request failed. Must respond with 200 OK to this request.');
    }
  };

  const permissionFor = (resource: string): void => {
    const needed = /^\/?users/i.test(resource) ? 'users' : 'group-subscriptions';
    if (!graph.directory.permitted(needed)) {
      refuse(403, 'ExtensionError', 'Operation: Create; Exception: [Status Code: Forbidden; Reason: Access denied.]');
    }
  };

  const routes = [
    route('POST', 'subscriptions', async ({ request }) => {
      const body = jsonBody(request);
      const resource = textOf(body['resource'], 'resource');
      if (!resourceForm.test(resource)) invalid(`Unsupported resource '${resource}'.`);
      const changeType = changeTypes(textOf(body['changeType'], 'changeType'));
      const expirationDateTime = expiration(body['expirationDateTime']);
      const notificationUrl = endpoint(body['notificationUrl'], 'notificationUrl');
      const lifecycle = body['lifecycleNotificationUrl'];
      const lifecycleNotificationUrl =
        lifecycle === undefined || lifecycle === null ? null : endpoint(lifecycle, 'lifecycleNotificationUrl');
      const state = body['clientState'];
      if (state !== undefined && state !== null && (typeof state !== 'string' || state.length > 128)) {
        invalid("Subscription 'clientState' is too long.");
      }
      permissionFor(resource);
      const plain = (name: string): string => name.replace(/^\//, '').toLowerCase();
      const twin = living().find(
        (other) => plain(other.resource) === plain(resource) && other.changeType === changeType,
      );
      if (twin !== undefined) {
        return refuse(409, 'Conflict', `Subscription Id <${twin.id}> already exists for the requested combination`);
      }
      if (living().length >= mostOfOneTenant) {
        refuse(
          403,
          'ExtensionError',
          'Operation: Create; Exception: [Status Code: Forbidden; Reason: Maximum number of subscriptions has been reached]',
        );
      }
      await handshake([notificationUrl, lifecycleNotificationUrl]);
      const subscription: Subscription = {
        id: randomFrom(graph.seed, `subscription/${graph.turn('subscription')}`).uuid(),
        changeType,
        notificationUrl,
        lifecycleNotificationUrl,
        resource,
        expirationDateTime,
        clientState: typeof state === 'string' ? state : null,
      };
      kept.set(subscription.id, subscription);
      return entity(201, subscription);
    }),
    route('GET', 'subscriptions', () =>
      json(200, {
        '@odata.context': context(graph, 'subscriptions'),
        value: living().map((subscription) => view(subscription, false)),
      }),
    ),
    route('GET', 'subscriptions/:', ({ parameters: [id = ''] }) => entity(200, find(id))),
    route('PATCH', 'subscriptions/:', async ({ request, parameters: [id = ''] }) => {
      const before = find(id);
      const body = jsonBody(request);
      if ('lifecycleNotificationUrl' in body) invalid('lifecycleNotificationUrl cannot be changed.');
      const moved = body['notificationUrl'];
      const notificationUrl = moved === undefined ? before.notificationUrl : endpoint(moved, 'notificationUrl');
      const wanted = body['expirationDateTime'];
      const expirationDateTime = wanted === undefined ? before.expirationDateTime : expiration(wanted);
      if (moved !== undefined) await handshake([notificationUrl]);
      const after = { ...before, notificationUrl, expirationDateTime };
      kept.set(before.id, after);
      return entity(200, after);
    }),
    route('DELETE', 'subscriptions/:', ({ parameters: [id = ''] }) => {
      kept.delete(find(id).id);
      return noContent();
    }),
    route('POST', 'subscriptions/:/reauthorize', ({ parameters: [id = ''] }) => {
      find(id);
      return noContent();
    }),
  ];
  return {
    routes,
    list: living,
    drop: (id) => {
      kept.delete(id);
    },
    notify: (kind, ids) => postNotifications(graph, living(), kind, ids),
  };
};
