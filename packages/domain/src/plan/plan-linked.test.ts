import { describe, expect, it } from 'vitest';
import type { Attributes } from '../attributes.js';
import type { DirectoryEvent } from '../events/directory-events.js';
import type { Preferences } from '../preferences/preferences.js';
import { ann, ben, cleo, openCompany } from '../testing/company.js';
import { team } from '../testing/made-ids.js';

/** Ann, and whoever else, with accounts that hold what is desired. */
const settled = (preferences: Partial<Preferences> = {}, attributes: Attributes = {}) => {
  const company = openCompany(preferences);
  company.join(ann, attributes);
  company.sync();
  return company;
};

describe('given somebody whose account holds what is desired', () => {
  it('nothing is planned, and nothing told', () => {
    const company = settled();
    expect(company.plan(ann)).toEqual({
      commands: [],
      leaver: undefined,
      team: { key: 'sales', name: 'Sales' },
      standing: [],
      notes: [],
    });
  });

  it('ten changes are one update', () => {
    const company = settled();
    company.tell(ann, 'JobTitleChanged', 'x');
    company.tell(ann, 'JobTitleChanged', 'Architect');
    company.tell(ann, 'OfficeLocationChanged', 'Paris');
    company.tell(ann, 'SurnameChanged', 'Lee');
    expect(company.plan(ann).commands).toEqual([
      {
        kind: 'UpdateProfile',
        userId: ann,
        learnAmpUserId: company.delivered(ann).link,
        identity: { email: 'ann@contoso.com', firstName: 'Ann', lastName: 'Lee' },
        set: { jobTitle: 'Architect', location: 'Paris' },
        clear: [],
      },
    ]);
  });

  it('a change that was taken back is nothing', () => {
    const company = settled();
    company.tell(ann, 'JobTitleChanged', 'x');
    company.tell(ann, 'JobTitleChanged', 'Analyst');
    expect(company.wanted()).toEqual([]);
  });

  it('a department is a field and the primary team; its spelling changes the field alone (FC-53)', () => {
    const company = settled();
    company.tell(ann, 'DepartmentChanged', 'SALES ');
    expect(company.sync()).toEqual(['UpdateProfile']);
    company.tell(ann, 'DepartmentChanged', 'Research');
    expect(company.sync()).toEqual(['EnsureTeam', 'UpdateProfile', 'SetPrimaryTeam']);
    expect(company.accountOf(ann)).toMatchObject({ department: 'Research', primaryTeam: { teamId: team(1) } });
  });

  it('a department of any name is a team like another', () => {
    const company = settled({}, { department: 'constructor' });
    expect(company.accountOf(ann)).toMatchObject({ primaryTeam: { name: 'constructor' } });
    company.tell(ann, 'DepartmentChanged', '__proto__');
    company.sync();
    expect(company.accountOf(ann)).toMatchObject({ primaryTeam: { name: '__proto__' } });
  });

  it('a blank department clears the field and keeps the present team (FC-52)', () => {
    const company = settled();
    company.tell(ann, 'DepartmentChanged', null);
    expect(company.sync()).toEqual(['UpdateProfile']);
    expect(company.accountOf(ann)).toMatchObject({ department: null, primaryTeam: { name: 'sales' } });
  });

  it('a team set by hand is put right, a secondary one is none of ours', () => {
    const company = settled();
    const account = { ...company.accountOf(ann)!, primaryTeam: { teamId: team(9), name: 'Mine' } };
    company.record({ type: 'LearnAmpUserObserved', data: { userId: ann, account } });
    expect(company.plan(ann).commands).toMatchObject([{ kind: 'SetPrimaryTeam', teamId: team(0) }]);
  });

  it('a later command of a plan carries what an earlier one of it sets', () => {
    const company = settled();
    company.tell(ann, 'UserPrincipalNameChanged', 'ann.lee@contoso.com');
    company.tell(ann, 'SurnameChanged', 'Lee');
    company.join(ben, { department: 'Research' });
    company.sync();
    company.tell(ann, 'DepartmentChanged', 'Research');
    company.tell(ann, 'UserPrincipalNameChanged', 'lee@contoso.com');
    company.tell(ann, 'GivenNameChanged', 'Anna');
    const { commands } = company.plan(ann);
    expect(commands.map(({ kind }) => kind)).toEqual(['ChangeEmail', 'UpdateProfile', 'SetPrimaryTeam']);
    expect(commands.at(-1)).toMatchObject({
      identity: { email: 'lee@contoso.com', firstName: 'Anna', lastName: 'Lee' },
    });
  });

  it('a language that Learn Amp lacks is left alone and told; an emptied one is never cleared', () => {
    const company = settled();
    company.tell(ann, 'PreferredLanguageChanged', 'tlh');
    expect(company.plan(ann)).toMatchObject({ commands: [], notes: [{ kind: 'unmapped-language' }] });
    company.tell(ann, 'PreferredLanguageChanged', null);
    expect(company.plan(ann)).toMatchObject({ commands: [], notes: [] });
    expect(company.accountOf(ann)?.language).toBe('de');
  });

  it.each([true, false])(
    'a language that the company did not switch on is told, and not asked for again (answers show accounts: %s)',
    (showsAccounts) => {
      const company = openCompany({}, { showsAccounts, languages: ['en', 'de'] });
      company.join(ann, { preferredLanguage: 'tr' });
      expect(company.sync()).toContain('CreateUser');
      const told = { commands: [], notes: [{ kind: 'unmapped-language' }] };
      expect(company.plan(ann)).toMatchObject(told);
      expect(company.delivered(ann).profile.language).toBe('en');

      company.tell(ann, 'PreferredLanguageChanged', 'fr');
      company.tell(ann, 'JobTitleChanged', 'Architect');
      expect(company.sync()).toEqual(['UpdateProfile']);
      expect(company.accountOf(ann)).toMatchObject({ language: 'en', jobTitle: 'Architect' });
      expect(company.plan(ann)).toMatchObject(told);

      company.tell(ann, 'PreferredLanguageChanged', 'de');
      expect(company.sync()).toEqual(['UpdateProfile']);
      expect(company.plan(ann)).toMatchObject({ commands: [], notes: [] });
      company.tell(ann, 'PreferredLanguageChanged', 'fr');
      expect(company.sync()).toEqual(['UpdateProfile']);
      expect(company.plan(ann)).toMatchObject(told);
      expect(company.delivered(ann).profile.language).toBe('de');
    },
  );

  it('a refused language is left out of an update of something else, and asked for again after a return', () => {
    const company = openCompany({}, { languages: ['en'] });
    company.join(ann, { preferredLanguage: 'tr' });
    company.sync();
    company.tell(ann, 'JobTitleChanged', 'Architect');
    expect(company.plan(ann).commands).toMatchObject([{ kind: 'UpdateProfile', set: { jobTitle: 'Architect' } }]);
    company.leave(ann);
    company.sync();
    company.join(ann, { preferredLanguage: 'tr' });
    expect(company.plan(ann).commands).toContainEqual(
      expect.objectContaining({ kind: 'UpdateProfile', set: expect.objectContaining({ language: 'tr' }) as unknown }),
    );
    company.sync();
    expect(company.plan(ann)).toMatchObject({ commands: [], notes: [{ kind: 'unmapped-language' }] });
  });

  it('an address that is lost altogether is kept, and told', () => {
    const company = settled();
    company.tell(ann, 'UserPrincipalNameChanged', `${ann.replaceAll('-', '')}ann@contoso.com`);
    expect(company.plan(ann)).toMatchObject({
      commands: [],
      notes: [{ kind: 'no-email', reason: 'deleted-account-address' }],
    });
  });

  it('a slot without a receipt stops everything for that person, and for nobody else', () => {
    const company = settled();
    company.join(ben);
    company.tell(ann, 'JobTitleChanged', 'x');
    const items = [{ commandId: 'c' as never, subject: ann, kind: 'UpdateProfile' as const, mac: '' }];
    company.record({ type: 'CommandsDispatched', data: { plannerVersion: 1, graphTime: '', items } });
    expect(company.plan(ann).commands).toEqual([]);
    expect(company.plan(ben).commands).toHaveLength(1);
    company.record({ type: 'LearnAmpUserObserved', data: { userId: ann, account: company.accountOf(ann)! } });
    expect(company.plan(ann).commands).toMatchObject([{ kind: 'UpdateProfile', set: { jobTitle: 'x' } }]);
  });

  it('kinds of command that the port cannot do are not planned, and do not stand in the way', () => {
    const company = settled();
    company.unsupported = new Set(['ChangeEmail']);
    company.tell(ann, 'UserPrincipalNameChanged', 'new@contoso.com');
    company.tell(ann, 'JobTitleChanged', 'x');
    expect(company.plan(ann)).toMatchObject({
      commands: [{ kind: 'UpdateProfile', identity: { email: 'ann@contoso.com' } }],
      notes: [],
    });
  });
});

