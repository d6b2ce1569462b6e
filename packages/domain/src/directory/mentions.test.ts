import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ObjectId } from '../ids.js';
import type { ManagerMention, UserObservation, UserObserved } from '../observations.js';
import { foldPerson, ignoringRevisions, personAfter } from '../testing/fold.js';
import { person } from '../testing/made-ids.js';
import { joined, notMentioned, seen, tracked, wholeProfile } from '../testing/made-observations.js';
import { isDeletedAccountName } from './deleted-account-name.js';
import { detectUser } from './detect-user.js';
import type { DirectoryPerson } from './directory-person.js';
import { mergeMentions } from './merge-mentions.js';

const [ann, boss, chief] = [person(1), person(2), person(3)];
const profile = wholeProfile('Ann');
/** What a reader without permission is shown. */
const unseen = seen(ann, { userPrincipalName: null, displayName: null, jobTitle: null });
const known = personAfter(ann, joined(ann, profile, { managerId: boss }));

const cut = <A>(items: ReadonlyArray<A>, cuts: ReadonlyArray<number>): ReadonlyArray<ReadonlyArray<A>> => {
  const places = [0, ...cuts.map((place) => place % (items.length + 1)).sort((a, b) => a - b), items.length];
  return places.slice(1).map((end, at) => items.slice(places[at], end));
};

/** What is known of Ann once these pages were recorded, one behind the other. */
const after = (pages: ReadonlyArray<ReadonlyArray<UserObservation>>): DirectoryPerson =>
  pages.reduce(
    (state, page) =>
      mergeMentions(page).observations.reduce(
        (before, entry) => foldPerson(before, detectUser(before, entry, tracked)),
        state,
      ),
    known,
  );

/** What stands: what was there in between and is gone again is told only when a page ends in between. */
const valuesOf = (state: DirectoryPerson) => ({
  ...ignoringRevisions(state),
  attributes: Object.fromEntries(Object.entries(state.attributes).filter(([, value]) => value !== null)),
  previousManagerId: null,
});

