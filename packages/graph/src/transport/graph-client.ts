import { Client, ResponseType } from '@microsoft/microsoft-graph-client';
import * as E from 'fp-ts/lib/Either.js';
import type { GraphFailure, ReadOptions } from '../directory-source.js';
import type { GraphBase } from '../graph-base.js';
import type { GraphWorld } from '../graph-settings.js';
import type { TokenSource } from '../sign-in/token-source.js';
import { exchangeOption } from './exchange.js';
import type { Exchange, GraphAnswer, GraphRequest } from './exchange.js';
import { linkGuard, retrying, signingIn, wire } from './middlewares.js';
import { makePatience } from './patience.js';
import type { ThrottleGate } from './throttle-gate.js';

/** Asks Graph once, with everything that can pass retried: the answer whatever its status, or a failure. */
export type Ask = (request: GraphRequest, options?: ReadOptions) => Promise<E.Either<GraphFailure, GraphAnswer>>;

export type GraphClientParts = {
  readonly base: GraphBase;
  readonly tokens: TokenSource;
  readonly gate: ThrottleGate;
  readonly world: GraphWorld;
  readonly patienceMs: number | undefined;
  /** Aborted when the source is closed. */
  readonly closing: AbortSignal;
};

const versionOf = (base: GraphBase): { readonly baseUrl: string; readonly defaultVersion: string } => {
  const cut = base.path.lastIndexOf('/');
  return cut < 0
    ? { baseUrl: base.url, defaultVersion: '' }
    : { baseUrl: base.origin + base.path.slice(0, cut), defaultVersion: base.path.slice(cut + 1) };
};

/** The path below the base, without the query: what the Graph client is told. The wire sends the exact URL. */
const relativePath = (base: GraphBase, url: string): string =>
  url.startsWith(base.url) ? (url.slice(base.url.length).split('?')[0] ?? '/') : '/';

/** Runs with one signal that follows both the caller's and the source's, and lets go of both afterwards. */
export const withSignal = async <A>(
  closing: AbortSignal,
  own: AbortSignal | undefined,
  run: (signal: AbortSignal) => Promise<A>,
): Promise<A> => {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  const signals = own === undefined ? [closing] : [closing, own];
  for (const signal of signals) {
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
  }
  try {
    return await run(controller.signal);
  } finally {
    for (const signal of signals) signal.removeEventListener('abort', abort);
  }
};

/** Microsoft's client with our chain in it. */
export const openGraphClient = (
  parts: GraphClientParts,
): { readonly ask: Ask; readonly requestCount: () => number } => {
  const { base, world } = parts;
  let requests = 0;
  const client = Client.initWithMiddleware({
    ...versionOf(base),
    middleware: [
      linkGuard(base),
      retrying(world, parts.gate),
      signingIn(parts.tokens),
      wire(world, () => {
        requests += 1;
      }),
    ],
  });
  const send = async (request: GraphRequest, signal: AbortSignal): Promise<E.Either<GraphFailure, GraphAnswer>> => {
    if (signal.aborted) return E.left({ _tag: 'GraphAborted' });
    const exchange: Exchange = {
      request,
      patience: makePatience(world, parts.patienceMs, signal),
      attempt: undefined,
      outcome: undefined,
    };
    const prepared = client
      .api(relativePath(base, request.url))
      .headers({ Accept: request.expects === 'json' ? 'application/json' : 'text/plain', ...request.headers })
      .option(exchangeOption, exchange)
      .responseType(ResponseType.RAW);
    await (request.method === 'GET' ? prepared.get() : prepared.post(request.body));
    return exchange.outcome ?? E.left({ _tag: 'GraphUnreachable', detail: 'the request was not sent' });
  };
  return {
    ask: (request, options) => withSignal(parts.closing, options?.signal, (signal) => send(request, signal)),
    requestCount: () => requests,
  };
};
