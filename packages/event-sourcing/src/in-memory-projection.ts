import type { EventEnvelope } from './envelope.js';
import type { DomainEvent } from './event-definition.js';
import { foldBatch } from './fold-batch.js';
import type { StateChange } from './fold-batch.js';
import type { Projection } from './projection.js';

/** A projection with its states in memory. */
export type InMemoryProjection<State, Ev extends DomainEvent> = {
  /** Folds a batch, in the order given, and answers with the keys whose state is another one now. All or nothing. */
  readonly apply: (events: ReadonlyArray<EventEnvelope<Ev>>) => ReadonlyArray<StateChange<State>>;
  readonly get: (key: string) => State | undefined;
  readonly has: (key: string) => boolean;
  readonly entries: () => IterableIterator<[string, State]>;
  readonly size: number;
};

/** Invariant: the map of keys is written here only, and only when a whole batch was folded. */
export const makeInMemoryProjection = <State, Ev extends DomainEvent>(
  projection: Projection<State, Ev>,
): InMemoryProjection<State, Ev> => {
  const states = new Map<string, State>();
  return {
    apply: (events) => {
      const changes = foldBatch(projection, events, (key) => states.get(key));
      for (const { key, after } of changes) states.set(key, after);
      return changes;
    },
    get: (key) => states.get(key),
    has: (key) => states.has(key),
    entries: () => states.entries(),
    get size() {
      return states.size;
    },
  };
};
