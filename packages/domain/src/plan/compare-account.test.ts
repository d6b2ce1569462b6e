import { describe, expect, it } from 'vitest';
import { initialDelivered } from '../delivery/delivered-person.js';
import { desire } from '../desire/desire.js';
import type { LearnAmpAccount } from '../learn-amp-account.js';
import type { Preferences } from '../preferences/preferences.js';
import { ann, ben, cleo, openCompany, type Company } from '../testing/company.js';
import { account as accountId, team } from '../testing/made-ids.js';
import { compareAccount } from './compare-account.js';
import type { PlanContext } from './plan-context.js';

const settled = (preferences: Partial<Preferences> = {}): Company => {
  const company = openCompany({ customFields: { employeeId: 'Number' }, ...preferences });
  company.join(ann, { employeeId: '7' }, { managerId: ben });
  company.join(ben);
  company.join(cleo);
  company.sync();
  return company;
};

const contextOf = (company: Company): PlanContext => ({
  preferences: company.preferences,
  person: company.person,
  delivered: company.delivered,
  desired: (person) => desire(company.preferences, person),
  team: (key) => (key === 'sales' ? { teamId: team(0), name: 'Sales' } : undefined),
  holderOfEmail: () => undefined,
  holderOfAccount: () => undefined,
  unsupported: new Set(),
});

/** A look at Ann's account after somebody changed it so. */
const lookAt = (company: Company, changed: Partial<LearnAmpAccount> = {}) => {
  const account = { ...company.accountOf(ann)!, ...changed };
  return compareAccount(contextOf(company), company.person(ann)!, company.delivered(ann), account);
};
const nothingNew = { isNews: false, drift: [] };
const newsWithoutDrift = { isNews: true, drift: [] };

describe('a look at an account that is as it was believed to be', () => {
  it('tells nothing', () => {
    expect(lookAt(settled())).toEqual(nothingNew);
  });

  it('tells nothing of a person who was erased, nor by the account of somebody else', () => {
    const company = settled();
    expect(lookAt(company, { learnAmpUserId: accountId(99), jobTitle: 'x' })).toEqual(nothingNew);
    const erased = { ...company.person(ann)!, erased: true };
    const account = { ...company.accountOf(ann)!, jobTitle: 'x' };
    expect(compareAccount(contextOf(company), erased, company.delivered(ann), account)).toEqual(nothingNew);
  });

  it('tells that the account is there again', () => {
    const company = settled();
    company.record({ type: 'LearnAmpUserObserved', data: { userId: ann, account: null } });
    expect(lookAt(company)).toEqual(newsWithoutDrift);
  });
});

describe('what somebody changed at Learn Amp, and the directory has otherwise', () => {
  it.each<readonly [string, Partial<LearnAmpAccount>]>([
    ['email', { email: 'other@contoso.com' }],
    ['firstName', { firstName: 'Anna' }],
    ['lastName', { lastName: 'Lee' }],
    ['jobTitle', { jobTitle: 'Boss' }],
    ['department', { department: null }],
    ['language', { language: 'en' }],
    ['hireDate', { hireDate: '2020-01-01' }],
    ['custom:Number', { customFields: { Number: '8' } }],
    ['primaryTeam', { primaryTeam: { teamId: team(9), name: 'Mine' } }],
    ['primaryTeam', { primaryTeam: null }],
    ['manager', { managerLearnAmpUserId: null }],
    ['status', { status: 'deactivated' }],
  ])('is drift, by its name: %s', (name, changed) => {
    expect(lookAt(settled(), changed)).toEqual({ isNews: true, drift: [name] });
  });

  it('is none where what is shown is what the directory has by now', () => {
    const company = settled();
    company.tell(ann, 'JobTitleChanged', 'Architect');
    company.tell(ann, 'GivenNameChanged', 'Anna');
    company.tell(ann, 'UserPrincipalNameChanged', 'anna@contoso.com');
    company.tell(ann, 'CustomAttributeChanged', null);
    const shown = { jobTitle: 'Architect', firstName: 'Anna', email: 'Anna@Contoso.com' };
    expect(lookAt(company, shown)).toEqual(newsWithoutDrift);
  });

  it('is none where the same address is written otherwise', () => {
    expect(lookAt(settled(), { email: 'ANN@contoso.com' })).toEqual(nothingNew);
  });
});