describe('given an account that is gone at Learn Amp', () => {
  const look = (company: ReturnType<typeof settled>, there: boolean): DirectoryEvent => ({
    type: 'LearnAmpUserObserved',
    data: { userId: ann, account: there ? company.accountOf(ann)! : null },
  });

  it('the person is parked, once, and never made again (FC-88)', () => {
    const company = settled();
    company.tell(ann, 'JobTitleChanged', 'x');
    company.record(look(company, false));
    expect(company.wanted()).toEqual([]);
    expect(company.plan(ann)).toMatchObject({
      standing: [],
      notes: [{ kind: 'parked', reason: 'account-deleted-at-learn-amp' }],
    });
    company.record(look(company, true));
    expect(company.plan(ann)).toMatchObject({ commands: [{ kind: 'UpdateProfile' }], notes: [] });
  });

  it('a write that finds nobody says the same as a look, at the cost of one request', () => {
    const company = settled();
    company.learnAmp.accounts.clear();
    company.tell(ann, 'JobTitleChanged', 'x');
    company.tell(ann, 'UserPrincipalNameChanged', 'new@contoso.com');
    expect(company.sync()).toEqual(['ChangeEmail']);
    expect(company.plan(ann).notes).toMatchObject([{ kind: 'parked', reason: 'account-deleted-at-learn-amp' }]);
  });

  it('its address is free for somebody else', () => {
    const company = settled();
    company.learnAmp.accounts.clear();
    company.record(look(company, false));
    company.join(ben, { userPrincipalName: 'ann@contoso.com' });
    expect(company.sync()).toEqual(['CreateUser', 'SetPrimaryTeam']);
  });
});

