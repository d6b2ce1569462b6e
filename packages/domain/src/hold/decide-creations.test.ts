import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ObjectId } from '../ids.js';
import { defaultPreferences } from '../preferences/default-preferences.js';
import type { CreationPlan } from './decide-creations.js';
import { decideCreations } from './decide-creations.js';
import type { Standing } from './decide-deactivations.js';

const id = (number: number): ObjectId => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}` as ObjectId;
const people = (count: number, from = 0): ReadonlyArray<ObjectId> =>
  Array.from({ length: count }, (_, at) => id(from + at));
const candidates = (userIds: ReadonlyArray<ObjectId>, standing: Standing = 'new') =>
  userIds.map((userId) => ({ userId, standing }));
const now = '2025-03-10T12:00:00Z';
const decide = (given: Partial<CreationPlan>) =>
  decideCreations({
    settings: defaultPreferences.creationHold,
    windowHours: 24,
    graphTime: now,
    largestActive: 1000,
    dispatched: [],
    candidates: [],
    initialSyncDone: true,
    ...given,
  });

describe('given the initial sync is done, when creations meet max(100, 25 % of N)', () => {
  test.each([
    [100, 0, undefined],
    [101, 0, 'count'],
    [100, 400, undefined],
    [101, 400, 'count'],
    [101, 401, 'large-share'],
    [101, 403, 'large-share'],
    [101, 404, undefined],
    [250, 1000, undefined],
    [251, 1000, 'large-share'],
    [251, 1004, undefined],
  ])('%i with %i: %s', (count, largestActive, reason) => {
    const decision = decide({ candidates: candidates(people(count)), largestActive });
    expect(decision.hold).toEqual(reason === undefined ? [] : [{ reason, userIds: people(count) }]);
    expect(decision.send).toHaveLength(reason === undefined ? count : 0);
  });

  test('what went out within the window counts, what is older does not', () => {
    const dispatched = people(100, 500).map((userId) => ({ userId, at: '2025-03-09T12:00:00Z' }));
    const given = { dispatched, largestActive: 10, candidates: candidates(people(1)) };
    expect(decide(given).send).toEqual([]);
    expect(decide({ ...given, graphTime: '2025-03-10T12:00:01Z' }).send).toEqual(people(1));
  });

  test('the held stay held and count, the approved go out and do not, the rejected are left alone', () => {
    const decision = decide({
      largestActive: 10,
      candidates: [
        ...candidates(people(100, 100), 'held'),
        ...candidates(people(300, 1000), 'approved'),
        ...candidates(people(300, 2000), 'rejected'),
        ...candidates(people(1)),
      ],
    });
    expect(decision).toEqual({
      send: people(300, 1000),
      hold: [{ reason: 'count', userIds: people(1) }],
      stillHeld: people(100, 100),
    });
  });
});

test('before the initial sync is done nothing is held', () => {
  expect(decide({ initialSyncDone: false, candidates: candidates(people(80_000)) }).send).toHaveLength(80_000);
});

test('switched off, nothing more is held, and what is held stays', () => {
  const settings = { ...defaultPreferences.creationHold, enabled: false };
  const given = [...candidates(people(5000)), ...candidates([id(9000)], 'held')];
  expect(decide({ settings, candidates: given })).toEqual({ send: people(5000), hold: [], stillHeld: [id(9000)] });
});

test('more candidates never set anybody free, in whatever order they come', () => {
  const some = fc.uniqueArray(
    fc.record({
      userId: fc.nat(60).map(id),
      standing: fc.constantFrom<Standing>('new', 'new', 'held', 'approved', 'rejected'),
    }),
    { selector: ({ userId }) => userId },
  );
  fc.assert(
    fc.property(some, fc.nat(60), fc.nat(60), fc.nat(10), (all, cut, largestActive, count) => {
      const settings = { enabled: true, count, share: 0.25 };
      const smaller = decide({ settings, largestActive, candidates: all.slice(0, cut) });
      const larger = decide({ settings, largestActive, candidates: all });
      for (const userId of smaller.hold.flatMap(({ userIds }) => userIds)) expect(larger.send).not.toContain(userId);
      expect(decide({ settings, largestActive, candidates: [...all].reverse() })).toEqual(larger);
    }),
    { numRuns: 1000 },
  );
});
