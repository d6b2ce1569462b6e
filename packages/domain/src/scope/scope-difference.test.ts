import { describe, expect, it } from 'vitest';
import type { DirectoryPerson } from '../directory/directory-person.js';
import type { DirectoryEvent } from '../events/directory-events.js';
import type { ObjectId } from '../ids.js';
import { personAfter } from '../testing/fold.js';
import { group, person } from '../testing/made-ids.js';
import { joined, wholeProfile } from '../testing/made-observations.js';
import { scopeDifference } from './scope-difference.js';

const [ann, ben] = [person(1), person(2)];
const left = (userId: ObjectId): DirectoryEvent => ({ type: 'UserLeftGroup', data: { userId, reason: 'removed' } });
const deleted = (userId: ObjectId): DirectoryEvent => ({ type: 'UserDeleted', data: { userId, reason: 'soft' } });

const after = (userId: ObjectId, ...more: ReadonlyArray<DirectoryEvent>): DirectoryPerson =>
  personAfter(userId, joined(userId, wholeProfile('Ann')), ...more);

const decide = (people: ReadonlyArray<DirectoryPerson>, users: ReadonlyArray<ObjectId>, scopeChanged = false) =>
  scopeDifference({
    reach: {
      groups: new Map([[group(0), null]]),
      holderOf: (userId) => (users.includes(userId) ? group(0) : undefined),
    },
    candidates: new Set([...people.map(({ userId }) => userId), ...users]),
    person: (userId) => people.find((each) => each.userId === userId),
    scopeChanged,
  });
const leaves = (userId: ObjectId, reason: 'removed' | 'deleted' | 'scope-changed') => ({
  type: 'UserLeftGroup',
  data: { userId, reason },
});

describe('at the end of complete rounds', () => {
  it('whoever is still reachable neither joins nor leaves, whatever edges moved in between (FC-11)', () => {
    expect(decide([after(ann)], [ann])).toEqual({ joining: [], left: [] });
  });

  it('whoever is reachable and unknown, or left, joins', () => {
    expect(decide([after(ben, left(ben))], [ann, ben]).joining).toEqual([ben, ann]);
  });

  it('whoever is reachable no more leaves', () => {
    expect(decide([after(ann), after(ben)], [ben]).left).toEqual([leaves(ann, 'removed')]);
  });

  it('a deleted account leaves although its membership stands, and does not join by it (FC-14)', () => {
    expect(decide([after(ann, deleted(ann))], [ann])).toEqual({ joining: [], left: [leaves(ann, 'deleted')] });
    expect(decide([after(ann, deleted(ann), left(ann))], [ann])).toEqual({ joining: [], left: [] });
  });

  it('a restored account whose membership stands joins again (FC-44)', () => {
    const restored: DirectoryEvent = { type: 'UserRestored', data: { userId: ann } };
    expect(decide([after(ann, deleted(ann), left(ann), restored)], [ann]).joining).toEqual([ann]);
  });

  it('whoever was erased while in scope joins anew where they are reachable, and leaves otherwise', () => {
    const erased = { ...after(ann), erased: true };
    expect(decide([erased], [ann])).toEqual({ joining: [ann], left: [] });
    expect(decide([erased], [])).toEqual({ joining: [], left: [leaves(ann, 'removed')] });
  });

  it('leaves by another scope group say so; people in both groups do not notice (FC-04)', () => {
    expect(decide([after(ann), after(ben)], [ben], true)).toEqual({
      joining: [],
      left: [leaves(ann, 'scope-changed')],
    });
  });
});
