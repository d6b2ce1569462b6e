import type { KeyStore, LocalCache } from '@learnamp/directory-sync-event-sourcing';
import type { Dispatcher } from '../deliver/dispatch.js';
import type { Planner } from '../deliver/plan-now.js';
import type { CycleContext } from '../observe/cycle-context.js';

export type PhotoLane = {
  readonly cycle: CycleContext;
  readonly planner: Pick<Planner, 'context' | 'sending'>;
  /** The cycle's own: what the lane did is counted in it. */
  readonly dispatcher: Pick<Dispatcher, 'tally'>;
  readonly keys: KeyStore;
  /** Keeps the place under `photos:<connectionId>`. */
  readonly cache: LocalCache;
  /** This lane goes on with one that gave its turn back, and ends where that one began. */
  readonly resumes?: boolean | undefined;
  /** Asked between steps: `true` gives the turn back, and the next lane goes on where this one stopped. */
  readonly yields: () => boolean;
};
