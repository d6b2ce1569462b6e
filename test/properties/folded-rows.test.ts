import { type DirectoryEvent, type LearnAmpUserId, type ObjectId } from '@learnamp/directory-sync-domain';
import type { Head, ProjectionRows } from '@learnamp/directory-sync-event-sourcing';
import { testEnvelopes } from '@learnamp/directory-sync-event-sourcing/testing';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { histories, madeTypes } from '../../packages/domain/src/testing/arbitrary-events.js';
import { account, group, person } from '../../packages/domain/src/testing/made-ids.js';
import { type EngineState, makeEngineState } from '../../packages/engine/src/state/engine-state.js';
import { overlayRows } from '../../packages/engine/src/state/overlay-rows.js';
import { stateDigest } from '../../packages/engine/src/state/state-digest.js';
import { deliveredFlags } from '../../packages/engine/src/state/tables.js';
import { jsonProjections } from '../support/json-projections.js';

const edge: fc.Arbitrary<DirectoryEvent> = fc
  .record({
    type: fc.constantFrom('GroupMemberAdded' as const, 'GroupMemberRemoved' as const),
    groupId: fc.constantFrom(group(0), group(1), group(2)),
    memberId: fc.constantFrom(person(1), person(2), group(1), group(2)),
    kind: fc.constantFrom('user' as const, 'group' as const, 'other' as const),
  })
  .map(({ type, ...data }) => ({ type, data }));

const history: fc.Arbitrary<ReadonlyArray<DirectoryEvent>> = fc
  .tuple(histories(madeTypes), histories(madeTypes), fc.array(edge, { maxLength: 12 }))
  .chain((parts) => fc.shuffledSubarray(parts.flat(), { minLength: parts.flat().length }));

const people: ReadonlyArray<ObjectId> = [person(1), person(2)];
const addresses = ['a', 'b'];
const accounts: ReadonlyArray<LearnAmpUserId> = [account(1), account(2)];

/** Everything anybody asks a state. */
const answers = (state: EngineState): unknown => {
  const reach = state.membership.reach(group(0));
  return {
    digest: stateDigest(state),
    head: state.head(),
    counts: state.counts(),
    largest: state.largestActive('2026-03-02T00:00:00Z', 24),
    indexes: deliveredFlags.map((index) => [index, state.deliveredIn(index)]),
    inScope: [...state.inScope()].map(({ userId }) => userId),
    holders: [...addresses.map(state.holderOfEmail), ...accounts.map(state.holderOfAccount)],
    reached: [...reach.groups, ...people.map(reach.holderOf), [...state.membership.usersIn(reach)].sort()],
    everybody: [state.work.isEverybodyUnsettled(), state.work.isEverybodyPending('these')],
    // Who is noted is told only while not everybody is.
    pending: state.work.isEverybodyPending('these') ? [] : [...state.work.pending()],
    unsettled: state.work.isEverybodyUnsettled() ? [] : [...state.work.unsettled()],
  };
};

const headAt = (revision: bigint): Head => ({ revision, hash: `hash ${revision}` });

const batchesOf = (events: ReadonlyArray<DirectoryEvent>, sizes: ReadonlyArray<number>) => {
  const envelopes = testEnvelopes(events);
  const batches: { readonly events: typeof envelopes; readonly head: Head }[] = [];
  for (let at = 0, cut = 0; at < envelopes.length; cut++) {
    const size = sizes[cut % Math.max(1, sizes.length)] ?? envelopes.length;
    const part = envelopes.slice(at, at + size);
    batches.push({ events: part, head: headAt(BigInt(at + part.length - 1)) });
    at += size;
  }
  return batches;
};

const newRows = (): Promise<ProjectionRows> => jsonProjections().rows({ name: 'a fold', version: '1' });

/** Nobody is pending and everybody is settled, so that what follows is noted by name. */
const settleAll = (state: EngineState): void => {
  state.work.beginSweep();
  state.work.settlePlans({ plannedWith: 'these', busy: new Map(), swept: true });
  state.work.settleScope({ open: new Set(), everybody: true });
};

const inOneGo = (events: ReadonlyArray<DirectoryEvent>): EngineState => {
  const state = makeEngineState();
  settleAll(state);
  for (const batch of batchesOf(events, [])) state.apply(batch.events, batch.head);
  return state;
};

const sizes = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 8 });

describe('state in rows of JSON', () => {
  it('answers like one that was folded in one go, however its events were cut and its process restarted', async () => {
    await fc.assert(
      fc.asyncProperty(history, sizes, fc.array(fc.boolean(), { minLength: 1 }), async (events, cuts, restarts) => {
        const rows = await newRows();
        let state = makeEngineState(rows);
        settleAll(state);
        for (const [at, batch] of batchesOf(events, cuts).entries()) {
          if (restarts[at % restarts.length] === true) state = makeEngineState(rows);
          state.apply(batch.events, batch.head);
        }
        expect(answers(state)).toEqual(answers(inOneGo(events)));
        expect(answers(makeEngineState(rows))).toEqual(answers(state));
      }),
      { numRuns: 150 },
    );
  });

  it('is the same for two processes on one file, whichever of them folds first', async () => {
    await fc.assert(
      fc.asyncProperty(history, sizes, fc.array(fc.boolean(), { minLength: 1 }), async (events, cuts, turns) => {
        const database = jsonProjections();
        const fold = { name: 'a fold', version: '1' };
        settleAll(makeEngineState(await database.rows(fold)));
        const both = [makeEngineState(await database.rows(fold)), makeEngineState(await database.rows(fold))];
        for (const [at, batch] of batchesOf(events, cuts).entries()) {
          const order = turns[at % turns.length] === true ? both : both.toReversed();
          for (const state of order) state.apply(batch.events, batch.head);
        }
        const wanted = answers(inOneGo(events));
        for (const state of both) expect(answers(state)).toEqual(wanted);
      }),
      { numRuns: 150 },
    );
  });

  it('is looked at without a trace: an overlay answers the same, and leaves the rows below as they were', async () => {
    await fc.assert(
      fc.asyncProperty(history, sizes, fc.nat(8), async (events, cuts, seen) => {
        const rows = await newRows();
        const state = makeEngineState(rows);
        settleAll(state);
        const batches = batchesOf(events, cuts);
        for (const batch of batches.slice(0, seen)) state.apply(batch.events, batch.head);
        const before = answers(state);
        const view = makeEngineState(overlayRows(rows));
        for (const batch of batches.slice(seen)) view.apply(batch.events, batch.head);
        expect(answers(view)).toEqual(answers(inOneGo(events)));
        expect(answers(makeEngineState(rows))).toEqual(before);
      }),
      { numRuns: 150 },
    );
  });
});
