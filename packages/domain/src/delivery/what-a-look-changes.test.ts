import { testEnvelopes } from '@learnamp/directory-sync-event-sourcing/testing';
import { describe, expect, it } from 'vitest';
import type { Command, CommandKind } from '../commands.js';
import type { DirectoryEvent } from '../events/directory-events.js';
import type { CommandId } from '../ids.js';
import type { LearnAmpAccount } from '../learn-amp-account.js';
import { account as accountId, person } from '../testing/made-ids.js';
import { initialDelivered, type DeliveredPerson } from './delivered-person.js';
import { evolveDelivered } from './evolve-delivered.js';
import { addressChangedByHand } from './note-drift.js';

const [ann, ben] = [person(1), person(2)];
const at = { userId: ann, learnAmpUserId: accountId(1) };
const identity = { email: 'ann@contoso.com', firstName: 'Ann', lastName: 'Archer' };
const shown: LearnAmpAccount = { learnAmpUserId: accountId(1), ...identity, status: 'confirmed' };
const commandId = 'c' as CommandId;

const update: Command = { kind: 'UpdateProfile', ...at, identity, set: { jobTitle: 'x' }, clear: [] };
const linked: DirectoryEvent = { type: 'UserLinked', data: { ...at, how: 'found' } };
const observed = (account: LearnAmpAccount | null): DirectoryEvent => ({
  type: 'LearnAmpUserObserved',
  data: { userId: ann, account },
});
const dispatched = (kind: CommandKind): DirectoryEvent => ({
  type: 'CommandsDispatched',
  data: { plannerVersion: 1, graphTime: '', items: [{ commandId, subject: ann, kind, mac: '' }] },
});
const rejected = (command: Command, code: 'validation' | 'not_found' = 'validation'): DirectoryEvent => ({
  type: 'CommandRejected',
  data: { commandId, command, code, fields: [] },
});
const succeeded = (command: Command, account?: LearnAmpAccount, photoHash?: string): DirectoryEvent => ({
  type: 'CommandSucceeded',
  data: {
    commandId,
    command,
    result: 'updated',
    ...(account === undefined ? {} : { account }),
    ...(photoHash === undefined ? {} : { photoHash }),
  },
});
const drift = (...fields: ReadonlyArray<string>): DirectoryEvent => ({
  type: 'DriftDetected',
  data: { userId: ann, fields },
});
const unanswered = (kind: CommandKind, subject: string = ann): DirectoryEvent => ({
  type: 'CommandsUnanswered',
  data: { graphTime: 't', items: [{ subject, kind }] },
});
const parked: DirectoryEvent = { type: 'CommandParked', data: { userId: ann, kind: 'UpdateProfile', reason: 'x' } };

const after = (...history: ReadonlyArray<DirectoryEvent>): DeliveredPerson =>
  testEnvelopes(history).reduce((state, event) => evolveDelivered(state, event, ann), initialDelivered(ann));
const known = [linked, observed(shown)];

describe('an account that is there again', () => {
  it('has what was refused and parked asked anew; one that was there all along does not', () => {
    const troubled = [...known, rejected(update), parked];
    expect(after(...troubled, observed(shown))).toMatchObject({ gone: false, parked: { UpdateProfile: 'x' } });
    expect(after(...troubled, observed(shown)).rejected.UpdateProfile).toBeDefined();
    expect(after(...troubled, observed(null))).toMatchObject({ gone: true, parked: { UpdateProfile: 'x' } });
    expect(after(...troubled, observed(null), observed(shown))).toMatchObject({
      gone: false,
      parked: {},
      rejected: {},
    });
  });

  it('is gone for whoever is linked alone, when a write finds nobody', () => {
    expect(after(...known, rejected(update, 'not_found')).gone).toBe(true);
    expect(after(...known, rejected(update, 'validation')).gone).toBe(false);
    expect(after(rejected(update, 'not_found')).gone).toBe(false);
  });
});

