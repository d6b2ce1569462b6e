import type { LearnAmpFailure } from '@learnamp/directory-sync-domain';
import * as E from 'fp-ts/lib/Either.js';
import { attempt, type Answer, type Attempt, type HttpRequest } from './attempt.js';
import { retryAfterMs } from './backoff.js';
import { encodeBody, type Fields } from './encode-body.js';
import { attemptTimeout, retryWithin, type Verdict } from './retry-within.js';
import type { TokenSource } from './token-source.js';
import type { LearnAmpWorld } from '../rest/rest-settings.js';

/** One call of the API. `route` stands for it in messages, since a path or query may name a person. */
export type Exchange = {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly route: string;
  /** Below the base URL, each segment encoded. */
  readonly path: string;
  readonly query?: ReadonlyArray<readonly [string, string]> | undefined;
  readonly body?: Fields | undefined;
  /** The OAuth scope the endpoint asks for. */
  readonly scope: string;
};

/** No usable answer. `maybeApplied`: a write went out at least once and may have taken effect. */
export type NoAnswer = { readonly failure: LearnAmpFailure; readonly maybeApplied: boolean };

/** Answers are 2xx and the refusals that concern the request itself (4xx but 401, 403, 408 and 429). */
export type Send = (exchange: Exchange, signal?: AbortSignal) => Promise<E.Either<NoAnswer, Answer>>;

export type SendClient = {
  /** From `parseBaseUrl`. */
  readonly base: string;
  readonly encoding: 'form' | 'json';
  readonly patienceMs: number | undefined;
  readonly waitsAsTold?: boolean | undefined;
  readonly world: LearnAmpWorld;
  readonly tokens: TokenSource;
  /** Aborted when the client closes. */
  readonly closing: AbortSignal;
  readonly onRequest: () => void;
};

const buildRequest = ({ base, encoding }: SendClient, exchange: Exchange): HttpRequest | undefined => {
  const { method, path, query, body } = exchange;
  const search =
    query === undefined
      ? ''
      : `?${new URLSearchParams(query.map(([key, value]): [string, string] => [key, value])).toString()}`;
  const url = base + path + search;
  // The bearer leaves for the configured address alone, and for the path that was meant: an id like ".." changes it.
  const target = new URL(url);
  const root = new URL(base);
  if (target.origin !== root.origin || target.pathname !== root.pathname.replace(/\/$/, '') + path) return undefined;
  if (body === undefined) return { method, url, headers: { accept: 'application/json' } };
  const { contentType, text } = encodeBody(encoding, body);
  return { method, url, headers: { accept: 'application/json', 'content-type': contentType }, body: text };
};

const unaddressable = ({ route }: Exchange): NoAnswer => ({
  failure: { _tag: 'LearnAmpProtocol', detail: `${route} was not sent: the id cannot stand in an address.` },
  maybeApplied: false,
});

/** A web page with 403 is a proxy's or a firewall's: the API answers JSON, and nobody's scopes would change it. */
const forbidden = ({ route, scope }: Exchange, { body }: Answer): LearnAmpFailure =>
  body._tag === 'NotJson' && body.html ? blocked(route) : missingScope(route, scope);

const blocked = (route: string): LearnAmpFailure => ({
  _tag: 'LearnAmpProtocol',
  detail: `${route} answered with a web page (403): check learnAmp.baseUrl, and any proxy or firewall between.`,
  status: 403,
});

const missingScope = (route: string, scope: string): LearnAmpFailure => ({
  _tag: 'LearnAmpMissingScope',
  scope,
  detail: `Learn Amp does not allow ${route} to these credentials (403): give them the scope ${scope} in Company Settings > API and name it in learnAmp.auth.scope.`,
});

const unauthorised = ({ route }: Exchange): LearnAmpFailure => ({
  _tag: 'LearnAmpCredentials',
  detail: `Learn Amp refused the token for ${route} (401): check learnAmp.auth against Company Settings > API.`,
});

const redirected = ({ route }: Exchange, status: number): LearnAmpFailure => ({
  _tag: 'LearnAmpProtocol',
  detail: `${route} answered with a redirect (${String(status)}), which is not followed: check learnAmp.baseUrl.`,
});

type Ended = E.Either<LearnAmpFailure, Answer>;
const done = (value: Ended): Verdict<Ended> => ({ _tag: 'Done', value });

/**
 * Makes the one way to Learn Amp. What can pass is tried again within the patience; a POST only where nothing can have been
 * applied, because a second one could create a second account or send a second mail.
 *
 * Two things are shared by all calls of a client: a Retry-After holds everybody back, and once a call gave up, the
 * following ones get a single short attempt until Learn Amp answers again, so an outage costs its patience once and not per person.
 */
