import type { Status } from '@learnamp/directory-sync';

/**
 * `running`: a cycle is under way. `idle`: an engine waits for the next one. `waiting`: it was told to wait, or the log
 * belongs to another engine. `failing`: its last cycle did not complete, and it tries again.
 */
export type ConnectionState = 'running' | 'idle' | 'paused' | 'waiting' | 'failing' | 'not running';

export const stateOf = ({ paused, live }: Pick<Status, 'paused' | 'live'>): ConnectionState => {
  if (paused) return 'paused';
  if (!live.running) return 'not running';
  if (live.cycle === 'syncing') return 'running';
  if (live.lastError !== null) return 'failing';
  return live.cycle === 'waiting' || live.waitingUntil !== null ? 'waiting' : 'idle';
};