describe('mentions of one person', () => {
  /** The change that Graph tells in pieces: new values, an emptied title, another manager, a blocked account. */
  const truth: UserObserved = seen(
    ann,
    { ...profile, jobTitle: null, department: 'Research', employeeId: '7', surname: 'Lee' },
    { accountEnabled: false, manager: { _tag: 'Entries', assigned: chief, removed: [boss] } },
  );
  const pieces: fc.Arbitrary<ReadonlyArray<UserObserved>> = fc
    .array(
      fc.record({
        keys: fc.subarray(Object.keys(truth.attributes)),
        accountEnabled: fc.constantFrom(undefined, false),
        manager: fc.constantFrom<ManagerMention>(
          notMentioned,
          truth.manager,
          { _tag: 'Entries', assigned: undefined, removed: [boss] },
          { _tag: 'Entries', assigned: chief, removed: [] },
          { _tag: 'Known', managerId: chief },
        ),
      }),
      { maxLength: 5 },
    )
    .map((parts) =>
      parts.map(({ keys, ...more }) =>
        seen(ann, Object.fromEntries(keys.map((key) => [key, truth.attributes[key] ?? null])), more),
      ),
    );

  it('that agree end in the same state in any split, order and number (FC-19, FC-21)', () => {
    const whole = ignoringRevisions(after([[truth]]));
    fc.assert(
      fc.property(
        pieces.chain((parts) => fc.shuffledSubarray([...parts, ...parts, truth], { minLength: parts.length * 2 + 1 })),
        fc.array(fc.nat(20), { maxLength: 4 }),
        (mentions, cuts) => {
          expect(ignoringRevisions(after(cut(mentions, cuts)))).toEqual(whole);
        },
      ),
    );
  });

  it('that disagree end with the last one, wherever the service cuts its pages (FC-17)', () => {
    const anyManager = fc.constantFrom<ManagerMention>(
      notMentioned,
      { _tag: 'Known', managerId: null },
      { _tag: 'Known', managerId: chief },
      { _tag: 'Entries', assigned: boss, removed: [] },
      { _tag: 'Entries', assigned: chief, removed: [boss] },
      { _tag: 'Entries', assigned: undefined, removed: [boss] },
      { _tag: 'Entries', assigned: undefined, removed: [chief] },
      { _tag: 'Entries', assigned: undefined, removed: [chief, boss] },
    );
    const mention = fc
      .record({
        attributes: fc.dictionary(
          fc.constantFrom('userPrincipalName', 'displayName', 'jobTitle', 'department', 'employeeId'),
          fc.constantFrom('a', 'b', null),
        ),
        accountEnabled: fc.constantFrom(undefined, true, false),
        manager: anyManager,
        complete: fc.boolean(),
      })
      .map(({ attributes, ...more }) => seen(ann, attributes, more));
    fc.assert(
      fc.property(fc.array(mention, { maxLength: 6 }), fc.array(fc.nat(20), { maxLength: 4 }), (mentions, cuts) => {
        const oneByOne = after(mentions.map((entry) => [entry]));
        expect(valuesOf(after(cut(mentions, cuts)))).toEqual(valuesOf(oneByOne));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the entries of one page', () => {
  const removed = (reason: 'soft' | 'permanent'): UserObservation => ({ _tag: 'UserRemoved', userId: ann, reason });

  it('become one observation a person, in the order people were met', () => {
    const { observations, contradicted } = mergeMentions([
      seen(ann, { jobTitle: 'a' }),
      seen(boss, { jobTitle: 'b' }),
      seen(ann, { department: 'c', jobTitle: 'd' }),
    ]);
    expect(observations).toEqual([seen(ann, { jobTitle: 'd', department: 'c' }), seen(boss, { jobTitle: 'b' })]);
    expect(contradicted).toEqual([]);
  });

  it('that speak of somebody as removed and alive decide nothing, in either order: Graph is asked', () => {
    for (const page of [
      [removed('soft'), seen(ann, profile)],
      [seen(ann, profile), removed('soft')],
    ])
      expect(mergeMentions([...page, seen(boss)])).toEqual({
        observations: [seen(boss)],
        contradicted: [ann],
        disagreeing: [],
      });
  });

  it('that say nothing contradict nothing', () => {
    const limited = seen(ann, { userPrincipalName: null });
    for (const page of [
      [removed('soft'), limited],
      [limited, removed('soft')],
    ])
      expect(mergeMentions(page)).toMatchObject({ observations: [removed('soft')], contradicted: [], disagreeing: [] });
    expect(mergeMentions([limited])).toMatchObject({ observations: [limited], contradicted: [] });
  });

  it('that name two values for one thing are told apart from those that say more', () => {
    const disagreeing = (...page: ReadonlyArray<UserObservation>) => mergeMentions(page).disagreeing;
    expect(disagreeing(seen(ann, { jobTitle: 'x' }), seen(ann, { jobTitle: 'y' }))).toEqual([ann]);
    expect(disagreeing(seen(ann, { jobTitle: 'x' }), seen(ann, { jobTitle: null }))).toEqual([ann]);
    expect(disagreeing(seen(ann, { jobTitle: 'x' }), seen(ann, { department: 'y' }), seen(boss))).toEqual([]);
    expect(disagreeing(seen(ann, { jobTitle: 'x' }), seen(ann, { jobTitle: 'x' }))).toEqual([]);
  });

  it('that tell a permanent and a soft removal tell the permanent one, in either order', () => {
    for (const page of [
      [removed('permanent'), removed('soft')],
      [removed('soft'), removed('permanent')],
    ])
      expect(mergeMentions(page).observations).toEqual([removed('permanent')]);
  });
});

describe('two mentions of one person on a page', () => {
  const named = (managerId: ObjectId | null): ManagerMention => ({ _tag: 'Known', managerId });
  const entries = (assigned: ObjectId | undefined, ...removed: ReadonlyArray<ObjectId>): ManagerMention => ({
    _tag: 'Entries',
    assigned,
    removed,
  });
  const said = (manager: ManagerMention) => seen(ann, {}, { manager });
  const together = (...mentions: ReadonlyArray<UserObserved>) => mergeMentions(mentions);
  const disagrees = (...mentions: ReadonlyArray<UserObserved>) => together(...mentions).disagreeing.length > 0;

  it.each<readonly [boolean, string, UserObserved, UserObserved]>([
    [true, 'another value', seen(ann, { jobTitle: 'a' }), seen(ann, { jobTitle: 'b' })],
    [true, 'a value and none', seen(ann, { jobTitle: 'a' }), seen(ann, { jobTitle: null })],
    [true, 'one of several', seen(ann, { jobTitle: 'a', surname: 'x' }), seen(ann, { jobTitle: 'a', surname: 'y' })],
    [false, 'the same value', seen(ann, { jobTitle: 'a' }), seen(ann, { jobTitle: 'a' })],
    [false, 'different attributes', seen(ann, { jobTitle: 'a' }), seen(ann, { surname: 'b' })],
    [true, 'blocked and not', seen(ann, {}, { accountEnabled: true }), seen(ann, {}, { accountEnabled: false })],
    [false, 'blocked twice', seen(ann, {}, { accountEnabled: false }), seen(ann, {}, { accountEnabled: false })],
    [false, 'blocked, and nothing', seen(ann, {}, { accountEnabled: false }), seen(ann, {})],
    [false, 'nothing, and blocked', seen(ann, {}), seen(ann, {}, { accountEnabled: false })],
    [true, 'two managers', said(named(boss)), said(named(chief))],
    [true, 'a manager and none', said(named(boss)), said(named(null))],
    [true, 'a manager, and an entry that takes one away', said(named(boss)), said(entries(undefined, boss))],
    [true, 'two entries', said(entries(boss)), said(entries(chief))],
    [false, 'one manager in two ways', said(named(boss)), said(entries(boss))],
    [false, 'none in two ways', said(named(null)), said(entries(undefined, boss))],
    [false, 'a manager, and nothing of one', said(named(boss)), said(notMentioned)],
    [false, 'nothing of a manager, and one', said(notMentioned), said(named(boss))],
    [false, 'a value, and an answer that shows nothing', seen(ann, { jobTitle: 'a' }), unseen],
    [false, 'an answer that shows nothing, and a value', unseen, seen(ann, { jobTitle: 'a' })],
  ])('disagree (%s) by %s', (expected, _, earlier, later) => {
    expect(disagrees(earlier, later)).toBe(expected);
    expect(disagrees(later, earlier)).toBe(expected);
  });

  it.each<readonly [string, ManagerMention, ManagerMention, ManagerMention]>([
    ['one that was named, taken away', named(boss), entries(undefined, boss), named(null)],
    ['one that was given, taken away', entries(boss), entries(undefined, boss), named(null)],
    ['one that was named, and another one taken away', named(boss), entries(undefined, chief), named(boss)],
    ['none that was named, and one taken away', named(null), entries(undefined, boss), named(null)],
    ['one that was given, and another one taken away', entries(boss), entries(undefined, chief), entries(boss, chief)],
    ['taken away twice', entries(undefined, boss), entries(undefined, chief), entries(undefined, boss, chief)],
    ['taken away, and another one given', entries(undefined, boss), entries(chief), entries(chief, boss)],
    ['one that was named, and another one given', named(boss), entries(chief), entries(chief)],
    ['named last', entries(boss), named(chief), named(chief)],
    ['nothing first', notMentioned, entries(boss), entries(boss)],
    ['nothing last', entries(boss), notMentioned, entries(boss)],
  ])('say of a manager: %s', (_, earlier, later, manager) => {
    expect(together(said(earlier), said(later)).observations).toEqual([said(manager)]);
  });
});

it('a name with blanks around it still is that of a deleted account, and no name is none', () => {
  const name = `${ann.replaceAll('-', '')}ann@contoso.com`;
  expect(isDeletedAccountName(ann, ` ${name.toUpperCase()}`)).toBe(true);
  expect([null, undefined, '', 'ann@contoso.com'].map((each) => isDeletedAccountName(ann, each))).toEqual([
    ...[false, false, false, false],
  ]);
});
