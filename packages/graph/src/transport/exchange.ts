import type { Context, Middleware } from '@microsoft/microsoft-graph-client';
import type * as E from 'fp-ts/lib/Either.js';
import type { GraphFailure, Priority } from '../directory-source.js';
import type { Patience } from './patience.js';
import type { Attempt } from './until-settled.js';

/** What is asked of Graph. `url` is absolute and is sent as it stands. */
export type GraphRequest = {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Of `bytes`, redirects are handed on to the caller. */
  readonly expects: 'json' | 'text' | 'bytes';
  /** For `bytes`: the body is cut off beyond so many. */
  readonly atMostBytes?: number | undefined;
};

/** An answer read to its end. `json` is `undefined` where the body is no JSON, which on a 2xx is never handed on. */
export type GraphAnswer = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: unknown;
  /** The body of a 2xx answer to a request for bytes. */
  readonly bytes?: Uint8Array | 'too-long' | undefined;
};

/**
 * One request on its way through the middleware chain of the Graph client.
 *
 * Why it travels beside the client's own context: the client rebuilds URLs from their parts (it folds repeated
 * parameters and reorders them, which an opaque `$skiptoken` does not survive), reduces every exception to a name, and
 * would parse a body that we must have judged before. `attempt` and `outcome` are written by the chain alone.
 */
/** Who asks, where several ask through one transport: they take turns. */
export type GraphReader = {
  readonly name: string;
  /** Its share of the network. Default: that of the transport. */
  readonly fetch?: typeof globalThis.fetch | undefined;
};

export type Exchange = {
  readonly request: GraphRequest;
  readonly patience: Patience;
  readonly priority: Priority;
  readonly reader: GraphReader | undefined;
  /** Called for each HTTP request. */
  readonly onSent: () => void;
  /** The outcome of the latest attempt. */
  attempt: Attempt<GraphAnswer> | undefined;
  /** What the whole chain came to. */
  outcome: E.Either<GraphFailure, GraphAnswer> | undefined;
};

const EXCHANGE = 'directorySyncExchange';
export const exchangeOption = EXCHANGE;

export const exchangeOf = (context: Context): Exchange => {
  const options: Readonly<Record<string, unknown>> = { ...context.options };
  const exchange = options[EXCHANGE];
  if (exchange === undefined) throw new Error('a request reached the Graph middleware without its exchange');
  return exchange as Exchange;
};

/** A middleware of the Graph client from a function. */
export const middleware = (
  execute: (exchange: Exchange, context: Context, next: () => Promise<void>) => Promise<void>,
): Middleware => {
  let following: Middleware | undefined;
  return {
    execute: (context) =>
      execute(exchangeOf(context), context, async () => {
        if (following === undefined) throw new Error('the last middleware has no next one');
        await following.execute(context);
      }),
    setNext: (next) => {
      following = next;
    },
  };
};
