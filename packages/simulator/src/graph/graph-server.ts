import { toSeconds } from '../clock.js';
import { json, Refusal, type SimulatedRequest, type SimulatedResponse } from '../http/exchange.js';
import type { FaultAction } from '../http/fault-plan.js';
import { matchRoute, pathSegments, type Route, route } from '../http/router.js';
import { randomFrom } from '../random.js';
import type { AccessTokens } from './access-tokens.js';
import type { makeAdminConsent } from './admin-consent.js';
import { batch } from './batch.js';
import { deltaRoute } from './delta-routes.js';
import type { DeltaTokens } from './delta-tokens.js';
import { type GraphContext, graphError, jsonType } from './graph-context.js';
import { groupRoutes } from './group-routes.js';
import { objectRoutes } from './object-routes.js';
import { photoRoutes } from './photo-routes.js';
import type { makeSubscriptions } from './subscriptions.js';
import { userRoutes } from './user-routes.js';

export type GraphServerParts = {
  readonly graph: GraphContext;
  readonly deltaTokens: DeltaTokens;
  readonly accessTokens: AccessTokens;
  readonly adminConsent: Pick<ReturnType<typeof makeAdminConsent>, 'endpoint'>;
  readonly subscriptions: ReturnType<typeof makeSubscriptions>;
  readonly strike: (request: SimulatedRequest) => FaultAction | undefined;
};

const deltaForms = ['delta', 'delta()', 'microsoft.graph.delta', 'microsoft.graph.delta()'];

/** `users('id')` and `users(id='…')` are other spellings of `users/id`. */
const plainSegments = (segments: ReadonlyArray<string>): ReadonlyArray<string> =>
  segments.flatMap((segment) => {
    const keyed = /^([a-z]+)\('(.*)'\)$/i.exec(segment);
    return keyed === null ? [segment] : [keyed[1] ?? '', keyed[2] ?? ''];
  });

/** Everything of the Graph origin: the API below `/v1.0` and the token endpoint beside it. */
export const makeGraphHandler = (
  parts: GraphServerParts,
): ((request: SimulatedRequest) => Promise<SimulatedResponse>) => {
  const { graph, accessTokens } = parts;

  const api: Route[] = [
    ...(['users', 'groups'] as const).flatMap((kind) =>
      deltaForms.map((form) => route('GET', `${kind}/${form}`, deltaRoute(graph, parts.deltaTokens, kind))),
    ),
    ...photoRoutes(graph),
    ...objectRoutes(graph),
    ...parts.subscriptions.routes,
    ...userRoutes(graph),
    ...groupRoutes(graph),
  ];

  const dispatch = (request: SimulatedRequest): SimulatedResponse | Promise<SimulatedResponse> => {
    const segments = pathSegments(request.path);
    if (segments === undefined) return graphError(400, 'BadRequest', 'The request path is malformed.');
    const [version, ...rest] = segments;
    if (version?.toLowerCase() !== 'v1.0') return graphError(400, 'BadRequest', `Invalid version: ${version ?? ''}.`);
    if (!accessTokens.isValid(request.headers['authorization'])) {
      const challenge = {
        'www-authenticate':
          'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize"',
      };
      return graphError(401, 'InvalidAuthenticationToken', 'Access token is missing, expired or invalid.', challenge);
    }
    const found = matchRoute(api, request.method, plainSegments(rest));
    switch (found.kind) {
      case 'found':
        return found.handle({ request, parameters: found.parameters });
      case 'wrong-method':
        return graphError(405, 'Request_BadRequest', 'Specified HTTP method is not allowed for the request target.');
      case 'none':
        return graphError(400, 'BadRequest', `Resource not found for the segment '${rest.at(-1) ?? ''}'.`);
    }
  };

  /** An item of a batch may be struck by the plan on its own. */
  const dispatchItem = async (request: SimulatedRequest): Promise<SimulatedResponse> => {
    const action = parts.strike(request);
    if (typeof action === 'object' && 'status' in action) {
      return { status: action.status, headers: action.headers ?? {}, body: action.body };
    }
    const response = finished(await guarded(() => dispatch(request)), request);
    return typeof action === 'object' && 'rewrite' in action ? action.rewrite(response, request) : response;
  };
  api.push(route('POST', '$batch', batch(graph, dispatchItem)));

  const guarded = async (work: () => SimulatedResponse | Promise<SimulatedResponse>): Promise<SimulatedResponse> => {
    try {
      return await work();
    } catch (cause) {
      if (cause instanceof Refusal) return cause.response;
      throw cause;
    }
  };

  /** Adds what each Graph answer carries: ids for support, the cost, and in errors the inner error. */
  const finished = (response: SimulatedResponse, request: SimulatedRequest): SimulatedResponse => {
    const requestId = randomFrom(graph.seed, `request/${graph.turn('request')}`).uuid();
    const clientRequestId = request.headers['client-request-id'] ?? requestId;
    const { error } = (response.status >= 400 ? response.body : {}) as { error?: Readonly<Record<string, unknown>> };
    const innerError = {
      date: toSeconds(graph.clock.now()).slice(0, 19),
      'request-id': requestId,
      'client-request-id': clientRequestId,
    };
    const isJson = typeof response.body === 'object' && !Buffer.isBuffer(response.body);
    return {
      ...response,
      headers: {
        'cache-control': 'no-cache',
        'request-id': requestId,
        'client-request-id': clientRequestId,
        'x-ms-resource-unit': '1',
        ...(isJson ? { 'content-type': jsonType, 'odata-version': '4.0' } : {}),
        ...response.headers,
      },
      body: error === undefined ? response.body : { error: { ...error, innerError } },
    };
  };

  return async (request) => {
    const [tenant = '', ...endpoint] = pathSegments(request.path) ?? [];
    if (request.system === 'token') {
      const path = endpoint.join('/').toLowerCase();
      if (path === 'v2.0/adminconsent' || path === 'adminconsent')
        return parts.adminConsent.endpoint(request, tenant, path !== 'adminconsent');
      if (path === 'v2.0/.well-known/openid-configuration') return accessTokens.openIdConfiguration(tenant);
      if (path !== 'oauth2/v2.0/token') return json(404, { error: 'not_found' });
      return request.method === 'POST'
        ? accessTokens.tokenEndpoint(request, tenant)
        : json(405, { error: 'invalid_request' });
    }
    return finished(await guarded(() => dispatch(request)), request);
  };
};

/** What is not below a version is the sign-in service. */
export const graphSystemOf = (path: string): 'graph' | 'token' =>
  /^\/(v1\.0|beta)(\/|$)/i.test(path) ? 'graph' : 'token';
