/** The chain of the Graph client: link guard, retry behind the throttle gate, sign-in per attempt, and the wire. */
import type { Context, Middleware } from '@microsoft/microsoft-graph-client';
import * as E from 'fp-ts/lib/Either.js';
import { errorCode, requestIdOf } from '../graph-error.js';
import type { GraphBase } from '../graph-base.js';
import type { GraphWorld } from '../graph-settings.js';
import { guardTarget } from '../link-guard.js';
import type { TokenSource } from '../sign-in/token-source.js';
import { exchangeOf, middleware } from './exchange.js';
import type { Exchange, GraphAnswer, GraphRequest } from './exchange.js';
import { againAfter } from './again-after.js';
import { parseJson } from './parse-json.js';
import type { ParsedJson } from './parse-json.js';
import { isTransient, timeoutWithin } from './retry-policy.js';
import { sendOnce } from './send-once.js';
import type { Received } from './send-once.js';
import type { Governor, TurnReport } from './governor.js';
import { failed, settled, unreachableFor, untilSettled } from './until-settled.js';
import type { Attempt } from './until-settled.js';

/** First in the chain: nothing behind it, the sign-in least of all, sees a URL outside the configured Graph. */
export const linkGuard = (base: GraphBase): Middleware =>
  middleware(async (exchange, _context, next) => {
    const guarded = guardTarget(base, exchange.request.url);
    if (E.isLeft(guarded)) exchange.outcome = guarded;
    else await next();
  });

// Behind a call, since the chain writes what the type checker saw cleared a moment ago.
const attemptOf = (exchange: Exchange): Attempt<GraphAnswer> =>
  exchange.attempt ?? unreachableFor('the request was not sent');

/** What an attempt says about Graph. A failed sign-in, and what was aborted, say nothing. */
const reportOf = ({ attempt, patience }: Exchange): TurnReport => {
  if (attempt === undefined || patience.signal.aborted) return { _tag: 'Unsent' };
  if (attempt._tag === 'Again') {
    return attempt.cause === 'throttled' ? { _tag: 'Throttled', waitMs: attempt.waitMs } : { _tag: 'Unreachable' };
  }
  return E.isRight(attempt.result) ? { _tag: 'Answered' } : { _tag: 'Unsent' };
};

/** Each attempt takes its turn: while one waits to ask again, others go. */
export const retrying = (world: GraphWorld, governor: Governor): Middleware =>
  middleware(async (exchange, _context, next) => {
    const attempt = async (): Promise<Attempt<GraphAnswer>> => {
      exchange.attempt = undefined;
      const entered = await governor.enter(exchange.priority, exchange.patience, exchange.reader?.name);
      if (E.isLeft(entered)) return settled(entered);
      try {
        await next();
      } finally {
        entered.right.leave(reportOf(exchange));
      }
      return attemptOf(exchange);
    };
    // The gate is passed together with the turn, so this one only learns what was told.
    const gate = { closedUntil: () => 0, closeFor: governor.closeFor };
    exchange.outcome = await untilSettled(attempt, { patience: exchange.patience, gate, world });
  });

const setBearer = (context: Context, token: string): void => {
  const headers = new Headers(context.options?.headers);
  headers.set('Authorization', `Bearer ${token}`);
  context.options = { ...context.options, headers };
};

/** An exchange on its way, for those who send it once more. */
type Sending = { readonly exchange: Exchange; readonly context: Context; readonly next: () => Promise<void> };

const answerOf = (attempt: Attempt<GraphAnswer> | undefined, status: 401 | 403): GraphAnswer | undefined =>
  attempt?._tag === 'Settled' && E.isRight(attempt.result) && attempt.result.right.status === status
    ? attempt.result.right
    : undefined;

/** What was denied stays the answer where there is no newer token, or it could not be had. */
const againAfterDenial = async (tokens: TokenSource, denied: string, sent: Sending): Promise<void> => {
  const granted = await tokens.renewAfterDenial(denied, sent.exchange.patience);
  if (E.isLeft(granted) || granted.right === undefined) return;
  setBearer(sent.context, granted.right);
  await sent.next();
};

const againAfterRefusal = async (tokens: TokenSource, first: string, sent: Sending): Promise<void> => {
  const { exchange } = sent;
  const second = await tokens.renew(first, exchange.patience);
  if (E.isLeft(second)) {
    exchange.attempt = failed(second.left);
    return;
  }
  if (second.right !== undefined) {
    setBearer(sent.context, second.right);
    await sent.next();
  }
  const refused = answerOf(exchange.attempt, 401);
  if (refused !== undefined) {
    const detail = 'Microsoft Graph refused the access token';
    const given = second.right === undefined ? { auth: 'token' as const } : {};
    exchange.attempt = failed({ _tag: 'GraphCredentials', code: errorCode(refused), detail, ...given });
  }
};

