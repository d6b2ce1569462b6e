import type { Dispatcher } from '../deliver/dispatch.js';
import type { Planner } from '../deliver/plan-now.js';
import type { CycleContext } from '../observe/cycle-context.js';

export type PhotoLane = {
  readonly cycle: CycleContext;
  readonly planner: Planner;
  readonly dispatcher: Dispatcher;
  /** Asked between steps: `true` gives the turn back, and the next lane goes on where this one stopped. */
  readonly yields: () => boolean;
};