describe('what this connection has no part in', () => {
  it('is not looked at: fields that are not mapped, teams nobody wants, custom fields of others', () => {
    const company = settled();
    const { attributes } = company.preferences;
    company.preferences = {
      ...company.preferences,
      customFields: {},
      attributes: { ...attributes, jobTitle: [], primaryTeam: [], firstName: [], lastName: [], email: [] },
    };
    company.tell(ann, 'DisplayNameChanged', null);
    const theirs = { jobTitle: 'Boss', primaryTeam: null, firstName: 'A', lastName: 'B', email: 'x@contoso.com' };
    expect(lookAt(company, { ...theirs, customFields: { Number: '8', Theirs: 'x' } })).toEqual(nothingNew);
  });

  it('is not looked at: what an answer does not show', () => {
    const company = settled();
    const { primaryTeam, managerLearnAmpUserId, jobTitle, ...rest } = company.accountOf(ann)!;
    expect([primaryTeam, managerLearnAmpUserId, jobTitle]).not.toContain(undefined);
    const look = compareAccount(contextOf(company), company.person(ann)!, company.delivered(ann), {
      ...rest,
      firstName: null,
      lastName: null,
    });
    expect(look).toEqual(nothingNew);
  });

  it('is not looked at: a manager while managers are off, or one set by hand where the directory names none', () => {
    const other = { managerLearnAmpUserId: accountId(55) };
    expect(lookAt(settled({ assignOverrideManagers: false }), other)).toEqual(nothingNew);
    const company = settled();
    company.manage(ann, null);
    company.sync();
    expect(lookAt(company, other)).toEqual(nothingNew);
  });

  it('is a role, but that somebody became or is no more an owner or administrator is news', () => {
    const company = settled();
    expect(lookAt(company, { role: 'learner' })).toEqual(nothingNew);
    for (const role of ['owner', 'admin']) expect(lookAt(company, { role })).toEqual(newsWithoutDrift);
    const account = { ...company.accountOf(ann)!, role: 'owner' };
    company.record({ type: 'LearnAmpUserObserved', data: { userId: ann, account } });
    expect(lookAt(company, { role: 'owner' })).toEqual(nothingNew);
    expect(lookAt(company, { role: 'admin' })).toEqual(newsWithoutDrift);
    expect(lookAt(company, { role: 'learner' })).toEqual(newsWithoutDrift);
    expect(lookAt(company)).toEqual(nothingNew);
  });
});

describe('an override that this engine set and the directory no longer asks for', () => {
  it('is looked at, and another one there is nobody’s mistake', () => {
    const company = settled({ blanks: 'keep' });
    company.manage(ann, null);
    expect(lookAt(company, { managerLearnAmpUserId: company.delivered(cleo).link! })).toEqual(newsWithoutDrift);
  });
});

describe('somebody out of scope', () => {
  it('is looked at for nothing but whether the account is active, which is then drift', () => {
    const company = settled();
    company.leave(ann);
    company.sync();
    expect(lookAt(company, { jobTitle: 'x' })).toEqual(nothingNew);
    expect(lookAt(company, { status: 'confirmed' })).toEqual({ isNews: true, drift: ['status'] });
  });
});

describe('an account that sleeps although its person is in scope', () => {
  it('is looked at for who has it by now', () => {
    const company = settled();
    const asleep = { ...company.accountOf(ann)!, status: 'deactivated' as const };
    company.record({ type: 'LearnAmpUserObserved', data: { userId: ann, account: asleep } });
    const changed = { status: 'deactivated' as const, jobTitle: 'x', email: 'other@contoso.com' };
    expect(lookAt(company, changed)).toEqual({ isNews: true, drift: ['email'] });
  });
});

it('a text that Learn Amp keeps after it twice did not is news', () => {
  const company = settled();
  const delivered = {
    ...company.delivered(ann),
    notKept: { jobTitle: { wanted: 'Analyst', shown: 'analyst', times: 2 } },
  };
  const look = (times: number, jobTitle: string) =>
    compareAccount(
      contextOf(company),
      company.person(ann)!,
      { ...delivered, notKept: { jobTitle: { wanted: 'Analyst', shown: 'analyst', times } } },
      { ...company.accountOf(ann)!, jobTitle },
    ).isNews;
  expect([look(2, 'Analyst'), look(1, 'Analyst')]).toEqual([true, false]);
  expect(initialDelivered(ann).notKept).toEqual({});
});
