import { specifyDecider } from '@learnamp/directory-sync-event-sourcing/testing';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DirectoryEvent } from '../events/directory-events.js';
import type { ObjectId } from '../ids.js';
import type { GroupObservation, MemberKind, MemberObserved } from '../observations.js';
import { group, person } from '../testing/made-ids.js';
import { detectAbsentMembers, detectGroup, type KnownGroup } from './detect-group.js';

const sales = group(1);
const [ann, ben, cleo] = [person(1), person(2), person(3)];

const known = (
  members: ReadonlyArray<readonly [ObjectId, MemberKind]> = [],
  more: Partial<KnownGroup> = {},
): KnownGroup => ({
  groupId: sales,
  met: true,
  deleted: false,
  ...more,
  members: new Map(members),
});

const evolve = (state: KnownGroup, event: DirectoryEvent): KnownGroup => {
  const members = new Map(state.members);
  if (event.type === 'GroupMemberAdded') members.set(event.data.memberId, event.data.kind);
  if (event.type === 'GroupMemberRemoved') members.delete(event.data.memberId);
  if (event.type === 'GroupDeleted') return { ...state, deleted: true };
  if (event.type === 'GroupRestored') return { ...state, deleted: false };
  if (event.type === 'GroupNameChanged') return { ...state, name: event.data.to };
  return { ...state, members };
};

const present = (memberId: ObjectId, kind: MemberKind = 'user'): MemberObserved => ({ memberId, kind, present: true });
const absent = (memberId: ObjectId, kind: MemberKind = 'user'): MemberObserved => ({ memberId, kind, present: false });
const slice = (...members: ReadonlyArray<MemberObserved>): GroupObservation => ({
  _tag: 'GroupObserved',
  groupId: sales,
  members,
});
const added = (memberId: ObjectId, kind: MemberKind = 'user'): DirectoryEvent => ({
  type: 'GroupMemberAdded',
  data: { groupId: sales, memberId, kind },
});
const removed = (memberId: ObjectId, kind: MemberKind = 'user'): DirectoryEvent => ({
  type: 'GroupMemberRemoved',
  data: { groupId: sales, memberId, kind },
});

const { given } = specifyDecider(detectGroup, { evolve });

describe('given a group, when a slice of its members is told', () => {
  it('new members are added and removed ones removed; whom it does not mention stays (FC-17)', () => {
    given(
      known([
        [ann, 'user'],
        [ben, 'user'],
      ]),
    )
      .when(slice(present(cleo), absent(ann)))
      .then([added(cleo), removed(ann)]);
  });

  it('members told again, and removals of people never met, are no news (FC-16, FC-19)', () => {
    given(known([[ann, 'user']]))
      .when(slice(present(ann), absent(ben), present(ann)))
      .thenNothing();
    given(known()).when(slice()).thenNothing();
  });

  it('of two mentions of one member in an entry the last one wins', () => {
    given(known())
      .when(slice(present(ann), absent(ann)))
      .thenNothing();
    given(known([[ann, 'user']]))
      .when(slice(absent(ann), present(ann)))
      .thenNothing();
  });

  it('a removal keeps the kind that is known', () => {
    given(known([[group(2), 'group']]))
      .when(slice(absent(group(2), 'other')))
      .then([removed(group(2), 'group')]);
  });

  it('a member of a kind that nobody could tell is told again once it is known, and never the other way', () => {
    given(known([[ann, 'other']]))
      .when(slice(present(ann, 'user')))
      .then([added(ann, 'user')]);
    given(known([[ann, 'user']]))
      .when(slice(present(ann, 'other')))
      .thenNothing();
  });

  it('a device is recorded as a member of another kind (FC-18)', () => {
    given(known())
      .when(slice(present(person(9), 'other')))
      .then([added(person(9), 'other')]);
  });
});

