import type { DirectoryEvent } from '@learnamp/directory-sync-domain';
import type { ProjectionDatabase } from '@learnamp/directory-sync-event-sourcing';
import { makeMemoryProjections } from '@learnamp/directory-sync-event-sourcing';
import { testEnvelopes } from '@learnamp/directory-sync-event-sourcing/testing';
import { expect, it } from 'vitest';
import { group, person } from '../../../domain/src/testing/made-ids.js';
import { makeEngineState, type EngineState } from './engine-state.js';

const basis = 'the same preferences';
const history: ReadonlyArray<DirectoryEvent> = [
  { type: 'GroupMemberAdded', data: { groupId: group(0), memberId: person(1), kind: 'user' } },
  { type: 'DisplayNameChanged', data: { userId: person(1), from: null, to: 'Ann' } },
  { type: 'GroupMemberAdded', data: { groupId: group(0), memberId: person(2), kind: 'user' } },
  { type: 'DisplayNameChanged', data: { userId: person(2), from: null, to: 'Ben' } },
];
const envelopes = testEnvelopes(history);

/** Folds so many events of the history. */
const fold = (state: EngineState, count: number): void =>
  state.apply(envelopes.slice(0, count), { revision: BigInt(count - 1), hash: `hash ${String(count)}` });

/** A cycle that looked at everybody, and found everybody as they should be. */
const settleAll = ({ work }: EngineState): void => {
  work.beginSweep();
  work.settlePlans({ plannedWith: basis, busy: new Map(), swept: true });
  work.settleScope({ open: new Set(), everybody: true });
};

/** What a process does: it opens the state over rows that others write, too. */
const inAnotherProcess = async (database: ProjectionDatabase): Promise<EngineState> =>
  makeEngineState(await database.rows({ name: 'a stream', version: '1' }));

it('what is appended after another process settled everybody is noted for whoever opens the rows next', async () => {
  const database = makeMemoryProjections();
  const first = await inAnotherProcess(database);
  fold(first, 2);
  const second = await inAnotherProcess(database);
  settleAll(second);
  fold(first, 4);
  const { work } = await inAnotherProcess(database);
  expect(work.isEverybodyPending(basis)).toBe(false);
  expect(work.isEverybodyUnsettled()).toBe(false);
  expect([...work.pending()]).toEqual([person(2)]);
  expect([...work.unsettled()]).toEqual([person(2)]);
});

it('another process that planned with other preferences is noticed, although it appended nothing', async () => {
  const database = makeMemoryProjections();
  const first = await inAnotherProcess(database);
  fold(first, 2);
  settleAll(first);
  const { work } = await inAnotherProcess(database);
  work.settlePlans({ plannedWith: 'other preferences', busy: new Map(), swept: true });
  expect(first.work.isEverybodyPending(basis)).toBe(true);
});
