import { describe, expect, it } from 'vitest';
import { MOST_UNANSWERED } from '../delivery/evolve-unanswered.js';
import { initialDelivered } from '../delivery/delivered-person.js';
import type { DirectoryEvent } from '../events/directory-events.js';
import { ann, ben, cleo, openCompany, type Company } from '../testing/company.js';
import { account as accountId } from '../testing/made-ids.js';
import { planLeaver } from './plan-leaver.js';
import type { PlanContext } from './plan-context.js';
import { refusalKey } from './refused.js';

const nameless = { givenName: null, surname: null, displayName: null };
const kindsOf = (company: Company, userId = ann) => company.plan(userId).commands.map(({ kind }) => kind);
const notesOf = (company: Company, userId = ann) =>
  company.plan(userId).notes.map(({ kind, reason }) => `${kind}: ${reason}`);

/** Linked by an imported log, and never looked at. */
const linkedUnseen = (attributes: Parameters<Company['join']>[1]): Company => {
  const company = openCompany();
  company.join(ann, attributes);
  company.record({ type: 'UserLinked', data: { userId: ann, learnAmpUserId: accountId(7), how: 'found' } });
  return company;
};

describe('given a linked account that nobody has looked at yet', () => {
  it('the three fields of every write come from the directory', () => {
    const [first] = linkedUnseen({}).plan(ann).commands;
    expect(first).toMatchObject({
      kind: 'ChangeEmail',
      from: '',
      identity: { email: 'ann@contoso.com', firstName: 'Ann', lastName: 'Archer' },
    });
  });

  it('nothing is written where the directory has no name either, and that is told', () => {
    const company = linkedUnseen({ ...nameless, department: null });
    expect(kindsOf(company)).toEqual([]);
    expect(new Set(notesOf(company))).toEqual(new Set(['parked: no-name']));
  });

  it('nothing is written where the directory has no address either', () => {
    const company = linkedUnseen({ userPrincipalName: 'x', mail: null });
    expect(kindsOf(company)).toEqual([]);
    expect(notesOf(company)).toContain('no-email: missing');
  });
});

describe('given an account that shows no names and matches', () => {
  const adopting = (
    attributes: Parameters<Company['join']>[1],
    names: { firstName: string | null } = { firstName: null },
  ) => {
    const company = openCompany();
    const found = company.learnAmp.add({ email: 'ann@contoso.com', ...names, lastName: null });
    company.join(ann, attributes);
    company.record({ type: 'LearnAmpUserObserved', data: { userId: ann, account: found } });
    return company;
  };

  it('is linked under the names of the directory', () => {
    const [link] = adopting({}).plan(ann).commands;
    expect(link).toMatchObject({ kind: 'LinkUser', identity: { firstName: 'Ann', lastName: 'Archer' } });
  });

  it('waits for names where the directory has none', () => {
    const company = adopting(nameless);
    expect(kindsOf(company)).toEqual([]);
    expect(notesOf(company)).toEqual(['parked: no-name']);
  });
});

describe('given an account that matches and holds what the directory wants', () => {
  it('is linked, and nothing else is written', () => {
    const company = openCompany();
    company.join(ann, { department: null, preferredLanguage: null, employeeHireDate: null, officeLocation: null });
    const found = company.learnAmp.add({
      email: 'ann@contoso.com',
      firstName: 'Ann',
      lastName: 'Archer',
      jobTitle: 'Analyst',
    });
    company.record({ type: 'LearnAmpUserObserved', data: { userId: ann, account: found } });
    expect(kindsOf(company)).toEqual(['LinkUser']);
    company.join(ann, {
      department: null,
      preferredLanguage: null,
      employeeHireDate: null,
      officeLocation: null,
      ...nameless,
    });
    expect(kindsOf(company)).toEqual(['LinkUser']);
  });

  it('is emptied where the directory was seen to empty a field', () => {
    const company = openCompany();
    company.join(ann, { department: null, preferredLanguage: null, employeeHireDate: null, officeLocation: null });
    company.tell(ann, 'JobTitleChanged', null);
    const found = company.learnAmp.add({
      email: 'ann@contoso.com',
      firstName: 'Ann',
      lastName: 'Archer',
      jobTitle: 'Analyst',
    });
    company.record({ type: 'LearnAmpUserObserved', data: { userId: ann, account: found } });
    expect(company.plan(ann).commands).toMatchObject([
      { kind: 'LinkUser' },
      { kind: 'UpdateProfile', set: {}, clear: ['jobTitle'] },
    ]);
  });
});

