import { setMaxListeners } from 'node:events';
import * as E from 'fp-ts/lib/Either.js';
import type { GraphFailure, ReadOptions } from '../directory-source.js';
import { parseBaseUrl } from '../graph-base.js';
import type { GraphBase } from '../graph-base.js';
import type { GraphTransportSettings, GraphWorld } from '../graph-settings.js';
import { isLoopback } from '../loopback.js';
import { openClientTokens } from '../sign-in/client-tokens.js';
import { claimsOf } from '../sign-in/token-claims.js';
import type { TokenClaims } from '../sign-in/token-claims.js';
import { fixedToken } from '../sign-in/token-source.js';
import type { TokenSource } from '../sign-in/token-source.js';
import { makeGovernor } from './governor.js';
import type { Governor } from './governor.js';
import type { GraphReader } from './exchange.js';
import { openGraphClient, withSignal } from './graph-client.js';
import type { Ask } from './graph-client.js';
import { lesserPatience, makePatience } from './patience.js';

/** What one reader needs of a transport: its own count of requests and its own end. */
export type GraphLease = {
  readonly base: GraphBase;
  readonly ask: Ask;
  readonly world: GraphWorld;
  readonly governor: Governor;
  readonly patienceMs: number | undefined;
  readonly waitsAsTold: boolean | undefined;
  /** Aborted when the reader or the whole transport is closed. */
  readonly closing: AbortSignal;
  /** HTTP requests made through this lease. */
  readonly requestCount: () => number;
  readonly close: () => void;
};

/**
 * The way to Graph for one Entra tenant: sign-in, link guard, retries and the governor, shared by every reader that is
 * opened over it (`openDirectorySource`, `openSubscriptionClient`). A closed reader ends its own requests only.
 */
export type GraphTransport = {
  readonly governor: Governor;
  /** `reader`: who asks through it, where several do. */
  readonly lease: (reader?: GraphReader) => GraphLease;
  /** The next request signs in anew: permissions that were granted a moment ago reach new tokens only. */
  readonly forgetToken: () => void;
  /** Signs in where there is no token yet, or `anew` in any case, and tells what the token says. The token itself stays here. */
  readonly signIn: (
    options?: ReadOptions & { readonly anew?: boolean | undefined },
  ) => Promise<E.Either<GraphFailure, TokenClaims>>;
  /** Ends what is under way in every lease as `GraphAborted`; the network below `world.fetch` belongs to the caller. */
  readonly close: () => Promise<void>;
};

const openTokens = (settings: GraphTransportSettings, world: GraphWorld, closing: AbortSignal): TokenSource => {
  if (settings.auth.kind !== 'token') return openClientTokens(settings, settings.auth, world, closing);
  if (!isLoopback(new URL(settings.baseUrl))) {
    throw new Error('graph.auth of the kind "token" is for loopback addresses only.');
  }
  return fixedToken(settings.auth.token);
};

/**
 * Opens the transport. Throws one sentence where the settings cannot be right (a base URL or an authority that is not
 * https, a fixed token away from loopback); everything that can go wrong afterwards is a `GraphFailure`.
 *
 * @example
 * const transport = openGraphTransport(settings, world);
 * const source = openDirectorySource(transport, { customAttributes: [] });
 * const subscriptions = openSubscriptionClient(transport);
 */
export const openGraphTransport = (settings: GraphTransportSettings, world: GraphWorld): GraphTransport => {
  const base = parseBaseUrl(settings.baseUrl);
  const { patienceMs, waitsAsTold } = settings;
  const closer = new AbortController();
  // As many listeners as connections of the tenant, each taken away when its lease ends: no leak to warn of.
  setMaxListeners(0, closer.signal);
  const governor = world.governor ?? makeGovernor(world);
  const tokens = openTokens(settings, world, closer.signal);
  const send = openGraphClient({ base, tokens, governor, world, patienceMs, waitsAsTold });

  const lease = (reader?: GraphReader): GraphLease => {
    const own = new AbortController();
    const abort = (): void => own.abort();
    closer.signal.addEventListener('abort', abort, { once: true });
    if (closer.signal.aborted) abort();
    let requests = 0;
    const onSent = (): void => {
      requests += 1;
    };
    return {
      base,
      world,
      governor,
      patienceMs,
      waitsAsTold,
      closing: own.signal,
      ask: (request, options) => {
        const { priority = 'normal', patienceMs: atMost } = options ?? {};
        return withSignal(own.signal, options?.signal, (signal) =>
          send(request, { signal, priority, reader, patienceMs: atMost, onSent }),
        );
      },
      requestCount: () => requests,
      close: () => {
        closer.signal.removeEventListener('abort', abort);
        abort();
      },
    };
  };

  return {
    governor,
    lease,
    forgetToken: tokens.forget,
    signIn: ({ anew = false, signal, patienceMs: atMost } = {}) =>
      withSignal(closer.signal, signal, async (both) => {
        if (anew) tokens.forget();
        const patience = makePatience(world, lesserPatience(patienceMs, atMost), both, waitsAsTold === true);
        return E.map(claimsOf)(await tokens.current(patience));
      }),
    close: () => {
      closer.abort();
      return Promise.resolve();
    },
  };
};