export const makeSend = (client: SendClient): Send => {
  const { world, patienceMs, tokens, closing } = client;
  let notBefore = 0;
  let toldAtMost = 0;
  let down = false;

  const timeout = (): number => Math.min(attemptTimeout(patienceMs), down ? 5000 : Infinity);

  /** How long a Retry-After that another call was told still lasts: never longer than was told, should the clock be set back. */
  const heldBack = (): number => Math.min(notBefore - world.now().getTime(), toldAtMost);

  const again = (detail: string, answer: Answer | undefined, spentMs: number): Verdict<Ended> => {
    const toldMs = answer === undefined ? undefined : retryAfterMs(answer.headers.get('retry-after'), world.now());
    if (toldMs !== undefined) {
      toldAtMost = Math.max(toldMs, heldBack());
      notBefore = world.now().getTime() + toldAtMost;
    }
    return { _tag: 'Again', because: answer?.status === 429 ? 'throttled' : 'unreachable', detail, toldMs, spentMs };
  };

  return async (exchange, signal) => {
    const request = buildRequest(client, exchange);
    if (request === undefined) return E.left(unaddressable(exchange));
    const signals = signal === undefined ? [closing] : [signal, closing];
    const isWrite = exchange.method !== 'GET';
    let maybeApplied = false;
    let renewed = false;
    let honoured = 0;

    const tryOnce = async (token: string): Promise<Attempt> => {
      client.onRequest();
      const headers = { ...request.headers, authorization: `Bearer ${token}` };
      return attempt(world.fetch, { ...request, headers }, { timeoutMs: timeout(), signals });
    };

    /** Waits for what this answer asks, which it then has not to wait for a second time. */
    const retry = (detail: string, answer: Answer | undefined, spentMs: number): Verdict<Ended> => {
      const verdict = again(detail, answer, spentMs);
      honoured = notBefore;
      return verdict;
    };

    /** An attempt that brought no usable answer; whether it may be repeated depends on what it may have done. */
    const lost = (detail: string, answer: Answer | undefined, spentMs: number): Verdict<Ended> => {
      maybeApplied ||= isWrite;
      const verdict = retry(detail, answer, spentMs);
      return exchange.method === 'POST' ? done(E.left({ _tag: 'LearnAmpUnreachable', detail })) : verdict;
    };

    const judge = async (answer: Answer, token: string): Promise<Verdict<Ended>> => {
      const { status } = answer;
      if (status === 401) {
        if (renewed || !tokens.refuse(token)) return done(E.left(unauthorised(exchange)));
        renewed = true;
        return once();
      }
      if (status === 403) return done(E.left(forbidden(exchange, answer)));
      if (status === 429) down = false;
      if (status === 429) return retry(`${exchange.route} answered 429.`, answer, 0);
      if (status === 408 || status >= 500) return lost(`${exchange.route} answered ${String(status)}.`, answer, 0);
      down = false;
      if (status < 200 || (status >= 300 && status < 400)) return done(E.left(redirected(exchange, status)));
      return done(E.right(answer));
    };

    const once = async (): Promise<Verdict<Ended>> => {
      const holdMs = heldBack();
      if (holdMs > 0 && notBefore !== honoured) {
        honoured = notBefore;
        const detail = `${exchange.route} waits as Learn Amp asked.`;
        return { _tag: 'Again', because: 'throttled', detail, toldMs: holdMs, spentMs: 0 };
      }
      const token = await tokens.token(signals);
      if (E.isLeft(token)) return done(token);
      const tried = await tryOnce(token.right);
      switch (tried._tag) {
        case 'Answered':
          return judge(tried.answer, token.right);
        case 'Aborted':
          maybeApplied ||= isWrite && tried.sent;
          return done(E.left({ _tag: 'LearnAmpAborted' }));
        case 'NotSent':
          return retry(`Learn Amp did not answer ${exchange.route} (${tried.detail}).`, undefined, 0);
        case 'Lost':
          return lost(`Learn Amp did not answer ${exchange.route} (${tried.detail}).`, undefined, tried.spentMs);
      }
    };

    const patience = { world, signals, waitsAsTold: client.waitsAsTold, patienceMs: () => (down ? 0 : patienceMs) };
    const outcome = await retryWithin(patience, once);
    if (E.isLeft(outcome) && outcome.left._tag === 'LearnAmpUnreachable') down = true;
    return E.mapLeft((failure: LearnAmpFailure): NoAnswer => ({ failure, maybeApplied }))(E.flatten(outcome));
  };
};
