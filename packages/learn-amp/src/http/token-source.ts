import type { LearnAmpFailure } from '@learnamp/directory-sync-domain';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { attempt, type Answer } from './attempt.js';
import { encodeBody } from './encode-body.js';
import type { ToldGate } from './told-gate.js';
import { attemptTimeout, retryWithin, type Verdict } from './retry-within.js';
import type { LearnAmpSettings, LearnAmpWorld } from '../rest/rest-settings.js';

/** Where bearers come from. One that Learn Amp refused is handed back, so that the next caller gets a new one. */
export type TokenSource = {
  readonly token: (signals: ReadonlyArray<AbortSignal>) => Promise<E.Either<LearnAmpFailure, string>>;
  /** Forgets this token; `false` when no other can be had. */
  readonly refuse: (token: string) => boolean;
  /** The scopes of the token that is held, as Learn Amp named them; `undefined` where it did not. */
  readonly granted: () => string | undefined;
};

type ClientCredentials = Extract<LearnAmpSettings['auth'], { kind: 'client-credentials' }>;
type Grant = { readonly token: string; readonly usableUntil: number; readonly scope: string | undefined };
type Flight = {
  readonly result: Promise<E.Either<LearnAmpFailure, Grant>>;
  readonly stop: AbortController;
  waiting: number;
};

const TokenReply = t.intersection([
  t.type({ access_token: t.string }),
  t.partial({ expires_in: t.unknown, token_type: t.unknown, scope: t.unknown }),
]);
const ErrorReply = t.type({ error: t.string });

const protocol = (detail: string): LearnAmpFailure => ({ _tag: 'LearnAmpProtocol', detail });
const credentials = (detail: string): LearnAmpFailure => ({ _tag: 'LearnAmpCredentials', detail });

/** A token without a stated life is used until it is refused. */
const lifeOf = (expiresIn: unknown): number => {
  const seconds = typeof expiresIn === 'string' ? Number(expiresIn) : expiresIn;
  return typeof seconds === 'number' && Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : Infinity;
};

const readGrant = (answer: Answer, now: Date): E.Either<LearnAmpFailure, Grant> => {
  const reply = answer.body._tag === 'Json' ? TokenReply.decode(answer.body.value) : E.left(undefined);
  if (E.isLeft(reply) || !/^[\x21-\x7e]{1,8192}$/.test(reply.right.access_token))
    return E.left(protocol('POST /oauth/token answered without an access_token: check learnAmp.baseUrl.'));
  const { access_token: token, token_type: type, expires_in: expiresIn, scope } = reply.right;
  if (typeof type === 'string' && type.toLowerCase() !== 'bearer')
    return E.left(protocol('POST /oauth/token answered with a token that is not a bearer.'));
  const life = lifeOf(expiresIn);
  // Shortly before the end, so that a request under way does not outlive its token.
  const usableUntil = now.getTime() + life - Math.min(60_000, life / 10);
  return E.right({ token, usableUntil, scope: typeof scope === 'string' ? scope : undefined });
};

const notGranted = (asked: string): LearnAmpFailure => ({
  _tag: 'LearnAmpMissingScope',
  // Without a scope Learn Amp takes `public` to be asked for.
  scope: asked === '' ? 'public' : asked,
  detail:
    'Learn Amp did not grant the scopes asked for (invalid_scope): give the API credentials these scopes in Company Settings > API, or set learnAmp.auth.scope to the ones they have ("" for credentials without scopes).',
});

const refusal = ({ status, body }: Answer, asked: string): LearnAmpFailure => {
  const reply = body._tag === 'Json' ? ErrorReply.decode(body.value) : E.left(undefined);
  const code = E.isRight(reply) && /^[a-z_]{1,40}$/.test(reply.right.error) ? reply.right.error : undefined;
  if (code === 'invalid_scope') return notGranted(asked);
  if (code === 'invalid_client' || status === 401 || status === 403)
    return credentials(
      `Learn Amp refused the client id or secret (${code ?? String(status)}): check learnAmp.auth against Company Settings > API.`,
    );
  if (status === 404 || status === 405 || (status >= 300 && status < 400))
    return protocol(`POST /oauth/token answered ${String(status)}: check learnAmp.baseUrl.`);
  return credentials(
    `Learn Amp refused to issue a token (${code ?? String(status)}): check learnAmp.auth against Company Settings > API.`,
  );
};

const judge = (
  answer: Answer,
  { world: { now: clock }, gate }: Pick<TokenClient, 'world' | 'gate'>,
  asked: string,
): Verdict<E.Either<LearnAmpFailure, Grant>> => {
  const now = clock();
  const { status, headers } = answer;
  if (status === 429 || status >= 500)
    return {
      _tag: 'Again',
      because: status === 429 ? 'throttled' : 'unreachable',
      detail: `POST /oauth/token answered ${String(status)}.`,
      // The calls of the client wait for it as well.
      toldMs: gate.heed(headers),
      spentMs: 0,
    };
  const value = status >= 200 && status < 300 ? readGrant(answer, now) : E.left(refusal(answer, asked));
  return { _tag: 'Done', value };
};