describe('given a group, when its end is told', () => {
  const gone: GroupObservation = { _tag: 'GroupRemoved', groupId: sales, reason: 'soft' };

  it('it is deleted once, and its members are no leavers yet (FC-13)', () => {
    given(known([[ann, 'user']]))
      .when(gone)
      .then([{ type: 'GroupDeleted', data: { groupId: sales, reason: 'soft' } }]);
    given(known([], { deleted: true }))
      .when(gone)
      .thenNothing();
    given(known([], { met: false }))
      .when(gone)
      .thenNothing();
  });

  it('an ordinary entry restores it, with the members that it names', () => {
    given(known([[ann, 'user']], { deleted: true }))
      .when(slice(present(ben)))
      .then([{ type: 'GroupRestored', data: { groupId: sales } }, added(ben)]);
  });
});

describe('given what a group is called', () => {
  const named = (from: string | null, to: string): DirectoryEvent => ({
    type: 'GroupNameChanged',
    data: { groupId: sales, from, to },
  });
  const told = (name: string): GroupObservation => ({ _tag: 'GroupObserved', groupId: sales, name, members: [] });

  it('is told once, and again when it is another name', () => {
    given(known())
      .when(told('Sales'))
      .then([named(null, 'Sales')]);
    given(known([], { name: 'Sales' }))
      .when(told('Sales'))
      .thenNothing();
    given(known([], { name: 'Sales' }))
      .when(told('Selling'))
      .then([named('Sales', 'Selling')]);
  });

  it('stays where an entry does not mention it', () => {
    given(known([], { name: 'Sales' }))
      .when(slice(present(ann)))
      .then([added(ann)]);
  });
});

describe('given a full round that saw a group from its beginning to its end', () => {
  it('members that it did not name are removed, each with the kind that is known', () => {
    const before = known([
      [ann, 'user'],
      [group(2), 'group'],
      [ben, 'user'],
    ]);
    expect(detectAbsentMembers(before, new Set([ben]))).toEqual([removed(ann), removed(group(2), 'group')]);
    expect(detectAbsentMembers(before, new Set([ann, ben, group(2)]))).toEqual([]);
  });
});

describe('slices of one group', () => {
  const members = fc.uniqueArray(fc.nat(9), { maxLength: 8 }).map((numbers) => numbers.map((number) => person(number)));

  it('that agree end in the same members in any split, order and number (FC-17, FC-19)', () => {
    fc.assert(
      fc.property(
        members,
        members,
        fc.array(fc.nat(3), { minLength: 40, maxLength: 40 }),
        fc.infiniteStream(fc.boolean()),
        (before, now, places, again) => {
          const truth = [
            ...before.filter((id) => !now.includes(id)).map((id) => absent(id)),
            ...now.map((id) => present(id)),
          ];
          const told = truth.flatMap((mention) => (again.next().value === true ? [mention, mention] : [mention]));
          // Each mention goes to one of four pages, in any place of it.
          const pages: MemberObserved[][] = [[], [], [], []];
          told.forEach((mention, at) => {
            const page = pages[places[at] ?? 0];
            if (again.next().value === true) page?.push(mention);
            else page?.unshift(mention);
          });
          const end = pages.reduce(
            (state, page) => detectGroup(state, slice(...page)).reduce(evolve, state),
            known(before.map((id) => [id, 'user'] as const)),
          );
          expect(new Set(end.members.keys())).toEqual(new Set(now));
        },
      ),
    );
  });

  it('told again, in whatever state the group is, give no events', () => {
    const mention = fc.record({
      memberId: fc.nat(4).map(person),
      kind: fc.constantFrom<MemberKind>('user', 'group', 'other'),
      present: fc.boolean(),
    });
    const told = fc.oneof(
      fc.constant<GroupObservation>({ _tag: 'GroupRemoved', groupId: sales, reason: 'permanent' }),
      fc.array(mention, { maxLength: 6 }).map((items) => slice(...items)),
    );
    fc.assert(
      fc.property(fc.array(told, { maxLength: 6 }), (observations) => {
        let state: KnownGroup = known();
        for (const observation of observations) {
          state = detectGroup(state, observation).reduce(evolve, state);
          expect(detectGroup(state, observation)).toEqual([]);
        }
      }),
    );
  });
});
