import { encodeBody, json, type SimulatedRequest, type SimulatedResponse } from '../http/exchange.js';
import { randomFrom } from '../random.js';
import { type GraphContext, graphError, refuse } from './graph-context.js';
import { jsonBody } from './object-routes.js';

/** Most items Graph takes in one batch. */
const batchLimit = 20;

type Item = {
  readonly id: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly dependsOn: ReadonlyArray<string>;
};

const malformed = (message: string): never => refuse(400, 'BadRequest', message);

const toItem = (given: unknown): Item => {
  if (typeof given !== 'object' || given === null) return malformed('Invalid batch payload format.');
  const { id, method, url, headers, body, dependsOn } = given as Readonly<Record<string, unknown>>;
  if (typeof id !== 'string' || typeof method !== 'string' || typeof url !== 'string' || id === '') {
    return malformed('Each request of a batch needs an id, a method and a url.');
  }
  const named = Object.entries((headers ?? {}) as Readonly<Record<string, unknown>>);
  const lower = Object.fromEntries(named.map(([name, value]) => [name.toLowerCase(), String(value)]));
  if (body !== undefined && lower['content-type'] === undefined) {
    return malformed(`Request '${id}' has a body and no Content-Type header.`);
  }
  const after = Array.isArray(dependsOn) ? dependsOn.map(String) : [];
  return { id, method: method.toUpperCase(), url, headers: lower, body, dependsOn: after };
};

const itemsOf = (request: SimulatedRequest): ReadonlyArray<Item> => {
  const given = jsonBody(request)['requests'];
  if (!Array.isArray(given) || given.length === 0) return malformed('Invalid batch payload format.');
  if (given.length > batchLimit) malformed(`Number of batch request steps exceeds the maximum value of ${batchLimit}.`);
  const items = given.map(toItem);
  if (new Set(items.map(({ id }) => id.toLowerCase())).size < items.length) malformed('Request ids must be unique.');
  for (const [index, { dependsOn }] of items.entries()) {
    const earlier = new Set(items.slice(0, index).map(({ id }) => id));
    if (dependsOn.some((id) => !earlier.has(id))) malformed('dependsOn names a request that does not come before.');
  }
  return items;
};

const toRequest = (item: Item, outer: SimulatedRequest): SimulatedRequest => {
  const url = item.url.replace(/^\/+/, '');
  const mark = url.indexOf('?');
  return {
    system: outer.system,
    method: item.method,
    path: `/v1.0/${mark < 0 ? url : url.slice(0, mark)}`,
    query: new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1)),
    headers: { ...item.headers, authorization: outer.headers['authorization'] ?? '' },
    body: item.body === undefined ? Buffer.alloc(0) : encodeBody(item.body),
    inBatch: true,
  };
};

/** Bytes travel as base64 text; JSON as itself. */
const batchedBody = (body: unknown): unknown => {
  if (body === undefined) return null;
  return Buffer.isBuffer(body) ? body.toString('base64') : body;
};

/** The casing of header names varies in what Graph answers. */
const batchedHeaders = (headers: Readonly<Record<string, string>>, upper: boolean): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      upper ? name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase()) : name,
      value,
    ]),
  );

export type BatchDispatch = (request: SimulatedRequest) => SimulatedResponse | Promise<SimulatedResponse>;

/** `POST /$batch`: the items are answered one by one and returned in any order; 200 says only that the batch was read. */
export const batch =
  (graph: GraphContext, dispatch: BatchDispatch) =>
  async ({ request }: { readonly request: SimulatedRequest }): Promise<SimulatedResponse> => {
    if (request.inBatch) malformed('Batches cannot be nested.');
    const items = itemsOf(request);
    const answers = new Map<string, SimulatedResponse>();
    const records = [];
    for (const item of items) {
      const blocked = item.dependsOn.some((id) => (answers.get(id)?.status ?? 424) >= 400);
      const inner = toRequest(item, request);
      const response = blocked
        ? graphError(424, 'FailedDependency', 'A request this one depends on has failed.')
        : await dispatch(inner);
      answers.set(item.id, response);
      const answerId = response.headers['request-id'];
      records.push({ method: inner.method, path: inner.path, status: response.status, answerId });
    }
    const random = randomFrom(graph.seed, `batch/${items.map(({ url }) => url).join(' ')}`);
    const upper = random.chance(0.5);
    const responses = random.shuffle(items).map(({ id }) => {
      const response = answers.get(id) ?? graphError(500, 'InternalServerError', '');
      return {
        id,
        status: response.status,
        headers: batchedHeaders(response.headers, upper),
        body: batchedBody(response.body),
      };
    });
    return { ...json(200, { responses }), items: records };
  };
