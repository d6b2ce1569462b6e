import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ObjectId } from '../ids.js';
import { defaultPreferences } from '../preferences/default-preferences.js';
import type { DeactivationCandidate, DeactivationPlan, HoldDecision } from './decide-deactivations.js';
import { decideDeactivations } from './decide-deactivations.js';

const id = (number: number): ObjectId => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}` as ObjectId;
const people = (count: number, from = 0): ReadonlyArray<ObjectId> =>
  Array.from({ length: count }, (_, at) => id(from + at));
const candidates = (
  userIds: ReadonlyArray<ObjectId>,
  rest: Partial<Omit<DeactivationCandidate, 'userId'>> = {},
): ReadonlyArray<DeactivationCandidate> =>
  userIds.map((userId) => ({ userId, protection: 'none', standing: 'new', ...rest }));

const now = '2025-03-10T12:00:00Z';
const plan = (given: Partial<DeactivationPlan>): DeactivationPlan => ({
  settings: defaultPreferences.deactivationHold,
  graphTime: now,
  largestActive: 1000,
  dispatched: [],
  candidates: [],
  scopeEmpty: false,
  scopeGroup: 'ok',
  ...given,
});
const decide = (given: Partial<DeactivationPlan>): HoldDecision => decideDeactivations(plan(given));
const dispatched = (userIds: ReadonlyArray<ObjectId>, at = now) => userIds.map((userId) => ({ userId, at }));
const heldBy = ({ hold }: HoldDecision) =>
  Object.fromEntries(hold.map(({ reason, userIds }) => [reason, userIds.length]));

describe('given a plan of new deactivations only, when D meets N', () => {
  test.each([
    // D, N, reason
    [4, 4, undefined],
    [4, 0, undefined],
    [5, 25, undefined],
    [5, 24, 'small-share'],
    [5, 0, 'small-share'],
    [19, 95, undefined],
    [19, 94, 'small-share'],
    [19, 380, undefined],
    [20, 400, undefined],
    [20, 399, 'large-share'],
    [20, 100, 'large-share'],
    [20, 99, 'small-share'],
    [29, 580, undefined],
    [29, 579, 'large-share'],
    [499, 9980, undefined],
    [499, 9979, 'large-share'],
    [499, 1_000_000, undefined],
    [500, 1_000_000, 'count'],
    [500, 500, 'count'],
  ])('%i of %i: %s', (count, largestActive, reason) => {
    const decision = decide({ candidates: candidates(people(count)), largestActive });
    expect(heldBy(decision)).toEqual(reason === undefined ? {} : { [reason]: count });
    expect(decision.send).toHaveLength(reason === undefined ? count : 0);
  });

  test('a share is compared exactly, whatever it is in binary', () => {
    const settings = { ...defaultPreferences.deactivationHold, smallShare: 0.29, smallShareFrom: 1, largeShare: 1 };
    expect(decide({ settings, candidates: candidates(people(29)), largestActive: 100 }).send).toHaveLength(29);
    expect(decide({ settings, candidates: candidates(people(30)), largestActive: 100 }).send).toHaveLength(0);
  });
});

describe('given the scope', () => {
  test('that would become empty, then all is held while there were two or more', () => {
    const leavers = candidates(people(2));
    expect(heldBy(decide({ candidates: leavers, largestActive: 2, scopeEmpty: true }))).toEqual({ 'scope-empty': 2 });
    expect(decide({ candidates: leavers.slice(1), largestActive: 1, scopeEmpty: true }).send).toEqual([id(1)]);
  });
  test.each(['deleted', 'unreadable', 'changed'] as const)(
    'whose group is %s, then all is held for that reason',
    (scopeGroup) => {
      const decision = decide({ candidates: candidates(people(1)), scopeGroup });
      expect(heldBy(decision)).toEqual({ [`scope-group-${scopeGroup}`]: 1 });
    },
  );
  test('whose group is changed and that is empty and past every number, then the group is the reason', () => {
    const decision = decide({ candidates: candidates(people(600)), scopeEmpty: true, scopeGroup: 'changed' });
    expect(heldBy(decision)).toEqual({ 'scope-group-changed': 600 });
    expect(heldBy(decide({ candidates: candidates(people(600)), scopeEmpty: true }))).toEqual({ 'scope-empty': 600 });
  });
});

describe('given what went out before', () => {
  test('when the sum of the window crosses the line, then the whole plan that crosses it is held', () => {
    const decision = decide({ dispatched: dispatched(people(30, 100)), candidates: candidates(people(21)) });
    expect(heldBy(decision)).toEqual({ 'large-share': 21 });
    expect(decide({ dispatched: dispatched(people(30, 100)), candidates: candidates(people(20)) }).send).toHaveLength(
      20,
    );
  });
  test('when it lies exactly at the window, it counts; a second earlier, it does not', () => {
    const leavers = candidates(people(1));
    const at = (time: string) => decide({ dispatched: dispatched(people(50, 100), time), candidates: leavers });
    expect(heldBy(at('2025-03-09T12:00:00Z'))).toEqual({ 'large-share': 1 });
    expect(at('2025-03-09T11:59:59Z').send).toHaveLength(1);
  });
  test('when its time lies ahead or cannot be read, it counts', () => {
    const leavers = candidates(people(1));
    for (const time of ['2025-03-11T12:00:00Z', 'yesterday', '']) {
      expect(decide({ dispatched: dispatched(people(50, 100), time), candidates: leavers }).send).toEqual([]);
    }
  });
  test('when somebody went out twice, or is sent again, they are one person', () => {
    const twice = [...dispatched(people(50)), ...dispatched(people(50))];
    expect(decide({ dispatched: twice, candidates: candidates(people(1)) }).send).toHaveLength(1);
  });
  test('when the window has moved on, a new small plan goes out and the held ones stay', () => {
    const held = candidates(people(40, 100), { standing: 'held' });
    const decision = decide({ candidates: [...held, ...candidates(people(1))], largestActive: 10_000 });
    expect(decision).toEqual({ send: people(1), hold: [], stillHeld: people(40, 100) });
  });
});

describe('given an owner or admin among the leavers', () => {
  test('then they are held alone', () => {
    const decision = decide({
      candidates: [...candidates(people(3)), ...candidates([id(9)], { protection: 'protected' })],
    });
    expect(decision.send).toEqual(people(3));
    expect(decision.hold).toEqual([{ reason: 'protected', userIds: [id(9)] }]);
  });
  test('then they never bring the line nearer for others', () => {
    const admins = candidates(people(600, 100), { protection: 'protected' });
    const heldAdmins = candidates(people(600, 800), { protection: 'protected', standing: 'held' });
    expect(decide({ candidates: [...admins, ...heldAdmins, ...candidates(people(50))] }).send).toEqual(people(50));
    expect(decide({ candidates: [...admins, ...heldAdmins, ...candidates(people(51))] }).send).toEqual([]);
  });
  test('then their own reason stands before that of the plan', () => {
    const leavers = [
      ...candidates(people(600)),
      ...candidates([id(700)], { protection: 'protected' }),
      ...candidates([id(701)], { protection: 'last-owner' }),
    ];
    expect(heldBy(decide({ candidates: leavers, scopeGroup: 'deleted' }))).toEqual({
      'scope-group-deleted': 600,
      protected: 1,
      'last-owner': 1,
    });
  });
  test('then an approval that names an admin sends, and the last owner stays', () => {
    const approved = [
      ...candidates([id(1)], { protection: 'protected', standing: 'approved' }),
      ...candidates([id(2)], { protection: 'last-owner', standing: 'approved' }),
    ];
    expect(decide({ candidates: approved })).toEqual({
      send: [id(1)],
      hold: [{ reason: 'last-owner', userIds: [id(2)] }],
      stillHeld: [],
    });
  });
});

describe('given decisions of a person', () => {
  test('then the approved go out beyond every line, and count for nobody else', () => {
    const approved = candidates(people(600, 100), { standing: 'approved' });
    const decision = decide({ candidates: [...approved, ...candidates(people(50))], scopeGroup: 'ok' });
    expect(decision.send).toHaveLength(650);
    expect(decide({ candidates: approved, scopeGroup: 'deleted', scopeEmpty: true }).send).toHaveLength(600);
  });
  test('then the rejected are neither sent nor held, and count for nobody else', () => {
    const rejected = candidates(people(600, 100), { standing: 'rejected' });
    expect(decide({ candidates: [...rejected, ...candidates(people(50))] })).toEqual({
      send: people(50),
      hold: [],
      stillHeld: [],
    });
  });
  test('then after a partial approval the rest stays held, and new ones still count with them', () => {
    const held = candidates(people(50, 100), { standing: 'held' });
    const approved = candidates(people(10, 200), { standing: 'approved' });
    expect(decide({ candidates: [...held, ...approved, ...candidates(people(1))] })).toEqual({
      send: people(10, 200),
      hold: [{ reason: 'large-share', userIds: people(1) }],
      stillHeld: people(50, 100),
    });
  });
});

describe('given the hold is switched off', () => {
  const settings = { ...defaultPreferences.deactivationHold, enabled: false };
  test('then numbers and an empty scope hold nobody', () => {
    expect(decide({ settings, candidates: candidates(people(600)), scopeEmpty: true }).send).toHaveLength(600);
  });
  test('then owners, admins and the state of the scope group still do', () => {
    const leavers = [...candidates(people(2)), ...candidates([id(9)], { protection: 'protected' })];
    expect(heldBy(decide({ settings, candidates: leavers }))).toEqual({ protected: 1 });
    expect(heldBy(decide({ settings, candidates: leavers, scopeGroup: 'unreadable' }))).toEqual({
      'scope-group-unreadable': 2,
      protected: 1,
    });
  });
  test('then what is held stays held', () => {
    expect(decide({ settings, candidates: candidates(people(2), { standing: 'held' }) })).toEqual({
      send: [],
      hold: [],
      stillHeld: people(2),
    });
  });
});

describe('whatever the plan', () => {
  const settings = fc.record({
    enabled: fc.boolean(),
    windowHours: fc.integer({ min: 1, max: 48 }),
    count: fc.integer({ min: 0, max: 20 }),
    largeShare: fc.double({ min: 0, max: 1, noNaN: true }),
    largeShareFrom: fc.nat(10),
    smallShare: fc.double({ min: 0, max: 1, noNaN: true }),
    smallShareFrom: fc.nat(10),
  });
  const candidate = fc.record({
    userId: fc.nat(40).map(id),
    protection: fc.constantFrom('none', 'none', 'none', 'protected', 'last-owner' as const),
    standing: fc.constantFrom('new', 'new', 'held', 'approved', 'rejected' as const),
  });
  const someCandidates = fc.uniqueArray(candidate, { selector: ({ userId }) => userId, maxLength: 30 });
  const time = fc
    .integer({ min: -60, max: 2 })
    .map((hours) => new Date(Date.parse(now) + hours * 3_600_000).toISOString());
  const plans: fc.Arbitrary<DeactivationPlan> = fc.record({
    settings,
    graphTime: fc.constant(now),
    largestActive: fc.nat(60),
    dispatched: fc.array(fc.record({ userId: fc.nat(60).map(id), at: time }), { maxLength: 20 }),
    candidates: someCandidates,
    scopeEmpty: fc.boolean(),
    scopeGroup: fc.constantFrom('ok', 'ok', 'ok', 'deleted', 'unreadable', 'changed' as const),
  });
  const held = ({ hold }: HoldDecision) => hold.flatMap(({ userIds }) => userIds);
  const run = (property: (given: DeactivationPlan, decision: HoldDecision) => void) =>
    fc.assert(
      fc.property(plans, (given) => property(given, decideDeactivations(given))),
      { numRuns: 2000 },
    );

  test('everybody who is new or approved is either sent or held, and nobody else', () => {
    run((given, decision) => {
      const open = given.candidates.filter(({ standing }) => standing === 'new' || standing === 'approved');
      expect([...decision.send, ...held(decision)].sort()).toEqual(open.map(({ userId }) => userId).sort());
    });
  });
  test('the held stay held, the rejected are left alone, the last owner is never sent', () => {
    run((given, decision) => {
      const sent = new Set(decision.send);
      for (const { userId, protection, standing } of given.candidates) {
        if (standing === 'held') expect(decision.stillHeld).toContain(userId);
        if (standing === 'held' || standing === 'rejected' || protection === 'last-owner')
          expect(sent.has(userId)).toBe(false);
        if (standing === 'approved' && protection !== 'last-owner') expect(sent.has(userId)).toBe(true);
        if (standing === 'new' && protection === 'protected') expect(sent.has(userId)).toBe(false);
      }
    });
  });
  test('of the new ones without protection all are sent or none', () => {
    run((given, decision) => {
      const sent = new Set(decision.send);
      const ordinary = given.candidates.filter(
        ({ protection, standing }) => protection === 'none' && standing === 'new',
      );
      expect(new Set(ordinary.map(({ userId }) => sent.has(userId))).size).toBeLessThanOrEqual(1);
    });
  });
  test('the order of candidates and of what went out is irrelevant', () => {
    fc.assert(
      fc.property(plans, fc.infiniteStream(fc.nat()), (given, keys) => {
        const shuffled = <A>(items: ReadonlyArray<A>) =>
          items
            .map((item) => [keys.next().value as number, item] as const)
            .sort(([a], [b]) => a - b)
            .map(([, item]) => item);
        expect(
          decideDeactivations({
            ...given,
            candidates: shuffled(given.candidates),
            dispatched: shuffled(given.dispatched),
          }),
        ).toEqual(decideDeactivations(given));
      }),
      { numRuns: 1000 },
    );
  });
  test('more candidates, more that went out, or fewer people never set anybody free', () => {
    fc.assert(
      fc.property(plans, someCandidates, fc.nat(30), (given, more, fewer) => {
        const known = new Set(given.candidates.map(({ userId }) => userId));
        const added = more.filter(({ userId }) => !known.has(userId));
        const larger = {
          ...given,
          // An empty scope is held only while N >= 2, so N is not lowered past that.
          largestActive: Math.max(Math.min(given.largestActive, 2), given.largestActive - fewer),
          candidates: [...given.candidates, ...added],
          dispatched: [...given.dispatched, ...added.map(({ userId }) => ({ userId, at: now }))],
        };
        const sent = new Set(decideDeactivations(larger).send);
        for (const userId of held(decideDeactivations(given))) expect(sent.has(userId)).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });
  test('what one plan held is not released by a later, smaller one', () => {
    fc.assert(
      fc.property(plans, plans, (first, second) => {
        const waiting = new Set(held(decideDeactivations(first)));
        const later = {
          ...second,
          candidates: [
            ...second.candidates.filter(({ userId }) => !waiting.has(userId)),
            ...first.candidates
              .filter(({ userId }) => waiting.has(userId))
              .map((one) => ({ ...one, standing: 'held' as const })),
          ],
        };
        const decision = decideDeactivations(later);
        for (const userId of waiting) {
          expect(decision.send).not.toContain(userId);
          expect(decision.stillHeld).toContain(userId);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

test('a hundred thousand leavers are decided at once', () => {
  const decision = decide({ candidates: candidates(people(100_000)), largestActive: 100_000 });
  expect(heldBy(decision)).toEqual({ count: 100_000 });
});
