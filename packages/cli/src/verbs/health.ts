import type { Status } from '@learnamp/directory-sync';
import { stateOf, type ConnectionState } from '../reports/connection-state.js';

/** What `GET /healthz` answers: counts of connections by state, no name of a company and nothing about people. */
export type Health = {
  readonly status: 200 | 503;
  readonly body: {
    readonly ok: boolean;
    readonly connections: Readonly<Partial<Record<ConnectionState, number>>>;
  };
};

const KEPT_MS = 2_000;

const countedByState = (found: ReadonlyArray<Status>): Health['body']['connections'] => {
  const counts: Partial<Record<ConnectionState, number>> = {};
  for (const status of found) {
    const state = stateOf(status);
    counts[state] = (counts[state] ?? 0) + 1;
  }
  return counts;
};

/**
 * 200 while the engine runs and its logs can be read. A connection that Graph or Learn Amp does not answer is counted, and
 * is no 503: to start the process anew would not help it, and a proxy must not stop passing notifications on.
 *
 * Asked however often, the logs are looked at once in two seconds.
 */
export const makeHealth = (
  status: () => Promise<ReadonlyArray<Status>>,
  now: () => Date,
  stopping: AbortSignal,
): (() => Promise<Health>) => {
  let kept: { readonly at: number; readonly health: Promise<Health> } | undefined;
  const look = (): Promise<Health> =>
    status().then(
      (found) => ({ status: 200, body: { ok: true, connections: countedByState(found) } }),
      () => ({ status: 503, body: { ok: false, connections: {} } }),
    );
  return async () => {
    if (stopping.aborted) return { status: 503, body: { ok: false, connections: {} } };
    const at = now().getTime();
    if (kept === undefined || Math.abs(at - kept.at) >= KEPT_MS) kept = { at, health: look() };
    return kept.health;
  };
};
