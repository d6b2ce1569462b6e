import type { LearnAmpFailure } from '@learnamp/directory-sync-domain';
import * as E from 'fp-ts/lib/Either.js';
import { backoff } from './backoff.js';
import type { LearnAmpWorld } from '../rest/rest-settings.js';

/** What one attempt came to: an end of any kind, or a reason to try again. */
export type Verdict<A> =
  | { readonly _tag: 'Done'; readonly value: A }
  | {
      readonly _tag: 'Again';
      readonly because: 'throttled' | 'unreachable';
      readonly detail: string;
      /** What the server asked for; `undefined` leaves it to the back-off. */
      readonly toldMs: number | undefined;
      /** Time the attempt took that an injected clock may not show. */
      readonly spentMs: number;
      /** Time it waited for its turn among others, which is no sign of trouble. */
      readonly heldMs?: number | undefined;
    };

type Again = Extract<Verdict<never>, { _tag: 'Again' }>;

export type Patience = {
  readonly world: LearnAmpWorld;
  /** Asked before each wait, since it may change while a call is under way. `undefined` is endless. */
  readonly patienceMs: () => number | undefined;
  /** What the server asked for is waited for, and not counted, up to a minute at a time. */
  readonly waitsAsTold?: boolean | undefined;
  readonly signals: ReadonlyArray<AbortSignal>;
};

/** With endless patience a call waits as told, but not for a date that must be a mistake. */
const longestWait = 24 * 60 * 60 * 1000;

/**
 * Whoever waits as told waits this long within one call. A longer wait ends the call, and with it the cycle, so that the next
 * one reads what changed meanwhile; nobody asks Learn Amp before the time it named.
 */
const longestToldWait = 60_000;

const giveUp = (again: Again, waitMs: number, now: Date): LearnAmpFailure =>
  again.because === 'throttled' || (again.toldMs !== undefined && again.toldMs > 0)
    ? { _tag: 'LearnAmpThrottled', retryAt: new Date(now.getTime() + Math.min(waitMs, 10 * longestWait)).toISOString() }
    : { _tag: 'LearnAmpUnreachable', detail: again.detail };

/** Sleeps until the time is over or any signal aborts; tells which. */
export const pause = async (
  { world, signals }: Pick<Patience, 'world' | 'signals'>,
  milliseconds: number,
): Promise<'over' | 'aborted'> => {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  for (const signal of signals) signal.addEventListener('abort', abort, { once: true });
  try {
    if (signals.some((signal) => signal.aborted)) return 'aborted';
    await world.sleep(milliseconds, controller.signal);
    return signals.some((signal) => signal.aborted) ? 'aborted' : 'over';
  } catch {
    return 'aborted';
  } finally {
    for (const signal of signals) signal.removeEventListener('abort', abort);
  }
};

/**
 * Tries until an attempt is done, the patience is over, or a signal aborts. Time counts twice, by the clock and by
 * what was waited for, and the larger stands: a clock that stands still never makes it endless.
 */
export const retryWithin = async <A>(
  patience: Patience,
  once: () => Promise<Verdict<A>>,
): Promise<E.Either<LearnAmpFailure, A>> => {
  const { world } = patience;
  let started = world.now().getTime();
  let counted = 0;
  for (let failed = 0; ; failed += 1) {
    const verdict = await once();
    if (verdict._tag === 'Done') return E.right(verdict.value);
    counted += verdict.spentMs;
    const waitMs = verdict.toldMs ?? backoff(failed, world.random);
    started += verdict.heldMs ?? 0;
    const elapsed = Math.max(counted, world.now().getTime() - started);
    const patienceMs = patience.patienceMs();
    const { toldMs = 0 } = verdict;
    const asTold = patience.waitsAsTold === true && toldMs > 0 && toldMs <= longestToldWait;
    const tooLong = patienceMs === undefined || asTold ? waitMs > longestWait : elapsed + waitMs > patienceMs;
    if (tooLong) return E.left(giveUp(verdict, waitMs, world.now()));
    if ((await pause(patience, waitMs)) === 'aborted') return E.left({ _tag: 'LearnAmpAborted' });
    counted += waitMs;
    if (!asTold) continue;
    started = world.now().getTime();
    counted = 0;
  }
};

/** Half the patience, so that one silent attempt leaves room for another; never more than half a minute. */
export const attemptTimeout = (patienceMs: number | undefined): number =>
  patienceMs === undefined ? 30_000 : Math.min(30_000, Math.max(1000, Math.ceil(patienceMs / 2)));
