import { describe, expect, it } from 'vitest';
import type { DirectoryEvent } from '../events/directory-events.js';
import type { Preferences } from '../preferences/preferences.js';
import { ann, ben, openCompany, type Company } from '../testing/company.js';

const staffed = (preferences: Partial<Preferences> = {}): Company => {
  const company = openCompany(preferences);
  company.join(ann);
  company.sync();
  return company;
};
const confirmed: DirectoryEvent = { type: 'LeaveConfirmed', data: { userId: ann, by: 'checkMemberGroups' } };
const unconfirmed = (because: 'still-a-member' | 'forbidden' | 'unreadable'): DirectoryEvent => ({
  type: 'LeaveUnconfirmed',
  data: { userId: ann, because },
});
const rejected = (company: Company, code: 'last_owner' | 'protected'): DirectoryEvent => ({
  type: 'CommandRejected',
  data: { commandId: 'c' as never, command: company.plan(ann).leaver!, code, fields: [] },
});

describe('given somebody with an account who left', () => {
  it('a deactivation is wanted once a second read has agreed, and nothing before', () => {
    const company = staffed();
    company.leave(ann, { confirmed: false });
    expect(company.plan(ann)).toMatchObject({ commands: [], leaver: undefined, notes: [] });
    company.record(confirmed);
    expect(company.plan(ann)).toMatchObject({
      commands: [],
      leaver: {
        kind: 'DeactivateUser',
        userId: ann,
        learnAmpUserId: company.delivered(ann).link,
        reason: 'left_scope',
      },
    });
    expect(company.sync()).toEqual(['DeactivateUser']);
    expect(company.wanted()).toEqual([]);
  });

  it('a deleted account says so (FC-14)', () => {
    const company = staffed();
    company.leave(ann, { deleted: true });
    expect(company.plan(ann).leaver).toMatchObject({ reason: 'deleted' });
  });

  it.each(['still-a-member', 'forbidden', 'unreadable'] as const)(
    '%s confirms nothing, and is told (FC-02, FC-20)',
    (because) => {
      const company = staffed();
      company.leave(ann);
      company.record(unconfirmed(because));
      expect(company.plan(ann)).toMatchObject({
        leaver: undefined,
        notes: [{ kind: 'leave-unconfirmed', reason: because }],
      });
      company.record(confirmed);
      expect(company.plan(ann)).toMatchObject({ leaver: { kind: 'DeactivateUser' }, notes: [] });
    },
  );

  it.each([0, 1, 3])(
    '%i rounds of grace want one agreement more than that, without a contradiction in between',
    (graceRounds) => {
      const company = staffed({ graceRounds });
      company.leave(ann, { confirmed: false });
      const agreements: ReadonlyArray<DirectoryEvent> = Array.from({ length: graceRounds + 1 }, () => confirmed);
      company.record(...agreements.slice(1), unconfirmed('unreadable'), ...agreements.slice(1));
      expect(company.plan(ann).leaver).toBeUndefined();
      company.record(confirmed);
      expect(company.plan(ann).leaver).toBeDefined();
    },
  );

  it('who comes back before it was sent is not deactivated, and nothing is sent at all (FC-06)', () => {
    const company = staffed();
    company.leave(ann);
    company.join(ann);
    expect(company.wanted()).toEqual([]);
  });

  it('an account that is inactive or gone already needs nothing (FC-45)', () => {
    const company = staffed();
    company.leave(ann);
    company.sync();
    company.record({ type: 'UserDeleted', data: { userId: ann, reason: 'permanent' } });
    expect(company.wanted()).toEqual([]);
    const gone = staffed();
    gone.record({ type: 'LearnAmpUserObserved', data: { userId: ann, account: null } });
    gone.leave(ann);
    expect(gone.wanted()).toEqual([]);
  });

  it('whoever was never linked is left alone, although an account would match', () => {
    const company = openCompany({ adoptByEmail: false });
    company.learnAmp.add({ email: 'ann@contoso.com' });
    company.join(ann);
    company.sync();
    company.leave(ann);
    expect(company.wanted()).toEqual([]);
    expect(company.plan(ann).notes).toEqual([]);
  });

  it('whoever was never in scope is left alone, whatever else is recorded of them', () => {
    const company = openCompany();
    company.leave(ann);
    company.record({ type: 'UserLinked', data: { userId: ann, learnAmpUserId: '7' as never, how: 'found' } });
    expect(company.person(ann)?.leave?.confirmations).toBe(1);
    expect(company.wanted()).toEqual([]);
  });

  it.each([
    ['the object id', ann],
    ['the principal name, however it is written', 'ann@contoso.com'],
    ['the mail', 'ann.mail@contoso.com'],
    ['the address at Learn Amp', 'ann.old@contoso.com'],
  ])('neverDeactivate by %s protects, and is told', (_, entry) => {
    const company = openCompany({ neverDeactivate: [entry] });
    company.join(ann, { userPrincipalName: 'Ann.Old@contoso.com', mail: 'Ann.Mail@contoso.com' });
    company.join(ben);
    company.sync();
    company.tell(ann, 'UserPrincipalNameChanged', 'ANN@contoso.com');
    for (const userId of [ann, ben]) company.leave(userId);
    expect(company.plan(ann)).toMatchObject({ leaver: undefined, notes: [{ kind: 'protected' }] });
    expect(company.sync()).toEqual(['DeactivateUser']);
    company.preferences = { ...company.preferences, neverDeactivate: [] };
    expect(company.sync()).toEqual(['DeactivateUser']);
  });

  it('a refusal is told while it stands, and not sent again; an approval by name asks again', () => {
    const company = staffed();
    company.leave(ann);
    company.record(rejected(company, 'last_owner'));
    expect(company.plan(ann)).toMatchObject({
      leaver: undefined,
      notes: [{ kind: 'rejected', reason: 'DeactivateUser: last_owner' }],
    });
    const userIds = [ann];
    company.record({
      type: 'CommandsHeld',
      data: { kind: 'deactivations', reason: 'protected', userIds, graphTime: '' },
    });
    expect(company.plan(ann)).toMatchObject({ leaver: undefined, notes: [] });
    company.record({ type: 'HeldCommandsApproved', data: { kind: 'deactivations', userIds, actor: 'x', reason: 'y' } });
    expect(company.plan(ann).leaver).toBeDefined();
  });

  it('a deletion told again, which a read contradicts, is over once the person is seen as a member (FC-20)', () => {
    const company = staffed();
    company.leave(ann, { deleted: true, confirmed: false });
    company.record(unconfirmed('still-a-member'));
    expect(company.plan(ann).leaver).toBeUndefined();
    expect(company.person(ann)).toMatchObject({ inScope: false, deleted: undefined });
  });
});

