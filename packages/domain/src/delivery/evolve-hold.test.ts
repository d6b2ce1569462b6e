import { testEnvelopes } from '@learnamp/directory-sync-event-sourcing/testing';
import { describe, expect, it } from 'vitest';
import type { Command } from '../commands.js';
import type { DirectoryEvent } from '../events/directory-events.js';
import type { CommandId } from '../ids.js';
import { account as accountId, person } from '../testing/made-ids.js';
import { joined, wholeProfile } from '../testing/made-observations.js';
import { initialDelivered, type DeliveredPerson } from './delivered-person.js';
import { deliveredKeysOf, evolveDelivered } from './evolve-delivered.js';

const [ann, boss] = [person(1), person(2)];
const at = { userId: ann, learnAmpUserId: accountId(1) };
const identity = { email: 'ann@contoso.com', firstName: 'Ann', lastName: 'Archer' };
const shown = { learnAmpUserId: accountId(1), ...identity, status: 'confirmed' as const };
const commandId = 'c' as CommandId;
const deactivate: Command = { kind: 'DeactivateUser', ...at, reason: 'left_scope' };
const create: Command = { kind: 'CreateUser', userId: ann, identity, externalId: ann, profile: {}, invite: 'none' };
const linked: DirectoryEvent = { type: 'UserLinked', data: { ...at, how: 'created' } };

type Kind = 'deactivations' | 'creations';
const held = (kind: Kind = 'deactivations'): DirectoryEvent => ({
  type: 'CommandsHeld',
  data: { kind, reason: 'count', userIds: [ann, boss], graphTime: '2026-03-01T00:00:00Z' },
});
const decided = (
  type: 'HeldCommandsApproved' | 'HeldCommandsRejected',
  kind: Kind = 'deactivations',
): DirectoryEvent => ({ type, data: { kind, userIds: [ann], actor: 'x', reason: 'y' } });
const approved = (kind?: Kind): DirectoryEvent => decided('HeldCommandsApproved', kind);
const refusedBy = (kind?: Kind): DirectoryEvent => decided('HeldCommandsRejected', kind);
const dispatched = (command: Command): DirectoryEvent => ({
  type: 'CommandsDispatched',
  data: { plannerVersion: 1, graphTime: '', items: [{ commandId, subject: ann, kind: command.kind, mac: '' }] },
});
const succeeded = (command: Command, result: 'updated' | 'noop' | 'found' = 'updated'): DirectoryEvent => ({
  type: 'CommandSucceeded',
  data: { commandId, command, result },
});
const rejected: DirectoryEvent = {
  type: 'CommandRejected',
  data: { commandId, command: deactivate, code: 'protected', fields: [] },
};
const observed = (status: 'confirmed' | 'deactivated'): DirectoryEvent => ({
  type: 'LearnAmpUserObserved',
  data: { userId: ann, account: { ...shown, status } },
});
const news = (type: 'AccountBlocked' | 'AccountUnblocked' | 'UserRestored'): DirectoryEvent => ({
  type,
  data: { userId: ann },
});

const after = (...history: ReadonlyArray<DirectoryEvent>): DeliveredPerson =>
  testEnvelopes(history)
    .filter((event) => deliveredKeysOf(event).includes(ann))
    .reduce((state, event) => evolveDelivered(state, event, ann), initialDelivered(ann));
const standing = (...history: ReadonlyArray<DirectoryEvent>): string | undefined => after(...history).hold?.standing;

