import type { DirectoryEvent } from '@learnamp/directory-sync-domain';
import { testEnvelopes } from '@learnamp/directory-sync-event-sourcing/testing';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { histories, madeTypes } from '../../packages/domain/src/testing/arbitrary-events.js';
import { makeEngineState, type EngineState } from '../../packages/engine/src/state/engine-state.js';
import { isLong } from '../../packages/engine/src/state/fold-events.js';
import { stateDigest } from '../../packages/engine/src/state/state-digest.js';

const LENGTH = 260;

/** Histories one after the other, until they make a stretch that is folded on plain copies. */
const stretch: fc.Arbitrary<ReadonlyArray<DirectoryEvent>> = fc
  .array(histories(madeTypes), { minLength: 4, maxLength: 20 })
  .map((parts) => parts.flat())
  .filter((events) => events.length > 0)
  .map((events) => Array.from({ length: LENGTH }, (_, at) => events[at % events.length] as DirectoryEvent));

const foldedIn = (events: ReadonlyArray<DirectoryEvent>, size: number): EngineState => {
  const state = makeEngineState();
  const envelopes = testEnvelopes(events);
  for (let at = 0; at < envelopes.length; at += size) {
    const part = envelopes.slice(at, at + size);
    const revision = BigInt(at + part.length - 1);
    state.apply(part, { revision, hash: `hash ${revision}` });
  }
  return state;
};

describe('a long stretch of the log', () => {
  it('is folded on plain copies into what short ones are folded into by immer, and touches the same people', () => {
    expect(isLong(Array.from({ length: LENGTH }))).toBe(true);
    fc.assert(
      fc.property(stretch, fc.integer({ min: 1, max: 40 }), (events, size) => {
        const [long, short] = [foldedIn(events, LENGTH), foldedIn(events, size)];
        expect(stateDigest(long)).toBe(stateDigest(short));
        expect(long.counts()).toEqual(short.counts());
        expect(long.newestKey()).toBe(short.newestKey());
        expect([...long.takeTouched()].sort()).toEqual([...short.takeTouched()].sort());
      }),
      { numRuns: 60 },
    );
  });

  it('leaves what was folded before it as it was', () => {
    fc.assert(
      fc.property(stretch, (events) => {
        const state = foldedIn(events, LENGTH);
        const people = [...state.people()];
        const delivered = [...state.deliveredPeople()];
        const before = JSON.stringify([people, delivered]);
        const again = testEnvelopes(Array.from({ length: 3 }, () => events).flat()).slice(LENGTH);
        state.apply(again, { revision: BigInt(3 * LENGTH - 1), hash: 'later' });
        expect(JSON.stringify([people, delivered])).toBe(before);
      }),
      { numRuns: 40 },
    );
  });
});