describe('given an address that is held by somebody whose account is not known', () => {
  it('both sides are in conflict, and no account is named', () => {
    const company = openCompany();
    company.join(ann);
    company.join(ben);
    company.sync();
    company.beside = { holderOfEmail: (email) => (email === 'new@contoso.com' ? cleo : undefined) };
    company.tell(ann, 'UserPrincipalNameChanged', 'new@contoso.com');
    const conflict = { userId: ann, conflict: 'address-of-another-person', otherUserId: cleo, learnAmpUserId: null };
    expect(company.plan(ann).standing).toEqual([{ type: 'IdentityConflictDetected', data: conflict }]);
    const fresh = openCompany();
    fresh.join(ann);
    fresh.beside = { holderOfEmail: () => cleo };
    expect(fresh.plan(ann).standing).toEqual([{ type: 'IdentityConflictDetected', data: conflict }]);
  });
});

describe('given an address that somebody changed at Learn Amp', () => {
  it('is not written over before a person has looked at it', () => {
    const company = openCompany();
    company.join(ann);
    company.sync();
    const account = { ...company.accountOf(ann)!, email: 'theirs@contoso.com' };
    company.record({ type: 'LearnAmpUserObserved', data: { userId: ann, account } });
    expect(kindsOf(company)).toEqual(['ChangeEmail']);
    company.record({ type: 'DriftDetected', data: { userId: ann, fields: ['email'] } });
    expect(kindsOf(company)).toEqual([]);
    expect(notesOf(company)).toEqual(['parked: address-changed-at-learn-amp']);
  });
});

describe('given a name that Learn Amp does not keep, and a person without one', () => {
  it('the name stays as it is shown, and nothing is asked of anybody', () => {
    const company = openCompany();
    company.join(ann);
    company.sync();
    company.tell(ann, 'GivenNameChanged', null);
    company.tell(ann, 'SurnameChanged', null);
    company.tell(ann, 'DisplayNameChanged', null);
    expect(kindsOf(company)).toEqual([]);
  });
});

it('a text that was cut short is told by its field', () => {
  const company = openCompany();
  company.join(ann, { jobTitle: 'x'.repeat(300) });
  company.sync();
  expect(notesOf(company)).toEqual(['shortened: jobTitle']);
});

describe('given no answer about one person, again and again', () => {
  const unanswered = (kind: 'UpdateProfile' | 'EnsureTeam', subject: string = ann): DirectoryEvent => ({
    type: 'CommandsUnanswered',
    data: { graphTime: '2026-03-01T00:00:00Z', items: [{ subject, kind }] },
  });
  const sent: DirectoryEvent = {
    type: 'CommandsDispatched',
    data: {
      plannerVersion: 1,
      graphTime: '2026-03-01T00:00:00Z',
      items: [{ commandId: 'c' as never, subject: ann, kind: 'UpdateProfile', mac: '' }],
    },
  };
  const silent = (times: number) => {
    const company = openCompany();
    company.join(ann);
    company.sync();
    company.tell(ann, 'JobTitleChanged', 'x');
    company.tell(ann, 'UserPrincipalNameChanged', 'new@contoso.com');
    for (let time = 0; time < times; time++) company.record(sent, unanswered('UpdateProfile'));
    return company;
  };

  it('is told each time, and the person is parked after five', () => {
    expect(notesOf(silent(MOST_UNANSWERED - 1))).toEqual(['unanswered: UpdateProfile']);
    expect(notesOf(silent(MOST_UNANSWERED))).toEqual(['parked: no-answer']);
  });

  it('leaves that command out once it is known what stands there, and no other', () => {
    const company = silent(MOST_UNANSWERED);
    company.record({ type: 'LearnAmpUserObserved', data: { userId: ann, account: company.accountOf(ann)! } });
    expect(kindsOf(company)).toEqual(['ChangeEmail']);
    expect(notesOf(company)).toEqual(['parked: no-answer']);
    company.beside = { askAgain: new Set([refusalKey(ann, 'UpdateProfile')]) };
    expect(kindsOf(company)).toEqual(['ChangeEmail', 'UpdateProfile']);
    company.beside = { settingsRevision: () => '999' };
    expect(kindsOf(company)).toEqual(['ChangeEmail', 'UpdateProfile']);
  });

  it('is not what a team went without', () => {
    const company = silent(0);
    company.record(unanswered('EnsureTeam', 'sales'), unanswered('UpdateProfile', ben));
    expect(company.delivered(ann).unanswered).toEqual({});
  });
});

