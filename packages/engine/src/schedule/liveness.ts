import type { Liveness, WebhookHealth } from '../directory-sync.js';
import type { ConnectionRunner } from './connection-runner.js';

const iso = (at: number): string => new Date(at).toISOString();

/** What the engine knows of a connection that it runs: told to other processes through the local database. */
export const livenessOf = (
  runner: Pick<ConnectionRunner, 'memory' | 'isBusy' | 'nextDue' | 'isStarted'>,
  seen: { readonly now: number; readonly throttledUntil: number; readonly webhook: WebhookHealth },
): Liveness => {
  const { now, throttledUntil, webhook } = seen;
  const { backOff, lastError } = runner.memory();
  const busy = runner.isBusy();
  // A cycle that runs waits for Graph alone; between cycles it is the back-off that is waited for.
  const until = Math.max(throttledUntil, busy ? 0 : (backOff?.until ?? 0));
  const waits = until > now;
  const due = runner.nextDue();
  return {
    running: runner.isStarted(),
    cycle: waits ? 'waiting' : busy ? 'syncing' : 'idle',
    nextSyncAt: due === undefined ? null : iso(due.at),
    waitingUntil: waits ? iso(until) : null,
    lastError,
    webhook,
  };
};
