import type { Projection } from '@learnamp/directory-sync-event-sourcing';
import { testEnvelopes } from '@learnamp/directory-sync-event-sourcing/testing';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { connectionFromJson } from '../connection/connection-from-json.js';
import type { DirectoryEvent } from '../events/directory-events.js';
import { histories } from '../testing/arbitrary-events.js';
import { connections, deliveredPeople, directoryPeople } from '../testing/projections.js';

const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** Each state of a history, as text: once folded in memory, once through JSON between any two events. */
const bothWays = <State>(
  projection: Projection<State, DirectoryEvent>,
  history: ReadonlyArray<DirectoryEvent>,
  fromJson: (value: unknown) => State,
): readonly [inMemory: ReadonlyArray<unknown>, inRows: ReadonlyArray<unknown>] => {
  const events = testEnvelopes(history);
  const fold = (kept: (state: State) => State): ReadonlyArray<unknown> => {
    const states = new Map<string, State>();
    for (const event of events)
      if (projection.handles.includes(event.type))
        for (const key of projection.keysOf(event))
          states.set(key, kept(projection.evolve(states.get(key) ?? projection.initial(key), event, key)));
    return [...states].map(([key, state]) => [key, asJson(state)]);
  };
  return [fold((state) => state), fold((state) => fromJson(asJson(state)))];
};

const specify = <State>(
  projection: Projection<State, DirectoryEvent>,
  fromJson: (value: unknown) => State = (value) => value as State,
): void => {
  it(`${projection.name} ends in the same states when they are JSON between any two events`, () => {
    fc.assert(
      fc.property(histories(projection.handles), (history) => {
        const [inMemory, inRows] = bothWays(projection, history, fromJson);
        expect(inRows).toEqual(inMemory);
      }),
      { numRuns: 400 },
    );
  });
};

describe('states that are kept as rows', () => {
  specify(directoryPeople);
  specify(deliveredPeople);
  specify(connections, connectionFromJson);

  it('know a team called "constructor" from a word of the language', () => {
    const { teams } = connectionFromJson(asJson(connections.initial('')));
    expect('constructor' in teams).toBe(false);
  });
});
