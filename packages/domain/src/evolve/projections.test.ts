import type { Projection } from '@learnamp/directory-sync-event-sourcing';
import { specifyProjection, testEnvelopes } from '@learnamp/directory-sync-event-sourcing/testing';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { directoryEvents, type DirectoryEvent, type DirectoryEventType } from '../events/directory-events.js';
import { histories, madeTypes } from '../testing/arbitrary-events.js';
import { connections, deliveredPeople, directoryPeople } from '../testing/projections.js';
import { statesAfter, withStretchesAgain } from '../testing/repeated.js';
import { isLater, isRepeat } from './revision-text.js';

const specify = <State>(projection: Projection<State, DirectoryEvent>): void => {
  describe(`the projection ${projection.name}`, () => {
    it('meets every type of event it folds in the histories made here', () => {
      const missing = projection.handles.filter((type) => !madeTypes.includes(type));
      expect(missing).toEqual([]);
    });

    it('ends in the same state however a history is cut, and when it is folded twice', () => {
      fc.assert(
        fc.property(histories(projection.handles), (history) => {
          const events = testEnvelopes(history);
          specifyProjection<State, DirectoryEvent>(projection).given(events).then(statesAfter(projection, events));
        }),
        { numRuns: 300 },
      );
    });

    it('does not notice that any stretches of a history are read again', () => {
      fc.assert(
        fc.property(
          histories(projection.handles),
          fc.array(fc.tuple(fc.nat(30), fc.nat(10)), { maxLength: 5 }),
          (history, stretches) => {
            const events = testEnvelopes(history);
            expect(statesAfter(projection, withStretchesAgain(events, stretches))).toEqual(
              statesAfter(projection, events),
            );
          },
        ),
        { numRuns: 300 },
      );
    });

    it('leaves a state as it is, the very same, at events of other types', () => {
      const others = madeTypes.filter((type: DirectoryEventType) => !projection.handles.includes(type));
      fc.assert(
        fc.property(histories(others), (history) => {
          const state = projection.initial('key');
          for (const event of testEnvelopes(history)) expect(projection.evolve(state, event, 'key')).toBe(state);
        }),
        { numRuns: 50 },
      );
    });
  });
};

specify(directoryPeople);
specify(deliveredPeople);
specify(connections);

describe('the histories made here', () => {
  it('consist of events that the log would take', () => {
    const codecs = new Map<string, { readonly is: (data: unknown) => boolean }>(
      directoryEvents.map(({ type, data }) => [type, data]),
    );
    fc.assert(
      fc.property(histories(madeTypes), (history) => {
        for (const { type, data } of history) expect([type, codecs.get(type)?.is(data)]).toEqual([type, true]);
      }),
    );
  });
});

describe('revisions as text', () => {
  it('are compared as numbers, and nothing lies before "never"', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 70n }), fc.bigInt({ min: 0n, max: 2n ** 70n }), (left, right) => {
        expect(isLater(left.toString(), right.toString())).toBe(left > right);
        expect(isRepeat(right.toString(), left)).toBe(left <= right);
      }),
    );
    expect([isLater('0', ''), isLater('', ''), isLater('', '0')]).toEqual([true, false, false]);
  });
});
