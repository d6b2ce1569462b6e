import { specifyProjection, testEnvelopes } from '@learnamp/directory-sync-event-sourcing/testing';
import { describe, expect, it } from 'vitest';
import type { DirectoryEvent } from '../events/directory-events.js';
import { personAfter } from '../testing/fold.js';
import { group, person } from '../testing/made-ids.js';
import { joined, wholeProfile } from '../testing/made-observations.js';
import { directoryPeople } from '../testing/projections.js';
import { initialPerson, type DirectoryPerson } from './directory-person.js';
import { evolvePerson } from './evolve-person.js';

const [ann, boss, chief] = [person(1), person(2), person(3)];
const profile = wholeProfile('Ann');
const join = joined(ann, { ...profile, jobTitle: null, employeeId: null }, { managerId: boss, path: [group(0)] });
const event = (type: DirectoryEvent['type'], more: object = {}): DirectoryEvent =>
  ({ type, data: { userId: ann, ...more } }) as DirectoryEvent;
const left = event('UserLeftGroup', { reason: 'removed' });
const confirmed = event('LeaveConfirmed', { by: 'checkMemberGroups' });
const unconfirmed = event('LeaveUnconfirmed', { because: 'forbidden' });

const after = (...history: ReadonlyArray<DirectoryEvent>): DirectoryPerson => personAfter(ann, ...history);
const withoutTitle = Object.fromEntries(Object.entries(profile).filter(([name]) => name !== 'jobTitle'));

describe('a person in the directory', () => {
  it('who joined has the whole profile; what was empty counts as never had', () => {
    specifyProjection<DirectoryPerson, DirectoryEvent>(directoryPeople)
      .given([join])
      .then({
        [ann]: {
          ...initialPerson(ann),
          inScope: true,
          everInScope: true,
          attributes: withoutTitle,
          managerId: boss,
          path: [group(0)],
          joinedRevision: '0',
          factRevision: '0',
        },
      });
  });

  it('what is emptied later is remembered as emptied', () => {
    expect(after(join, event('DepartmentChanged', { from: 'Sales', to: null })).attributes).toEqual({
      ...withoutTitle,
      department: null,
    });
    expect(
      after(join, event('CustomAttributeChanged', { attribute: 'a.b', from: null, to: 'x' })).attributes,
    ).toMatchObject({ 'a.b': 'x' });
  });

  it('each attribute follows its own event', () => {
    const state = after(
      join,
      event('UserTypeChanged', { from: 'Member', to: 'Guest' }),
      event('MailChanged', { from: null, to: 'x' }),
    );
    expect(state.attributes).toEqual({ ...withoutTitle, userType: 'Guest', mail: 'x' });
  });

  it('who left keeps what is known, and why', () => {
    expect(after(join, left)).toMatchObject({
      inScope: false,
      everInScope: true,
      attributes: withoutTitle,
      leave: { reason: 'removed', confirmations: 0, contradictions: 0, because: undefined },
    });
  });

  it('second reads are counted while they agree, and from the beginning after one that does not', () => {
    expect(after(join, left, confirmed, confirmed).leave).toMatchObject({ confirmations: 2, contradictions: 0 });
    expect(after(join, left, confirmed, unconfirmed, unconfirmed).leave).toMatchObject({
      confirmations: 0,
      contradictions: 2,
      because: 'forbidden',
    });
    expect(after(join, left, unconfirmed, confirmed).leave).toMatchObject({
      confirmations: 1,
      contradictions: 0,
      because: undefined,
    });
    expect(after(join, confirmed, unconfirmed).leave).toBeUndefined();
  });

  it('a second read that arrives twice counts once', () => {
    const events = testEnvelopes([join, left, confirmed]);
    const again = [...events, ...events.slice(2)];
    const state = again.reduce((before, told) => evolvePerson(before, told, ann), initialPerson(ann));
    expect(state.leave?.confirmations).toBe(1);
  });

  it('who returns starts anew: profile, manager, leave, deletion, and the place among those who wait (FC-44)', () => {
    const gone = event('UserDeleted', { reason: 'soft' });
    expect(after(join, event('JobTitleChanged', { from: null, to: 'x' }), gone, left, confirmed, join)).toEqual({
      ...after(join),
      joinedRevision: '5',
      factRevision: '5',
    });
  });

  it('the place among those who wait is of the entry: neither a change nor a leave moves it', () => {
    const changed = event('DepartmentChanged', { from: 'Sales', to: 'Legal' });
    expect(after(event('AccountBlocked'), join, changed, left, confirmed).joinedRevision).toBe('1');
  });

  it('a manager who was taken away is remembered as long as there is none', () => {
    const taken = event('ManagerUnassigned', { from: boss });
    const given = event('ManagerAssigned', { managerId: chief, from: null });
    expect(after(join, taken)).toMatchObject({ managerId: null, previousManagerId: boss });
    expect(after(join, taken, given)).toMatchObject({ managerId: chief, previousManagerId: null });
  });

  it('a deletion ends with the restoring, or with a read that finds the account a member (FC-20)', () => {
    const gone = event('UserDeleted', { reason: 'soft' });
    expect(after(join, gone).deleted).toBe('soft');
    expect(after(join, gone, event('UserDeleted', { reason: 'permanent' })).deleted).toBe('permanent');
    expect(after(join, gone, event('UserRestored')).deleted).toBeUndefined();
    expect(after(join, gone, left, unconfirmed).deleted).toBe('soft');
    expect(after(join, gone, left, event('LeaveUnconfirmed', { because: 'still-a-member' })).deleted).toBeUndefined();
  });

  it('who is erased keeps ids alone, until they join anew', () => {
    const erased = event('PersonErased', { actor: 'x', reason: 'y' });
    const state = after(join, event('UserDeleted', { reason: 'soft' }), left, erased);
    const { factRevision } = state;
    expect(state).toEqual({ ...initialPerson(state.userId), everInScope: true, erased: true, factRevision });
    expect(after(join, erased, join)).toMatchObject({ erased: false, attributes: withoutTitle });
  });

  it('blocked and unblocked follow each other', () => {
    expect(after(join, event('AccountBlocked')).accountEnabled).toBe(false);
    expect(after(join, event('AccountBlocked'), event('AccountUnblocked')).accountEnabled).toBe(true);
  });

  it('what is said of a manager, a team or Learn Amp is no fact about the person', () => {
    const state = after(join);
    const others: ReadonlyArray<DirectoryEvent> = [
      { type: 'ManagerAssigned', data: { userId: chief, managerId: ann, from: null } },
      event('UserLinked', { learnAmpUserId: '1', how: 'created' }),
    ];
    expect(after(join, ...others)).toEqual(state);
  });

  it('the photo is known by its mark, stays known beyond a leave, and is null once it was removed', () => {
    const photo = event('PhotoChanged', { from: null, to: 'a mark' });
    expect(after(join).photo).toBeUndefined();
    expect(after(join, photo, left, join).photo).toBe('a mark');
    expect(after(join, photo, event('PhotoRemoved')).photo).toBeNull();
  });
});
