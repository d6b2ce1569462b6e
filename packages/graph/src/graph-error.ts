/** Graph's error envelope, read by status and code and never by message (https://learn.microsoft.com/graph/errors). */
import * as E from 'fp-ts/lib/Either.js';
import type { GraphFailure } from './directory-source.js';
import { permissionsFor } from './permissions.js';
import type { GraphAnswer } from './transport/exchange.js';

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const MOST_NESTED = 10;

/** The error object and its nested ones, outermost first; `innerError` comes in two spellings. */
const errorChain = (json: unknown): ReadonlyArray<Readonly<Record<string, unknown>>> => {
  const chain: Array<Readonly<Record<string, unknown>>> = [];
  let level = isRecord(json) ? json['error'] : undefined;
  while (isRecord(level) && chain.length < MOST_NESTED) {
    chain.push(level);
    level = level['innerError'] ?? level['innererror'];
  }
  return chain;
};

const CODE = /^[\w.-]{1,100}$/;

/** Every code of the envelope, outermost first, in the service's spelling. */
export const errorCodes = (json: unknown): ReadonlyArray<string> =>
  errorChain(json).flatMap(({ code }) => (typeof code === 'string' && CODE.test(code) ? [code] : []));

/** The code to show: the outermost one, or the status where the body has none. */
export const errorCode = (answer: Pick<GraphAnswer, 'status' | 'json'>): string =>
  errorCodes(answer.json)[0] ?? `http-${String(answer.status)}`;

export const hasErrorObject = (json: unknown): boolean => errorChain(json).length > 0;

const IDENTIFIER = /^[\w-]{1,100}$/;

/** Graph's own id of the request, for its support. */
export const requestIdOf = (answer: Pick<GraphAnswer, 'headers' | 'json'>): string | undefined => {
  const inBody = errorChain(answer.json).map((level) => level['request-id']);
  return [answer.headers.get('request-id'), answer.headers.get('x-ms-request-id'), ...inBody].find(
    (id): id is string => typeof id === 'string' && IDENTIFIER.test(id),
  );
};

/** The `Date` of an answer, ISO 8601. */
export const graphTimeOf = (headers: Headers): string | undefined => {
  const at = Date.parse(headers.get('date') ?? '');
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
};

const QUOTED = /['"`\u2018-\u201d]([\w./]{1,200})['"`\u2018-\u201d]/g;

/**
 * Which of the properties that were asked for a refusal names in quotes, itself or by a path below it, in any case. The
 * message itself is never shown, since it may repeat a name or an address: only a word that we sent ourselves comes back
 * out of it.
 */
export const refusedProperty = (json: unknown, asked: ReadonlyArray<string>): string | undefined => {
  const messages = errorChain(json).flatMap(({ message }) => (typeof message === 'string' ? [message] : []));
  const quoted = messages
    .flatMap((message) => [...message.slice(0, 2_000).matchAll(QUOTED)])
    .map(([, word = '']) => word.split(/[./]/)[0]?.toLowerCase() ?? '');
  return quoted.map((word) => asked.find((property) => property.toLowerCase() === word)).find((found) => found);
};

/**
 * An answer that is no success, as a failure of the resource `what` (a name such as `users/delta`, without ids of people).
 * `asked`: the properties of the query, where a refusal may be about one of them.
 */
export const failureOf = (answer: GraphAnswer, what: string, asked: ReadonlyArray<string> = []): GraphFailure => {
  const code = errorCode(answer);
  const requestId = requestIdOf(answer);
  switch (answer.status) {
    case 403:
      return { _tag: 'GraphForbidden', code, requestId, resource: what, needs: permissionsFor(what) };
    case 404:
    case 410:
      return { _tag: 'GraphNotFound', code, requestId };
    case 400: {
      const property = refusedProperty(answer.json, asked);
      const because = property === undefined ? '' : `: Microsoft Graph does not take the attribute "${property}"`;
      const refusedQuery = asked.length === 0 ? undefined : { property };
      return { _tag: 'GraphProtocol', detail: `${what} was refused (400 ${code})${because}`, requestId, refusedQuery };
    }
    // "Not supported": how a collection answers for a property that it cannot give (delta-query-overview, limitations).
    case 501: {
      const refusedQuery = asked.length === 0 ? undefined : { property: refusedProperty(answer.json, asked) };
      return { _tag: 'GraphProtocol', detail: `${what} answered 501 (${code})`, requestId, refusedQuery };
    }
    default:
      return { _tag: 'GraphProtocol', detail: `${what} answered ${String(answer.status)} (${code})`, requestId };
  }
};

/** A 2xx answer, or the failure it stands for. An error object under 200 is an error. */
export const successOf =
  (what: string) =>
  (answer: GraphAnswer): E.Either<GraphFailure, GraphAnswer> => {
    if (answer.status < 200 || answer.status > 299) return E.left(failureOf(answer, what));
    if (!hasErrorObject(answer.json)) return E.right(answer);
    const detail = `${what} answered ${String(answer.status)} with an error in its body (${errorCode(answer)})`;
    return E.left({ _tag: 'GraphProtocol', detail, requestId: requestIdOf(answer) });
  };