describe('given somebody in scope whose account is blocked (FC-50)', () => {
  const block: DirectoryEvent = { type: 'AccountBlocked', data: { userId: ann } };
  const unblock: DirectoryEvent = { type: 'AccountUnblocked', data: { userId: ann } };

  it('nothing happens by default, and details go on', () => {
    const company = staffed();
    company.record(block);
    expect(company.wanted()).toEqual([]);
    company.tell(ann, 'JobTitleChanged', 'x');
    expect(company.sync()).toEqual(['UpdateProfile']);
  });

  it('deactivateBlockedAccounts deactivates, without details in between, and unblocking brings everything back', () => {
    const company = staffed({ deactivateBlockedAccounts: true });
    company.record(block);
    company.tell(ann, 'JobTitleChanged', 'x');
    expect(company.plan(ann)).toMatchObject({ commands: [], leaver: { reason: 'disabled' } });
    expect(company.sync()).toEqual(['DeactivateUser']);
    expect(company.wanted()).toEqual([]);
    company.record(unblock);
    expect(company.sync()).toEqual(['ReactivateUser', 'UpdateProfile', 'SetPrimaryTeam']);
  });

  it('leaving the group as well is one deactivation, not two rules against each other', () => {
    const company = staffed({ deactivateBlockedAccounts: true });
    company.record(block);
    company.sync();
    company.leave(ann);
    expect(company.wanted()).toEqual([]);
    company.join(ann, {}, { accountEnabled: false });
    expect(company.wanted()).toEqual([]);
  });

  it('neverDeactivate protects here, too', () => {
    const company = staffed({ deactivateBlockedAccounts: true, neverDeactivate: [ann] });
    company.record(block);
    expect(company.plan(ann)).toMatchObject({ leaver: undefined, notes: [{ kind: 'protected' }] });
  });
});
