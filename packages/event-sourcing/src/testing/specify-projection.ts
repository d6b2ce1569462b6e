import assert from 'node:assert/strict';
import type { EventEnvelope } from '../envelope.js';
import type { DomainEvent } from '../event-definition.js';
import { makeInMemoryProjection } from '../in-memory-projection.js';
import type { Projection } from '../projection.js';
import { testEnvelopes } from './test-envelopes.js';

export type ProjectionSpecification<State, Ev extends DomainEvent> = {
  readonly given: (history: ReadonlyArray<Ev> | ReadonlyArray<EventEnvelope<Ev>>) => {
    /** Every key with its state, and no other key. */
    readonly then: (expected: Readonly<Record<string, State>>) => void;
    /** The state of one key; `undefined` when the history does not touch it. */
    readonly thenState: (key: string, expected: State | undefined) => void;
  };
};

const isEnvelope = (event: DomainEvent): boolean => 'revision' in event;

const fold = <State, Ev extends DomainEvent>(
  projection: Projection<State, Ev>,
  batches: ReadonlyArray<ReadonlyArray<EventEnvelope<Ev>>>,
): Readonly<Record<string, State>> => {
  const states = makeInMemoryProjection(projection);
  for (const batch of batches) states.apply(batch);
  return Object.fromEntries(states.entries());
};

/**
 * Given/then for a projection. Every history is folded as one batch, event by event, and twice over, and all three must
 * end in the same state: how a history is cut is not seen, and repeats do no harm.
 *
 * @example
 * specifyProjection(people).given([{ type: 'UserRenamed', data }]).then({ [userId]: { name: 'Ada' } });
 */
export const specifyProjection = <State, Ev extends DomainEvent>(
  projection: Projection<State, Ev>,
): ProjectionSpecification<State, Ev> => ({
  given: (history) => {
    const envelopes = history.every(isEnvelope)
      ? (history as ReadonlyArray<EventEnvelope<Ev>>)
      : testEnvelopes(history as ReadonlyArray<Ev>);
    const states = fold(projection, [envelopes]);
    const single = fold(
      projection,
      envelopes.map((event) => [event]),
    );
    assert.deepStrictEqual(single, states, 'event by event, the history ends in another state');
    const twice = fold(projection, [envelopes, envelopes]);
    assert.deepStrictEqual(twice, states, 'folded twice, the history ends in another state');
    return {
      then: (expected) => assert.deepStrictEqual(states, expected, 'another state was expected'),
      thenState: (key, expected) =>
        assert.deepStrictEqual(states[key], expected, `another state of ${key} was expected`),
    };
  },
});
