import type { LearnAmpFailure } from '@learnamp/directory-sync-domain';
import * as E from 'fp-ts/lib/Either.js';
import { attempt, type Answer, type Attempt, type HttpRequest } from './attempt.js';
import { retryAfterMs } from './backoff.js';
import { buildRequest } from './build-request.js';
import { forbidden, redirected, unaddressable, unauthorised } from './call-failures.js';
import type { Exchange } from './exchange.js';
import type { Governor, Turn, TurnReport } from './governor.js';
import { makeOutage } from './outage.js';
import { attemptTimeout, pause, retryWithin, type Verdict } from './retry-within.js';
import type { ToldGate } from './told-gate.js';
import type { TokenSource } from './token-source.js';
import type { LearnAmpWorld } from '../rest/rest-settings.js';

export type { Exchange } from './exchange.js';

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
  readonly governor: Governor;
  readonly gate: ToldGate;
  /** Aborted when the client closes. */
  readonly closing: AbortSignal;
  readonly onRequest: () => void;
};

type Ended = E.Either<LearnAmpFailure, Answer>;
const done = (value: Ended): Verdict<Ended> => ({ _tag: 'Done', value });
const aborted = done(E.left({ _tag: 'LearnAmpAborted' }));

const isFailing = (status: number): boolean => status === 408 || status >= 500;

/** A Retry-After that makes no sense is no word at all. */
const reportOf = (tried: Attempt, now: Date): TurnReport => {
  if (tried._tag !== 'Answered') return 'lost';
  const { status, headers } = tried.answer;
  if (status === 429) return retryAfterMs(headers, now) === undefined ? 'throttled' : 'throttled-as-told';
  return isFailing(status) ? 'lost' : 'answered';
};

type Call = {
  readonly exchange: Exchange;
  readonly request: HttpRequest;
  readonly signals: ReadonlyArray<AbortSignal>;
};

/**
 * Makes the one way to Learn Amp. What can pass is tried again within the patience; a POST only where nothing can have been
 * applied, because a second one could create a second account or send a second mail.
 *
 * Three things are shared by all calls of a client: a Retry-After holds everybody back; the governor says how many go at once
 * and how far apart; and once several different calls gave up with no answer in between, the following ones get a single
 * short attempt until Learn Amp answers again, so an outage costs its patience once and not per person.
 */