export type TokenClient = {
  readonly base: string;
  readonly patienceMs: number | undefined;
  readonly waitsAsTold?: boolean | undefined;
  readonly world: LearnAmpWorld;
  /** What Learn Amp told anybody of this client about when to come back. */
  readonly gate: ToldGate;
};

const requestToken = (client: TokenClient, auth: ClientCredentials) => {
  const { base, patienceMs, waitsAsTold, world, gate } = client;
  return async (signal: AbortSignal): Promise<E.Either<LearnAmpFailure, Grant>> => {
    const fields = new Map([
      ['grant_type', 'client_credentials'],
      ['client_id', auth.clientId],
      ['client_secret', auth.clientSecret],
      ...(auth.scope.trim() === '' ? [] : ([['scope', auth.scope.trim()]] as const)),
    ]);
    // A form whatever the encoding of commands: the OAuth standard (RFC 6749, 4.4.2) and the reference say so.
    const { contentType, text } = encodeBody('form', fields);
    const headers = { accept: 'application/json', 'content-type': contentType };
    const timeoutMs = attemptTimeout(patienceMs);
    let honoured = 0;
    /** What anybody was told to wait is waited for here too, once. */
    const held = (): Verdict<never> | undefined => {
      const toldMs = gate.left();
      if (toldMs <= 0 || gate.mark() === honoured) return undefined;
      honoured = gate.mark();
      return {
        _tag: 'Again',
        because: 'throttled',
        detail: 'POST /oauth/token waits as Learn Amp asked.',
        toldMs,
        spentMs: 0,
      };
    };
    const outcome = await retryWithin(
      { world, waitsAsTold, patienceMs: () => patienceMs, signals: [signal] },
      async () => {
        const closed = held();
        if (closed !== undefined) return closed;
        const tried = await attempt(
          world.fetch,
          { method: 'POST', url: `${base}/oauth/token`, headers, body: text },
          { timeoutMs, signals: [signal] },
        );
        if (tried._tag === 'Answered') {
          const verdict = judge(tried.answer, client, auth.scope.trim());
          honoured = gate.mark();
          return verdict;
        }
        if (tried._tag === 'Aborted') return { _tag: 'Done', value: E.left({ _tag: 'LearnAmpAborted' } as const) };
        const detail = `Learn Amp did not answer POST /oauth/token (${tried.detail}).`;
        return {
          _tag: 'Again',
          because: 'unreachable',
          detail,
          toldMs: undefined,
          spentMs: tried._tag === 'Lost' ? tried.spentMs : 0,
        };
      },
    );
    return E.flatten(outcome);
  };
};

/** Settles with the flight, or as aborted when one of this caller's signals fires first. */
const join = (flight: Flight, signals: ReadonlyArray<AbortSignal>): Promise<E.Either<LearnAmpFailure, Grant>> =>
  new Promise((resolve) => {
    flight.waiting += 1;
    const settle = (result: E.Either<LearnAmpFailure, Grant>): void => {
      for (const signal of signals) signal.removeEventListener('abort', abort);
      resolve(result);
    };
    const abort = (): void => {
      flight.waiting -= 1;
      if (flight.waiting === 0) flight.stop.abort();
      settle(E.left({ _tag: 'LearnAmpAborted' }));
    };
    for (const signal of signals) signal.addEventListener('abort', abort, { once: true });
    if (signals.some((signal) => signal.aborted)) abort();
    else void flight.result.then(settle);
  });

/**
 * Client credentials, one request in flight however many callers wait. A caller that is aborted leaves; the request
 * itself stops when nobody waits for it any more.
 */
const renewing = (client: TokenClient, auth: ClientCredentials): TokenSource => {
  const request = requestToken(client, auth);
  let held: Grant | undefined;
  let flight: Flight | undefined;

  const takeOff = (): Flight => {
    const stop = new AbortController();
    const started: Flight = {
      stop,
      waiting: 0,
      result: request(stop.signal).then((result) => {
        if (E.isRight(result)) held = result.right;
        if (flight === started) flight = undefined;
        return result;
      }),
    };
    return started;
  };

  return {
    token: async (signals) => {
      if (held !== undefined && client.world.now().getTime() < held.usableUntil) return E.right(held.token);
      if (flight === undefined || flight.stop.signal.aborted) flight = takeOff();
      return E.map((grant: Grant) => grant.token)(await join(flight, signals));
    },
    refuse: (token) => {
      if (held?.token === token) held = undefined;
      return true;
    },
    granted: () => held?.scope,
  };
};

export const makeTokenSource = (client: TokenClient, auth: LearnAmpSettings['auth']): TokenSource =>
  auth.kind === 'client-credentials'
    ? renewing(client, auth)
    : { token: () => Promise.resolve(E.right(auth.token)), refuse: () => false, granted: () => undefined };
