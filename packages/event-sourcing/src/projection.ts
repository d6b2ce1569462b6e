import type { EventEnvelope } from './envelope.js';
import type { DomainEvent } from './event-definition.js';

/**
 * A keyed fold: each event touches the states of the keys it names and no other. `evolve` is pure and never refuses;
 * an unchanged state is returned as the same reference. The runner owns the map of keys (design D6).
 */
export type Projection<State, Ev extends DomainEvent> = {
  readonly name: string;
  readonly version: number;
  readonly handles: ReadonlyArray<Ev['type']>;
  readonly keysOf: (event: EventEnvelope<Ev>) => ReadonlyArray<string>;
  readonly initial: (key: string) => State;
  readonly evolve: (state: State, event: EventEnvelope<Ev>, key: string) => State;
};
