import type { EventEnvelope } from './envelope.js';
import type { DomainEvent } from './event-definition.js';
import type { Projection } from './projection.js';

/** One key's state before and after a batch. `before` is `undefined` for a key that was not known. */
export type StateChange<State> = {
  readonly key: string;
  readonly before: State | undefined;
  readonly after: State;
};

/** The keys that a batch touches: what a runner has to load. */
export const touchedKeys = <State, Ev extends DomainEvent>(
  projection: Projection<State, Ev>,
  events: ReadonlyArray<EventEnvelope<Ev>>,
): ReadonlySet<string> => {
  const handled = new Set<string>(projection.handles);
  return new Set(events.flatMap((event) => (handled.has(event.type) ? projection.keysOf(event) : [])));
};

/**
 * Folds a batch in one pass over the states that `lookup` gives, and reports each key once. A state that came back as
 * the same reference is no change. Nothing is written here: when `evolve` throws, nothing has happened.
 */
export const foldBatch = <State, Ev extends DomainEvent>(
  projection: Projection<State, Ev>,
  events: ReadonlyArray<EventEnvelope<Ev>>,
  lookup: (key: string) => State | undefined,
): ReadonlyArray<StateChange<State>> => {
  const handled = new Set<string>(projection.handles);
  const states = new Map<string, { readonly before: State | undefined; readonly start: State; now: State }>();
  for (const event of events) {
    if (!handled.has(event.type)) continue;
    for (const key of projection.keysOf(event)) {
      let state = states.get(key);
      if (state === undefined) {
        const before = lookup(key);
        const start = before ?? projection.initial(key);
        states.set(key, (state = { before, start, now: start }));
      }
      state.now = projection.evolve(state.now, event, key);
    }
  }
  const changes: StateChange<State>[] = [];
  for (const [key, { before, start, now }] of states) if (now !== start) changes.push({ key, before, after: now });
  return changes;
};
