import type { EventEnvelope, Revision } from './envelope.js';
import type { DomainEvent } from './event-definition.js';
import { foldBatch, touchedKeys } from './fold-batch.js';
import type { StateChange } from './fold-batch.js';
import type { Projection } from './projection.js';

/** Which projection a store is asked about: states of another version are never mixed in. */
export type ProjectionName = { readonly name: string; readonly version: number };

/** Where the states of projections are kept. Both calls reject when the store does not answer. */
export interface ProjectionStore<State> {
  /** The revision up to which events were folded, and the states of those keys that are known: one consistent reading. */
  readonly load: (
    projection: ProjectionName,
    keys: ReadonlySet<string>,
  ) => Promise<{ readonly checkpoint: Revision | undefined; readonly states: ReadonlyMap<string, State> }>;
  /** Writes states and checkpoint in one transaction: both or neither. */
  readonly save: (
    projection: ProjectionName,
    changes: ReadonlyArray<StateChange<State>>,
    checkpoint: Revision,
  ) => Promise<void>;
}

/**
 * Folds a batch into a store: loads the touched keys in one call, folds in memory, saves changes and checkpoint in one
 * transaction. Events up to the checkpoint are passed over, so a batch that is run again after a crash changes nothing.
 * The checkpoint moves over events that the projection does not handle, too.
 */
export const runBatch = async <State, Ev extends DomainEvent>(
  projection: Projection<State, Ev>,
  store: ProjectionStore<State>,
  events: ReadonlyArray<EventEnvelope<Ev>>,
): Promise<ReadonlyArray<StateChange<State>>> => {
  const { checkpoint, states } = await store.load(projection, touchedKeys(projection, events));
  const fresh = events.filter(({ revision }) => checkpoint === undefined || revision > checkpoint);
  const last = fresh.at(-1);
  if (last === undefined) return [];
  const changes = foldBatch(projection, fresh, (key) => states.get(key));
  await store.save(projection, changes, last.revision);
  return changes;
};