describe('given no seat at Learn Amp (FC-93)', () => {
  it('whoever needs one waits, and may be asked for once more; nobody else does', () => {
    const company = openCompany();
    company.join(ben);
    company.sync();
    company.tell(ben, 'JobTitleChanged', 'x');
    company.join(ann);
    company.beside = { hasNoSeats: () => true };
    expect([kindsOf(company), notesOf(company)]).toEqual([[], ['parked: no_seats']]);
    expect(kindsOf(company, ben)).toEqual(['UpdateProfile']);
    company.beside = { hasNoSeats: () => true, askAgain: new Set([refusalKey(ann, 'CreateUser')]) };
    expect(kindsOf(company)).toEqual(['CreateUser']);
    company.beside = { hasNoSeats: () => false };
    expect(kindsOf(company)).toEqual(['CreateUser']);
  });
});

it('nothing is planned for somebody one of whose events cannot be read, and that is told', () => {
  const company = openCompany();
  company.join(ann);
  company.beside = { unreadable: (userId) => (userId === ann ? { revision: '7', type: 'MailChanged' } : undefined) };
  expect(company.plan(ann)).toEqual({
    commands: [],
    leaver: undefined,
    team: undefined,
    standing: [],
    notes: [{ userId: ann, kind: 'parked', reason: 'unreadable-event: MailChanged at revision 7' }],
  });
  company.join(ben);
  expect(kindsOf(company, ben)).toEqual(['CreateUser']);
});

it('somebody of whom no leave is recorded is never deactivated, whatever else is known', () => {
  const company = openCompany();
  company.join(ann);
  company.sync();
  const outside = { ...company.person(ann)!, inScope: false };
  const context = { preferences: company.preferences, unsupported: new Set() } as unknown as PlanContext;
  expect(planLeaver(context, outside, company.delivered(ann), accountId(7)).leaver).toBeUndefined();
});

describe('given an override that this engine set, and another one stands now', () => {
  const handed = (deactivated: boolean) => {
    const company = openCompany();
    company.join(ann, {}, { managerId: ben });
    company.join(ben);
    company.join(cleo);
    company.sync();
    if (deactivated) {
      const asleep = { ...company.accountOf(ben)!, status: 'deactivated' as const };
      company.learnAmp.accounts.set(asleep.learnAmpUserId, asleep);
      company.record({ type: 'LearnAmpUserObserved', data: { userId: ben, account: asleep } });
    }
    const other = { ...company.accountOf(ann)!, managerLearnAmpUserId: company.delivered(cleo).link! };
    company.record({ type: 'LearnAmpUserObserved', data: { userId: ann, account: other } });
    company.manage(ann, null);
    return company;
  };

  it('it is somebody’s choice and stays, unless the manager’s account was deactivated in between (FC-97)', () => {
    expect(kindsOf(handed(false))).toEqual([]);
    expect(kindsOf(handed(true))).toEqual(['ClearOverrideManager']);
  });

  it('it stays as well where nobody holds the account it pointed to any more', () => {
    const company = handed(false);
    company.beside = { holderOfAccount: () => undefined };
    expect(kindsOf(company)).toEqual([]);
    expect(initialDelivered(ann).managerSetAccount).toBeUndefined();
  });
});
