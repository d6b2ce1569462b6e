import { describe, expect, it } from 'vitest';
import type { Preferences } from '../preferences/preferences.js';
import { ann, ben, cleo, dan, openCompany, type Company } from '../testing/company.js';
import { person } from '../testing/made-ids.js';

/** Ann, managed by Ben, with Cleo beside them; all with accounts. */
const staffed = (preferences: Partial<Preferences> = {}): Company => {
  const company = openCompany(preferences);
  company.join(ann, {}, { managerId: ben });
  company.join(ben);
  company.join(cleo);
  company.sync();
  return company;
};

const overrideOf = (company: Company, userId = ann) => company.accountOf(userId)?.managerLearnAmpUserId;
const linkOf = (company: Company, userId: typeof ann) => company.delivered(userId).link;
const notesOf = (company: Company) => company.plan(ann).notes.map(({ kind, reason }) => `${kind}: ${reason}`);

describe('the override manager', () => {
  it('is set once both have accounts, whoever comes first (FC-64)', () => {
    const company = staffed();
    expect(overrideOf(company)).toBe(linkOf(company, ben));
    const kinds = company.learnAmp.sent.map(({ kind }) => kind);
    expect(kinds.lastIndexOf('CreateUser')).toBeLessThan(kinds.indexOf('SetOverrideManager'));
    expect(company.wanted()).toEqual([]);
  });

  it('follows the directory to another manager', () => {
    const company = staffed();
    company.manage(ann, cleo);
    expect(company.sync()).toEqual(['SetOverrideManager']);
    expect(overrideOf(company)).toBe(linkOf(company, cleo));
  });

  it('in a ring is set for everyone in it (FC-60)', () => {
    const company = staffed();
    company.manage(ben, ann);
    company.sync();
    expect([overrideOf(company), overrideOf(company, ben)]).toEqual([linkOf(company, ben), linkOf(company, ann)]);
  });

  it.each([
    ['clear', true],
    ['keep', false],
  ] as const)('is cleared when the manager was taken away, with blanks: %s (FC-63)', (blanks, clears) => {
    const company = staffed({ blanks });
    company.manage(ann, null);
    expect(company.sync()).toEqual(clears ? ['ClearOverrideManager'] : []);
    expect(overrideOf(company)).toBe(clears ? null : linkOf(company, ben));
    expect(company.wanted()).toEqual([]);
  });

  it('that somebody set by hand stays when the directory names none, or one without an account', () => {
    const company = staffed();
    company.manage(ann, null);
    company.sync();
    const account = { ...company.accountOf(ann)!, managerLearnAmpUserId: linkOf(company, cleo)! };
    company.learnAmp.accounts.set(account.learnAmpUserId, account);
    company.record({ type: 'LearnAmpUserObserved', data: { userId: ann, account } });
    expect(company.wanted()).toEqual([]);
    company.manage(ann, person(99));
    expect(company.sync()).toEqual([]);
    expect(overrideOf(company)).toBe(linkOf(company, cleo));
  });

  it('never points to the person, and an older one that was set is cleared (FC-60)', () => {
    const company = staffed();
    company.manage(ann, ann);
    expect(company.sync()).toEqual(['ClearOverrideManager']);
    expect(notesOf(company)).toEqual(['deferred: manager-self']);
    expect(company.plan(ann).standing).toEqual([]);
  });

  it('to somebody outside the scope waits, and is set in June when they join; nobody is made for being a boss (FC-61)', () => {
    const company = staffed();
    company.manage(ann, dan);
    expect(company.sync()).toEqual(['ClearOverrideManager']);
    expect(notesOf(company)).toEqual(['deferred: manager-absent']);
    expect(company.plan(ann).standing).toEqual([]);
    expect(company.plan(dan).commands).toEqual([]);
    company.join(dan);
    expect(company.sync()).toEqual(['CreateUser', 'SetPrimaryTeam', 'SetOverrideManager']);
    expect(overrideOf(company)).toBe(linkOf(company, dan));
    expect(notesOf(company)).toEqual([]);
  });

  it('waits for a manager in scope whose account cannot be made (FC-64)', () => {
    const company = openCompany(
      {},
      { refuses: (command) => (command.kind === 'CreateUser' && command.userId === ben ? 'validation' : undefined) },
    );
    company.join(ann, {}, { managerId: ben });
    company.join(ben);
    company.sync();
    expect(notesOf(company)).toEqual(['deferred: manager-absent']);
    expect(overrideOf(company)).toBeNull();
  });

  it('to a manager who left is cleared before that account is deactivated, and set again on return (FC-62)', () => {
    const company = staffed();
    company.leave(ben);
    expect(company.sync()).toEqual(['ClearOverrideManager', 'DeactivateUser']);
    expect(overrideOf(company)).toBeNull();
    company.join(ben);
    expect(company.sync()).toEqual(['ReactivateUser', 'UpdateProfile', 'SetPrimaryTeam', 'SetOverrideManager']);
    expect(overrideOf(company)).toBe(linkOf(company, ben));
  });

  it('to a manager who is said to have left stays until a second read agrees', () => {
    const company = staffed();
    company.leave(ben, { confirmed: false });
    expect(company.sync()).toEqual([]);
    company.record({ type: 'LeaveConfirmed', data: { userId: ben, by: 'checkMemberGroups' } });
    expect(company.sync()).toEqual(['ClearOverrideManager', 'DeactivateUser']);
  });

  it('stays as well when the directory names nobody any more and it is open whether the manager left', () => {
    const company = staffed();
    company.leave(ben, { confirmed: false });
    company.manage(ann, null);
    expect(company.sync()).toEqual([]);
    company.record({ type: 'LeaveConfirmed', data: { userId: ben, by: 'not-found' } });
    expect(company.sync()).toEqual(['DeactivateUser']);
    expect(overrideOf(company)).toBe('1');
  });

  it('to a deleted account is unknown: it is kept and told, whether or not Entra drops the edge', () => {
    for (const dropsEdge of [false, true]) {
      const company = staffed();
      company.leave(ben, { deleted: true, confirmed: false });
      if (dropsEdge) company.manage(ann, null);
      expect(company.sync()).toEqual([]);
      expect(notesOf(company)).toEqual(['deferred: manager-deleted']);
      expect(overrideOf(company)).toBe(linkOf(company, ben));
    }
  });

  it('that Learn Amp handed to the owner is set again when the deleted manager is back (FC-97)', () => {
    const company = staffed();
    company.leave(ben, { deleted: true });
    expect(company.sync()).toEqual(['DeactivateUser']);
    expect(overrideOf(company)).toBe('1');
    company.record({ type: 'UserRestored', data: { userId: ben } });
    company.join(ben);
    expect(company.sync()).toEqual(['ReactivateUser', 'UpdateProfile', 'SetPrimaryTeam', 'SetOverrideManager']);
    expect(overrideOf(company)).toBe(linkOf(company, ben));
    expect(company.wanted()).toEqual([]);
  });

  it('that Learn Amp handed to the owner goes to the next manager whom the directory names (FC-97)', () => {
    const company = staffed();
    company.leave(ben, { deleted: true });
    company.sync();
    company.manage(ann, cleo);
    expect(company.sync()).toEqual(['SetOverrideManager']);
    expect(overrideOf(company)).toBe(linkOf(company, cleo));
  });

  it('to a manager deactivated by hand is not cleared, and is set again with the account', () => {
    const company = staffed();
    const sleeping = { ...company.accountOf(ben)!, status: 'deactivated' as const };
    company.learnAmp.accounts.set(sleeping.learnAmpUserId, sleeping);
    company.record({ type: 'LearnAmpUserObserved', data: { userId: ben, account: sleeping } });
    const kinds = company.sync();
    expect(kinds).not.toContain('ClearOverrideManager');
    expect(kinds.filter((kind) => kind === 'SetOverrideManager')).toHaveLength(1);
  });

  it('that Learn Amp does not take yet is asked for again when something has changed, not in every round (FC-62)', () => {
    const company = staffed();
    const sleeping = company.accountOf(cleo)!;
    company.learnAmp.accounts.set(sleeping.learnAmpUserId, { ...sleeping, status: 'deactivated' });
    company.manage(ann, cleo);
    expect(company.sync()).toEqual(['SetOverrideManager']);
    expect(company.wanted()).toEqual([]);
    expect(notesOf(company)).toEqual(['deferred: manager-inactive']);
    company.learnAmp.accounts.set(sleeping.learnAmpUserId, sleeping);
    company.tell(cleo, 'JobTitleChanged', 'x');
    expect(company.sync()).toEqual(['UpdateProfile', 'SetOverrideManager']);
    expect(notesOf(company)).toEqual([]);
  });

  it("is nobody's business while the preference is off, and is applied when it is on again", () => {
    const company = staffed();
    company.preferences = { ...company.preferences, assignOverrideManagers: false };
    company.manage(ann, null);
    expect(company.sync()).toEqual([]);
    company.manage(ann, cleo);
    expect(company.sync()).toEqual([]);
    expect(overrideOf(company)).toBe(linkOf(company, ben));
    company.preferences = { ...company.preferences, assignOverrideManagers: true };
    expect(company.sync()).toEqual(['SetOverrideManager']);
    expect(overrideOf(company)).toBe(linkOf(company, cleo));
  });

  it('is never set where the preference was off from the start', () => {
    const company = staffed({ assignOverrideManagers: false });
    expect(company.learnAmp.sent.map(({ kind }) => kind)).not.toContain('SetOverrideManager');
  });
});