describe('given somebody who left and was deactivated, when they return (FC-06, FC-44)', () => {
  const returned = (attributes: Attributes, preferences: Partial<Preferences> = {}) => {
    const company = settled({ customFields: { employeeId: 'Number' }, ...preferences }, { employeeId: '7' });
    company.join(ben);
    company.manage(ann, ben);
    company.sync();
    company.leave(ann);
    expect(company.sync()).toEqual(['DeactivateUser']);
    company.join(ann, { employeeId: '7', ...attributes }, { managerId: ben });
    return company;
  };

  it('everything is applied again, without an invitation or a second account', () => {
    const company = returned({}, { invitations: 'immediate' });
    const { link } = company.delivered(ann);
    company.learnAmp.accounts.set(link!, {
      ...company.accountOf(ann)!,
      firstName: 'By hand',
      jobTitle: 'By hand',
      customFields: { Number: 'By hand' },
      managerLearnAmpUserId: null,
    });
    expect(company.plan(ann).commands[0]).toMatchObject({ kind: 'ReactivateUser', reason: 'returned' });
    expect(company.sync()).toEqual([
      'ReactivateUser',
      'UpdateProfile',
      'SetCustomFields',
      'SetPrimaryTeam',
      'SetOverrideManager',
    ]);
    expect(company.accountOf(ann)).toMatchObject({
      learnAmpUserId: link,
      status: 'confirmed',
      firstName: 'Ann',
      jobTitle: 'Analyst',
      customFields: { Number: '7' },
      primaryTeam: { name: 'sales' },
      managerLearnAmpUserId: company.delivered(ben).link,
    });
    expect(company.wanted()).toEqual([]);
  });

  it.each([
    ['clear', null, null],
    ['keep', 'Analyst', '7'],
  ] as const)('what was emptied meanwhile is emptied with blanks: %s', (blanks, jobTitle, number) => {
    const company = returned({ jobTitle: null, employeeId: null }, { blanks });
    company.sync();
    expect(company.accountOf(ann)).toMatchObject({ jobTitle, customFields: { Number: number } });
    expect(company.wanted()).toEqual([]);
  });

  it('a manager who was taken away meanwhile is cleared, since the engine had set it', () => {
    const company = returned({});
    company.manage(ann, null);
    expect(company.sync()).toContain('ClearOverrideManager');
    expect(company.accountOf(ann)?.managerLearnAmpUserId).toBeNull();
    expect(company.wanted()).toEqual([]);
  });

  it('nothing is written to an account that cannot be reactivated, and that is told', () => {
    const company = returned({});
    const [reactivate] = company.plan(ann).commands;
    company.record({
      type: 'CommandRejected',
      data: { commandId: 'c' as never, command: reactivate!, code: 'validation', fields: [] },
    });
    expect(company.plan(ann)).toMatchObject({
      commands: [],
      notes: [{ kind: 'rejected', reason: 'ReactivateUser: validation' }],
    });
  });

  it('somebody deactivated by hand while in scope is put right as drift', () => {
    const company = settled();
    const account = { ...company.accountOf(ann)!, status: 'deactivated' as const, primaryTeam: null };
    company.learnAmp.accounts.set(account.learnAmpUserId, account);
    company.record({ type: 'LearnAmpUserObserved', data: { userId: ann, account } });
    expect(company.plan(ann).commands[0]).toMatchObject({ kind: 'ReactivateUser', reason: 'drift' });
    expect(company.sync()).toEqual(['ReactivateUser', 'SetPrimaryTeam']);
  });
});

describe('somebody whose data was erased', () => {
  it('is planned for no more, linked or not', () => {
    const company = settled();
    company.join(cleo);
    for (const userId of [ann, cleo])
      company.record({ type: 'PersonErased', data: { userId, actor: 'x', reason: 'y' } });
    expect(company.wanted()).toEqual([]);
    company.leave(ann);
    expect(company.wanted()).toEqual([]);
  });
});
