import * as E from 'fp-ts/lib/Either.js';
import type { GraphFailure } from '../directory-source.js';
import type { GraphWorld } from '../graph-settings.js';
import type { Patience } from './patience.js';
import { backoffMs } from './retry-policy.js';
import type { ThrottleGate } from './throttle-gate.js';

/** What one attempt came to: an answer or a failure that stands, or something that may pass. */
export type Attempt<A> =
  | { readonly _tag: 'Settled'; readonly result: E.Either<GraphFailure, A> }
  | {
      readonly _tag: 'Again';
      readonly cause: 'throttled' | 'unreachable';
      /** Told by `Retry-After`. */
      readonly waitMs: number | undefined;
      readonly detail: string;
      readonly requestId?: string | undefined;
    };

export const settled = <A>(result: E.Either<GraphFailure, A>): Attempt<A> => ({ _tag: 'Settled', result });
export const failed = (failure: GraphFailure): Attempt<never> => settled(E.left(failure));
export const unreachableFor = (detail: string, requestId?: string): Attempt<never> => ({
  _tag: 'Again',
  cause: 'unreachable',
  waitMs: undefined,
  detail,
  requestId,
});

export type Waiting = {
  readonly patience: Patience;
  readonly gate: ThrottleGate;
  readonly world: Pick<GraphWorld, 'now' | 'random'>;
};

export const throttledUntil = (at: number): E.Either<GraphFailure, never> =>
  E.left({ _tag: 'GraphThrottled', retryAt: new Date(at).toISOString() });

/** Waits until the gate is open. Each closing is waited for once, so a clock that stands still cannot hold it shut. */
export const passGate = async ({ gate, patience, world }: Waiting): Promise<E.Either<GraphFailure, void>> => {
  let waitedFor = 0;
  for (let until = gate.closedUntil(); until > waitedFor; until = gate.closedUntil()) {
    const wait = until - Math.max(world.now().getTime(), waitedFor);
    if (wait <= 0) break;
    if (!patience.allows(wait)) return throttledUntil(until);
    await patience.pauseAsTold(wait);
    waitedFor = until;
  }
  return E.right(undefined);
};

/** Pauses before the next try, or says why there is none. The last try comes at the end of the patience, not before it. */
const beforeNext = async (
  again: Extract<Attempt<never>, { readonly _tag: 'Again' }>,
  failures: number,
  { gate, patience, world }: Waiting,
): Promise<E.Either<GraphFailure, void>> => {
  if (again.waitMs !== undefined) {
    gate.closeFor(again.waitMs);
    return E.right(undefined);
  }
  const left = patience.left();
  const wait = backoffMs(failures, world.random);
  if (left > 0) {
    await patience.pause(Math.min(wait, left));
    return E.right(undefined);
  }
  return again.cause === 'throttled'
    ? throttledUntil(world.now().getTime() + wait)
    : E.left({ _tag: 'GraphUnreachable', detail: again.detail, requestId: again.requestId });
};

/** Tries until something stands, within the patience and behind the gate. Aborting ends it as `GraphAborted`. */
export const untilSettled = async <A>(
  attempt: () => Promise<Attempt<A>>,
  waiting: Waiting,
): Promise<E.Either<GraphFailure, A>> => {
  const { signal } = waiting.patience;
  try {
    for (let failures = 0; ; failures += 1) {
      const open = await passGate(waiting);
      if (E.isLeft(open)) return open;
      signal.throwIfAborted();
      const outcome = await attempt();
      if (outcome._tag === 'Settled') return outcome.result;
      signal.throwIfAborted();
      const next = await beforeNext(outcome, failures, waiting);
      if (E.isLeft(next)) return next;
    }
  } catch (cause) {
    if (signal.aborted) return E.left({ _tag: 'GraphAborted' });
    throw cause;
  }
};
