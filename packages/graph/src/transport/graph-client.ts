import { createRequire } from 'node:module';
import type * as graphClient from '@microsoft/microsoft-graph-client';
import type { GraphRequest as PreparedRequest } from '@microsoft/microsoft-graph-client';
import * as E from 'fp-ts/lib/Either.js';
import type { GraphFailure, Priority, ReadOptions } from '../directory-source.js';
import type { GraphBase } from '../graph-base.js';
import type { GraphWorld } from '../graph-settings.js';
import type { TokenSource } from '../sign-in/token-source.js';
import { exchangeOption } from './exchange.js';
import type { Exchange, GraphAnswer, GraphReader, GraphRequest } from './exchange.js';
import { linkGuard, retrying, signingIn, wire } from './middlewares.js';
import { lesserPatience, makePatience } from './patience.js';
import type { Governor } from './governor.js';

/** Asks Graph once, with everything that can pass retried: the answer whatever its status, or a failure. */
export type Ask = (request: GraphRequest, options?: ReadOptions) => Promise<E.Either<GraphFailure, GraphAnswer>>;

export type GraphClientParts = {
  readonly base: GraphBase;
  readonly tokens: TokenSource;
  readonly governor: Governor;
  readonly world: GraphWorld;
  readonly patienceMs: number | undefined;
  readonly waitsAsTold: boolean | undefined;
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

/** Runs with one signal that follows both the caller's and the reader's, and lets go of both afterwards. */
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

/** One request through the chain; `onSent` is called for each HTTP request it takes. */
export type Send = (
  request: GraphRequest,
  via: {
    readonly signal: AbortSignal;
    readonly priority: Priority;
    readonly reader?: GraphReader | undefined;
    readonly patienceMs?: number | undefined;
    readonly onSent: () => void;
  },
) => Promise<E.Either<GraphFailure, GraphAnswer>>;

const accepts = { json: 'application/json', text: 'text/plain', bytes: '*/*' } as const;

const require = createRequire(import.meta.url);

/** Loaded with the first request: half of what is done with a connection asks Microsoft nothing. */
const load = (): typeof graphClient => require('@microsoft/microsoft-graph-client') as typeof graphClient;

/** Microsoft's client with our chain in it. */
export const openGraphClient = (parts: GraphClientParts): Send => {
  const { base, world } = parts;
  const open = (): graphClient.Client =>
    load().Client.initWithMiddleware({
      ...versionOf(base),
      middleware: [
        linkGuard(base),
        retrying(world, parts.governor),
        signingIn(parts.tokens),
        wire(world, parts.governor),
      ],
    });
  let client: graphClient.Client | undefined;
  return async (request, { signal, priority, reader, patienceMs, onSent }) => {
    if (signal.aborted) return E.left({ _tag: 'GraphAborted' });
    const exchange: Exchange = {
      request,
      patience: makePatience(
        world,
        lesserPatience(parts.patienceMs, patienceMs),
        signal,
        // A request that was given less patience of its own gives up.
        parts.waitsAsTold === true && patienceMs === undefined,
      ),
      priority,
      reader,
      onSent,
      attempt: undefined,
      outcome: undefined,
    };
    client ??= open();
    const prepared = client
      .api(relativePath(base, request.url))
      .headers({ Accept: accepts[request.expects], ...request.headers })
      .option(exchangeOption, exchange)
      .responseType(load().ResponseType.RAW);
    await sendBy(prepared, request);
    return exchange.outcome ?? E.left({ _tag: 'GraphUnreachable', detail: 'the request was not sent' });
  };
};

const sendBy = (prepared: PreparedRequest, { method, body }: GraphRequest): Promise<unknown> => {
  switch (method) {
    case 'GET':
      return prepared.get();
    case 'POST':
      return prepared.post(body);
    case 'PATCH':
      return prepared.patch(body);
    case 'DELETE':
      return prepared.delete();
  }
};