/**
 * Attaches the token: the client's own handler does so for https addresses of the public clouds only. A 401 is answered
 * by one new token in the same attempt, a 403 likewise where permissions may have been granted since the token was issued;
 * a second answer stands.
 */
export const signingIn = (tokens: TokenSource): Middleware =>
  middleware(async (exchange, context, next) => {
    const first = await tokens.current(exchange.patience);
    if (E.isLeft(first)) {
      exchange.attempt = failed(first.left);
      return;
    }
    setBearer(context, first.right);
    await next();
    const sent = { exchange, context, next };
    if (answerOf(exchange.attempt, 403) !== undefined) await againAfterDenial(tokens, first.right, sent);
    else if (answerOf(exchange.attempt, 401) !== undefined) await againAfterRefusal(tokens, first.right, sent);
  });

/** Judges one answer. A success whose JSON broke off is no success: it may pass, so it is asked again. */
const judge = (received: Received, expects: GraphRequest['expects'], now: number): Attempt<GraphAnswer> => {
  const { status } = received;
  const requestId = requestIdOf({ headers: received.headers, json: undefined });
  if (status === 0 || (status >= 300 && status < 400 && expects !== 'bytes')) {
    const detail = `Microsoft Graph answered with a redirect (${String(status)}), which is not followed`;
    return failed({ _tag: 'GraphProtocol', detail, requestId });
  }
  if (isTransient(status)) {
    return { ...againAfter(received, now), detail: `Microsoft Graph answered ${String(status)}`, requestId };
  }
  return readAnswer(received, expects, requestId);
};

/** Why a success is none: what will be no better is refused, what broke off or is no JSON is asked for again. */
const troubleOf = (
  received: Received,
  parsed: ParsedJson,
  expects: GraphRequest['expects'],
  requestId: string | undefined,
): Attempt<never> | undefined => {
  const refuse = (detail: string): Attempt<never> =>
    failed({ _tag: 'GraphProtocol', detail: `the answer ${detail}`, requestId });
  if (received.refused === true) return refuse(received.detail);
  if (received.text === undefined) return unreachableFor(`an answer broke off: ${received.detail}`, requestId);
  if (expects !== 'json' || parsed._tag === 'Json') return undefined;
  return parsed._tag === 'Refused'
    ? refuse(parsed.detail)
    : unreachableFor('Microsoft Graph answered with a body that is not JSON', requestId);
};

const readAnswer = (
  received: Received,
  expects: GraphRequest['expects'],
  requestId: string | undefined,
): Attempt<GraphAnswer> => {
  const { status, headers, text = '', bytes } = received;
  const parsed = parseJson(text);
  const trouble = status < 200 || status > 299 ? undefined : troubleOf(received, parsed, expects, requestId);
  const json = parsed._tag === 'Json' ? parsed.value : undefined;
  return trouble ?? settled(E.right({ status, headers, text, json, ...(bytes === undefined ? {} : { bytes }) }));
};

/**
 * Last in the chain: one HTTP request, counted, with an id of its own for Graph's support. The URL is the one that was
 * asked for, not the client's rebuilt one. `fetch` itself escapes blanks, quotes, angle brackets and what is not ASCII
 * in a query, which means the same; everything else goes over the wire as it stands.
 */
export const wire = (world: GraphWorld, governor: Governor): Middleware => ({
  execute: async (context) => {
    const exchange = exchangeOf(context);
    const { request, patience } = exchange;
    const headers = new Headers(context.options?.headers);
    headers.set('client-request-id', world.newId());
    if (exchange.priority !== 'normal')
      headers.set('x-ms-throttle-priority', exchange.priority === 'low' ? 'Low' : 'High');
    const { method, body } = context.options ?? {};
    exchange.onSent();
    const sent = await sendOnce(
      exchange.reader?.fetch ?? world.fetch,
      request.url,
      { method: method ?? 'GET', headers, body: body ?? null },
      {
        timeoutMs: timeoutWithin(patience.left()),
        signal: patience.signal,
        atMostBytes: request.expects === 'bytes' ? (request.atMostBytes ?? 0) : undefined,
      },
    );
    if (sent._tag === 'Received') governor.observe(sent.received.status, sent.received.headers);
    exchange.attempt =
      sent._tag === 'Lost' ? unreachableFor(sent.detail) : judge(sent.received, request.expects, world.now().getTime());
  },
});