describe('a hold', () => {
  it('stands until it is decided or dissolved, each for its own kind', () => {
    expect(after(held()).hold).toEqual({
      kind: 'deactivations',
      standing: 'held',
      reason: 'count',
      since: '2026-03-01T00:00:00Z',
    });
    expect(standing(held(), approved())).toBe('approved');
    expect(standing(held(), refusedBy())).toBe('rejected');
    expect(standing(held(), approved('creations'))).toBe('held');
    expect(
      standing(held(), { type: 'HoldDissolved', data: { kind: 'deactivations', userIds: [ann] } }),
    ).toBeUndefined();
  });

  it('an approval asks again for what Learn Amp refused to do unasked', () => {
    const refused = [linked, rejected, held()];
    expect(after(...refused).rejected.DeactivateUser).toBeDefined();
    expect(after(...refused, approved()).rejected).toEqual({});
    expect(after(...refused, refusedBy()).rejected.DeactivateUser).toBeDefined();
  });
});

describe('an approval', () => {
  it.each(['updated', 'noop', 'found'] as const)('ends with the deactivation it was for (%s)', (result) => {
    expect(standing(linked, held(), approved(), dispatched(deactivate))).toBe('approved');
    expect(standing(linked, held(), approved(), dispatched(deactivate), succeeded(deactivate, result))).toBeUndefined();
  });

  it('ends with the account that it was for, however that was come by', () => {
    expect(standing(held('creations'), approved('creations'), succeeded(create))).toBeUndefined();
    expect(standing(held('creations'), approved('creations'), linked)).toBeUndefined();
  });

  it('ends where the answer was lost, and a look shows that it was done', () => {
    const sent = [linked, observed('confirmed'), held(), approved(), dispatched(deactivate)];
    expect(standing(...sent, observed('deactivated'))).toBeUndefined();
    expect(standing(...sent, observed('confirmed'))).toBe('approved');
  });

  it('stands over a refusal: what was approved was not done yet', () => {
    expect(standing(linked, held(), approved(), dispatched(deactivate), rejected)).toBe('approved');
  });

  it('is used up by a return', () => {
    expect(standing(held(), approved(), joined(ann, wholeProfile('Ann')))).toBeUndefined();
  });

  it('of a blocked account ends when it is not blocked any more, whatever comes after', () => {
    expect(standing(held(), approved(), news('AccountUnblocked'))).toBeUndefined();
    expect(standing(held(), approved(), news('AccountUnblocked'), news('AccountBlocked'))).toBeUndefined();
  });
});

describe('a rejection', () => {
  const joinedAgain = joined(ann, wholeProfile('Ann'));
  const left: DirectoryEvent = { type: 'UserLeftGroup', data: { userId: ann, reason: 'removed' } };
  const deleted: DirectoryEvent = { type: 'UserDeleted', data: { userId: ann, reason: 'soft' } };
  const titled: DirectoryEvent = { type: 'JobTitleChanged', data: { userId: ann, from: null, to: 'Analyst' } };
  const numbered: DirectoryEvent = {
    type: 'CustomAttributeChanged',
    data: { userId: ann, attribute: 'employeeId', from: null, to: '7' },
  };

  it.each([left, deleted, news('AccountBlocked'), news('AccountUnblocked'), joinedAgain])(
    'of a deactivation is armed again by $type (FC-07)',
    (event) => {
      expect(standing(held(), refusedBy(), event)).toBeUndefined();
      expect(standing(held(), event)).toBe('held');
    },
  );

  it.each([titled, numbered, news('UserRestored')])('of a deactivation is not undone by %j', (event) => {
    expect(standing(held(), refusedBy(), event)).toBe('rejected');
  });

  it.each([
    ...[left, deleted, joinedAgain, titled, numbered],
    ...[news('AccountBlocked'), news('AccountUnblocked'), news('UserRestored')],
  ])('of a creation is armed again by any change of the person: $type', (event) => {
    expect(standing(held('creations'), refusedBy('creations'), event)).toBeUndefined();
    expect(standing(held('creations'), event)).toBe('held');
  });

  it('is not undone by what becomes of others, or by a look', () => {
    const other: DirectoryEvent = { type: 'UserLeftGroup', data: { userId: boss, reason: 'removed' } };
    expect(standing(linked, held(), refusedBy(), other, observed('confirmed'))).toBe('rejected');
  });
});