export const makeSend = (client: SendClient): Send => {
  const { world, patienceMs, tokens, closing, governor, gate } = client;
  const outage = makeOutage();

  const timeout = (): number => Math.min(attemptTimeout(patienceMs), outage.isDown() ? 5000 : Infinity);

  const makeCall = ({ exchange, request, signals }: Call) => {
    const isWrite = exchange.method !== 'GET';
    let maybeApplied = false;
    let renewed = false;
    let honoured = 0;
    /** How long this attempt waited for its turn. */
    let heldMs = 0;

    const again = (detail: string, answer: Answer | undefined, spentMs: number): Verdict<Ended> => {
      const toldMs = answer === undefined ? undefined : gate.heed(answer.headers);
      // What this answer asks is waited for here, and not a second time at the gate.
      honoured = gate.mark();
      const because = answer?.status === 429 ? 'throttled' : 'unreachable';
      return { _tag: 'Again', because, detail, toldMs, spentMs, heldMs };
    };

    /** An attempt that brought no usable answer; whether it may be repeated depends on what it may have done. */
    const lost = (detail: string, answer: Answer | undefined, spentMs: number): Verdict<Ended> => {
      maybeApplied ||= isWrite;
      const verdict = again(detail, answer, spentMs);
      return exchange.method === 'POST' ? done(E.left({ _tag: 'LearnAmpUnreachable', detail })) : verdict;
    };

    /** `renew`: the token was refused, and another one may do. */
    const judge = (answer: Answer, token: string): Verdict<Ended> | 'renew' => {
      const { status } = answer;
      if (isFailing(status)) return lost(`${exchange.route} answered ${String(status)}.`, answer, 0);
      outage.answered();
      if (status === 429) return again(`${exchange.route} answered 429.`, answer, 0);
      if (status === 403) return done(E.left(forbidden(exchange, answer)));
      if (status < 200 || (status >= 300 && status < 400)) return done(E.left(redirected(exchange, status)));
      if (status !== 401) return done(E.right(answer));
      if (renewed || !tokens.refuse(token)) return done(E.left(unauthorised(exchange)));
      renewed = true;
      return 'renew';
    };

    const heed = (tried: Attempt, token: string): Verdict<Ended> | 'renew' => {
      switch (tried._tag) {
        case 'Answered':
          return judge(tried.answer, token);
        case 'Aborted':
          maybeApplied ||= isWrite && tried.sent;
          return aborted;
        case 'NotSent':
          return again(`Learn Amp did not answer ${exchange.route} (${tried.detail}).`, undefined, 0);
        case 'Lost':
          return lost(`Learn Amp did not answer ${exchange.route} (${tried.detail}).`, undefined, tried.spentMs);
      }
    };

    /** What another call was told to wait is waited for by this one too, once. */
    const held = (): Verdict<Ended> | undefined => {
      const toldMs = gate.left();
      if (toldMs <= 0 || gate.mark() === honoured) return undefined;
      honoured = gate.mark();
      const detail = `${exchange.route} waits as Learn Amp asked.`;
      return { _tag: 'Again', because: 'throttled', detail, toldMs, spentMs: 0, heldMs };
    };

    const takeTurn = async (): Promise<Turn | undefined> => {
      const since = world.now().getTime();
      const turn = await governor.enter((milliseconds) => pause({ world, signals }, milliseconds), signals);
      heldMs = Math.max(0, world.now().getTime() - since);
      return turn;
    };

    const tryInTurn = async (turn: Turn, token: string): Promise<Verdict<Ended> | 'renew'> => {
      let report: TurnReport = 'lost';
      try {
        // The gate may have been closed while this call waited for its turn.
        const closed = held();
        if (closed !== undefined) return closed;
        client.onRequest();
        const headers = { ...request.headers, authorization: `Bearer ${token}` };
        const tried = await attempt(world.fetch, { ...request, headers }, { timeoutMs: timeout(), signals });
        report = reportOf(tried, world.now());
        // Judged before the turn ends: nobody slips through before the gate is closed.
        return heed(tried, token);
      } finally {
        turn.leave(report);
      }
    };

    const once = async (): Promise<Verdict<Ended>> => {
      heldMs = 0;
      const closed = held();
      if (closed !== undefined) return closed;
      const token = await tokens.token(signals);
      if (E.isLeft(token)) return done(token);
      const turn = await takeTurn();
      if (turn === undefined) return aborted;
      const verdict = await tryInTurn(turn, token.right);
      return verdict === 'renew' ? once() : verdict;
    };

    return { once, maybeApplied: () => maybeApplied };
  };

  return async (exchange, signal) => {
    const request = buildRequest(client, exchange);
    if (request === undefined) return E.left({ failure: unaddressable(exchange), maybeApplied: false });
    const signals = signal === undefined ? [closing] : [signal, closing];
    const call = makeCall({ exchange, request, signals });
    const patience = {
      world,
      signals,
      waitsAsTold: client.waitsAsTold,
      patienceMs: () => (outage.isDown() ? 0 : patienceMs),
    };
    const ended = governor.want();
    const outcome = await retryWithin(patience, call.once).finally(ended);
    const answered = E.flatten(outcome);
    if (E.isLeft(answered) && answered.left._tag === 'LearnAmpUnreachable') outage.unanswered(request);
    return E.mapLeft((failure: LearnAmpFailure): NoAnswer => ({ failure, maybeApplied: call.maybeApplied() }))(
      answered,
    );
  };
};