describe('an address that somebody changed at Learn Amp', () => {
  const theirs = { ...shown, email: 'theirs@contoso.com' };
  const changed = [...known, observed(theirs), drift('email')];

  it('is parked until the account shows another one, or the directory says something new', () => {
    expect(after(...changed).parked.ChangeEmail).toBe(addressChangedByHand);
    expect(after(...changed, observed({ ...theirs, email: 'THEIRS@contoso.com' })).parked.ChangeEmail).toBeDefined();
    expect(after(...changed, observed(shown)).parked.ChangeEmail).toBeUndefined();
    const told: DirectoryEvent = { type: 'MailChanged', data: { userId: ann, from: null, to: 'x' } };
    expect(after(...changed, told).parked.ChangeEmail).toBeUndefined();
    const title: DirectoryEvent = { type: 'JobTitleChanged', data: { userId: ann, from: null, to: 'x' } };
    expect(after(...changed, title).parked.UpdateProfile).toBeUndefined();
  });

  it('is no matter of another field, nor where two people stood in each other’s way', () => {
    expect(after(...known, drift('jobTitle')).parked).toEqual({});
    const conflict: DirectoryEvent = {
      type: 'IdentityConflictDetected',
      data: { userId: ann, conflict: 'address-swap', otherUserId: ben, learnAmpUserId: accountId(2) },
    };
    expect(after(...known, conflict, drift('email')).parked).toEqual({});
  });
});

describe('an answer that shows another account', () => {
  const other: LearnAmpAccount = { ...shown, learnAmpUserId: accountId(2), email: 'ben@contoso.com' };

  it('says nothing of the linked one', () => {
    expect(after(...known, succeeded(update, { ...other, role: 'owner' })).role).toBeUndefined();
    expect(after(...known, observed(other)).email).toBe('ann@contoso.com');
  });

  it('is taken for the linked one where it is that one, and for the candidate where it is that', () => {
    expect(after(...known, succeeded(update, { ...shown, role: 'owner' })).role).toBe('owner');
    const candidate = after(observed(shown), succeeded(update, { ...shown, role: 'owner' })).candidate;
    expect(candidate).toMatchObject({ role: 'owner', email: 'ann@contoso.com' });
    const elsewhere = after(observed(shown), succeeded(update, other)).candidate;
    expect(elsewhere).toMatchObject({ learnAmpUserId: accountId(1) });
  });
});

describe('an avatar', () => {
  const set: Command = { kind: 'SetAvatar', ...at, photo: 'mark' };
  const clear: Command = { kind: 'ClearAvatar', ...at };
  const sent = [...known, succeeded(set, undefined, 'hash')];

  it('is known by its mark and what was sent', () => {
    expect(after(...sent).photo).toEqual({ mark: 'mark', contentHash: 'hash' });
    expect(after(...known, succeeded(set)).photo).toEqual({ mark: 'mark', contentHash: null });
    expect(after(...sent, succeeded(update, undefined, 'other')).photo).toEqual({ mark: 'mark', contentHash: 'hash' });
    expect(after(...sent, succeeded(clear)).photo).toBeNull();
  });

  it('that was set or cleared without a receipt is in doubt after the next look, and no other is', () => {
    const doubt = { mark: null, contentHash: null };
    expect(after(...sent, dispatched('ClearAvatar'), observed(shown)).photo).toEqual(doubt);
    expect(after(...known, dispatched('SetAvatar'), observed(shown)).photo).toEqual(doubt);
    expect(after(...sent, observed(shown)).photo).toEqual({ mark: 'mark', contentHash: 'hash' });
    expect(after(...known, dispatched('ClearAvatar'), observed(shown)).photo).toBeUndefined();
  });
});

describe('a command without an answer', () => {
  it('is counted for the person it was for, and by its kind, until anything is answered', () => {
    const twice = [...known, unanswered('UpdateProfile'), unanswered('UpdateProfile')];
    expect(after(...twice).unanswered.UpdateProfile).toMatchObject({ times: 2, at: 't' });
    expect(after(...known, unanswered('UpdateProfile', ben)).unanswered).toEqual({});
    expect(after(...known, unanswered('EnsureTeam')).unanswered).toEqual({});
    expect(after(...twice, succeeded(update)).unanswered).toEqual({});
    expect(after(...twice, rejected(update)).unanswered).toEqual({});
  });
});

describe('a deactivation that was carried out', () => {
  const deactivate: Command = { kind: 'DeactivateUser', ...at, reason: 'left_scope' };
  const held: DirectoryEvent = {
    type: 'CommandsHeld',
    data: { kind: 'deactivations', reason: 'count', userIds: [ann], graphTime: 't' },
  };

  it('ends the hold; another command does not', () => {
    expect(after(...known, held, succeeded(update)).hold).toBeDefined();
    expect(after(...known, held, succeeded(deactivate)).hold).toBeUndefined();
  });
});
