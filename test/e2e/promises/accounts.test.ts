import { describe, expect, it } from 'vitest';
import { attentionOf, facts, none, succeeded } from '../../support/report.js';
import { openStage } from '../../support/stage.js';

describe('a new member of the group gets an account', () => {
  it('creates an account for a direct member', async () => {
    const stage = await openStage();
    const ann = stage.hire('Ann Lee', { jobTitle: 'Engineer' });
    const report = await stage.sync();
    expect(report).toMatchObject({ ok: true, exitCode: 0, people: { inScope: 1, linked: 1, held: 0, parked: 0 } });
    // Six edges between the company's nested groups, and hers; and what the six groups are called.
    expect(facts(report)).toEqual({
      ...{ GroupMemberAdded: 7, GroupNameChanged: 6 },
      ...{ UserJoinedGroup: 1, CommandSucceeded: 1, UserLinked: 1 },
    });
    expect(succeeded(report)).toEqual({ CreateUser: 1 });
    expect(stage.account(ann)).toMatchObject({
      email: 'ann.lee@fabrikam.example',
      firstName: 'Ann',
      lastName: 'Lee',
      jobTitle: 'Engineer',
      role: 'viewer',
      integrationExternalId: ann,
    });
  });

  it('creates an account for a member three groups deep, and for one who comes later', async () => {
    const stage = await openStage();
    const { interns } = stage.simulator.company.groups;
    const ann = stage.hire('Ann Lee', {}, interns);
    await stage.sync();
    expect(stage.account(ann).status).toBe('not_invited');

    const ben = stage.hire('Ben Ode', {}, interns);
    const report = await stage.sync();
    expect(facts(report)).toEqual({ GroupMemberAdded: 1, UserJoinedGroup: 1, CommandSucceeded: 1, UserLinked: 1 });
    expect(stage.account(ben).email).toBe('ben.ode@fabrikam.example');
  });

  it('makes no account for people outside the group, devices, contacts and service principals', async () => {
    const stage = await openStage({ company: { people: 8, outsiders: 4, existingAccounts: 0, photos: 0 } });
    const before = stage.learnAmp.accounts().length;
    const report = await stage.sync();
    expect(report.exitCode).toBe(0);
    expect(stage.learnAmp.accounts()).toHaveLength(before + 8);
    for (const outsider of stage.simulator.company.outsiders) expect(stage.accountOf(outsider)).toBeUndefined();
  });

  it('derives missing names from the display name', async () => {
    const stage = await openStage();
    const one = stage.hire('Suharti', { givenName: null, surname: null });
    const three = stage.hire('Maria Garcia Lopez', { givenName: null, surname: null });
    const half = stage.hire('Bo Ek', { surname: null, displayName: 'Bo Ek' });
    await stage.sync();
    expect(stage.account(one)).toMatchObject({ firstName: 'Suharti', lastName: 'Suharti' });
    expect(stage.account(three)).toMatchObject({ firstName: 'Maria Garcia', lastName: 'Lopez' });
    expect(stage.account(half)).toMatchObject({ firstName: 'Bo', lastName: 'Ek' });
  });
});

describe('a guest', () => {
  const upn = 'noor_partner.example#EXT#@fabrikam.example';

  it('gets an account under the address of the home organisation, never under the made-up name', async () => {
    const stage = await openStage();
    const guest = stage.hire('Noor Visser', {
      userPrincipalName: upn,
      mail: 'Noor@partner.example',
      userType: 'Guest',
    });
    const odd = stage.hire('Otto Ext', {
      userPrincipalName: 'otto_partner.example#EXT#@fabrikam.example',
      mail: 'otto@partner.example',
      userType: 'Member',
    });
    const report = await stage.sync();
    expect(report.exitCode).toBe(0);
    expect(stage.account(guest).email).toBe('noor@partner.example');
    expect(stage.account(odd).email).toBe('otto@partner.example');
    expect(stage.learnAmp.accounts().filter(({ email }) => email.includes('#'))).toEqual([]);
  });

  it('without an address is reported and left alone, until there is one', async () => {
    const stage = await openStage();
    const guest = stage.hire('Noor Visser', { userPrincipalName: upn, mail: null, userType: 'Guest' });
    stage.hire('Ann Lee');
    const report = await stage.sync();
    expect(report).toMatchObject({ exitCode: 0, people: { inScope: 2, linked: 1 } });
    expect(attentionOf(report, guest)).toEqual(['no-email: guest-without-address']);
    expect(stage.accountOf(guest)).toBeUndefined();

    stage.directory.updateUser(guest, { mail: 'noor@partner.example' });
    expect(succeeded(await stage.sync())).toEqual({ CreateUser: 1 });
    expect(stage.account(guest).email).toBe('noor@partner.example');
  });
});

describe('an account with the same address that exists already', () => {
  const existing = { firstName: 'Annie', lastName: 'Lee', jobTitle: 'Typed by hand', location: 'Typed by hand' };

  it('is linked and updated, whatever the case of its address, and nobody is invited', async () => {
    const stage = await openStage({ preferences: { invitations: 'immediate' } });
    const { id } = stage.learnAmp.addAccount({ email: 'Ann.LEE@Fabrikam.example', ...existing });
    const ann = stage.hire('Ann Lee', { jobTitle: 'Engineer' });
    const report = await stage.sync();
    expect(report).toMatchObject({ exitCode: 0, people: { inScope: 1, linked: 1 } });
    expect(succeeded(report)).toEqual({ LinkUser: 1, UpdateProfile: 1 });
    expect(facts(report)).toMatchObject({ LearnAmpUserObserved: 1, UserLinked: 1, CommandSucceeded: 2 });
    expect(stage.account(ann)).toMatchObject({ id, firstName: 'Ann', jobTitle: 'Engineer', status: 'confirmed' });
    expect(stage.learnAmp.invitations()).toEqual([]);
    expect(stage.learnAmp.accounts()).toHaveLength(3);
  });

  it('keeps what Entra never had a value for, and loses it once Entra had one and emptied it', async () => {
    const stage = await openStage();
    stage.learnAmp.addAccount({ email: 'ann.lee@fabrikam.example', ...existing });
    const ann = stage.hire('Ann Lee');
    await stage.sync();
    expect(stage.account(ann)).toMatchObject({ jobTitle: 'Typed by hand', location: 'Typed by hand' });

    stage.directory.updateUser(ann, { officeLocation: 'Porto' });
    await stage.sync();
    stage.directory.updateUser(ann, { officeLocation: null });
    await stage.sync();
    expect(stage.account(ann)).toMatchObject({ jobTitle: 'Typed by hand', location: null });
  });

  it('is reactivated first where it was deactivated', async () => {
    const stage = await openStage();
    const { id } = stage.learnAmp.addAccount({ email: 'ann.lee@fabrikam.example', ...existing });
    stage.learnAmp.deactivate(id);
    const ann = stage.hire('Ann Lee', { department: 'Sales' });
    const report = await stage.sync();
    expect(succeeded(report)).toMatchObject({ ReactivateUser: 1, LinkUser: 1 });
    expect(stage.account(ann)).toMatchObject({ id, status: 'confirmed', department: 'Sales' });
    expect(stage.teamOf(ann)).toBe('Sales');
  });

  it('is refused and reported with adoptByEmail off, stays untouched, and is adopted once it is on', async () => {
    const stage = await openStage({ preferences: { adoptByEmail: false } });
    const before = stage.learnAmp.addAccount({ email: 'ann.lee@fabrikam.example', ...existing });
    const ann = stage.hire('Ann Lee', { jobTitle: 'Engineer' });
    const ben = stage.hire('Ben Ode');
    const report = await stage.sync();
    expect(report).toMatchObject({ ok: true, exitCode: 4, people: { inScope: 2, linked: 1, parked: 1 } });
    expect(attentionOf(report, ann)).toEqual(['parked: adoption-refused']);
    expect(facts(report)).toMatchObject({ CommandParked: 1 });
    expect(stage.learnAmp.account(before.id)).toEqual(before);
    expect(stage.account(ben).status).toBe('not_invited');

    stage.newWrites();
    const again = await stage.sync();
    expect(again).toMatchObject({ exitCode: 4, events: none });
    expect(stage.newWrites()).toEqual([]);

    await stage.reopen({ preferences: { adoptByEmail: true } });
    expect(await stage.sync()).toMatchObject({ exitCode: 0, people: { linked: 2, parked: 0 } });
    expect(stage.account(ann)).toMatchObject({ id: before.id, jobTitle: 'Engineer' });
  });
});

describe('the directory id at Learn Amp', () => {
  it('is the plain object id in the external id slot by default, of new and of adopted accounts', async () => {
    const stage = await openStage();
    stage.learnAmp.addAccount({ email: 'ann.lee@fabrikam.example', firstName: 'Ann', lastName: 'Lee' });
    const [ann, ben] = [stage.hire('Ann Lee'), stage.hire('Ben Ode')];
    await stage.sync();
    expect(stage.account(ann).integrationExternalId).toBe(ann);
    expect(stage.account(ben).integrationExternalId).toBe(ben);
    expect(stage.account(ben).integrationExternalId).toBe(ben.toLowerCase());
  });

  it.each([
    ['a custom field', { customField: 'Entra id' }, (id: string) => ({ 'Entra id': id })],
    ['nowhere but in the log', 'none', () => ({})],
  ] as const)('stands in %s where the company wants that', async (_where, externalId, fields) => {
    const stage = await openStage({
      preferences: { externalId },
      learnAmp: { customFields: [{ name: 'Entra id' }] },
    });
    stage.learnAmp.addAccount({ email: 'ann.lee@fabrikam.example', firstName: 'Ann', lastName: 'Lee' });
    const [ann, ben] = [stage.hire('Ann Lee'), stage.hire('Ben Ode')];
    const report = await stage.sync();
    expect(report).toMatchObject({ exitCode: 0, people: { linked: 2 } });
    for (const id of [ann, ben])
      expect(stage.account(id)).toMatchObject({ integrationExternalId: null, customFields: fields(id) });

    // The link holds through a rename and a restart: nobody gets a second account.
    stage.directory.updateUser(ann, { userPrincipalName: 'ann.oak@fabrikam.example', surname: 'Oak' });
    await stage.reopen();
    expect(succeeded(await stage.sync())).toEqual({ ChangeEmail: 1, UpdateProfile: 1 });
    expect(stage.learnAmp.accounts()).toHaveLength(4);
    expect(stage.account(ann)).toMatchObject({ email: 'ann.oak@fabrikam.example', lastName: 'Oak' });
    expect((await stage.sync()).events).toEqual({});
  });

  it('leaves a foreign value in the slot as it is and keeps the link itself', async () => {
    const stage = await openStage();
    const { id } = stage.learnAmp.addAccount({
      email: 'ann.lee@fabrikam.example',
      firstName: 'Ann',
      lastName: 'Lee',
      integrationExternalId: 'HR-77',
    });
    const ann = stage.hire('Ann Lee', { jobTitle: 'Engineer' });
    expect(await stage.sync()).toMatchObject({ exitCode: 0, people: { linked: 1 } });
    expect(stage.account(ann)).toMatchObject({ id, integrationExternalId: 'HR-77', jobTitle: 'Engineer' });

    stage.directory.updateUser(ann, { jobTitle: 'Architect' });
    await stage.sync();
    expect(stage.account(ann)).toMatchObject({ id, integrationExternalId: 'HR-77', jobTitle: 'Architect' });
  });
});

describe('an address that somebody else has', () => {
  it('in the directory under a new object id is parked and asked about, and never inherits the account', async () => {
    const stage = await openStage();
    const old = stage.hire('Ann Smith', { jobTitle: 'Old hand' });
    stage.crew(5);
    await stage.sync();
    const before = stage.account(old);
    stage.leave(old);
    stage.directory.updateUser(old, { userPrincipalName: 'ann.smith.old@fabrikam.example' });
    const young = stage.hire('Ann Smith', { jobTitle: 'New hire' });
    const report = await stage.sync();
    expect(report).toMatchObject({ exitCode: 4, people: { parked: 1 } });
    expect(attentionOf(report, young)).toEqual(['identity-conflict: address-of-another-person']);
    expect(facts(report)).toMatchObject({ IdentityConflictDetected: 1 });
    expect(report.commands.LinkUser).toBeUndefined();
    expect(stage.learnAmp.account(before.id)).toMatchObject({ jobTitle: 'Old hand', status: 'deactivated' });
    expect(stage.learnAmp.accountByExternalId(young)).toBeUndefined();

    stage.newWrites();
    expect(await stage.sync()).toMatchObject({ exitCode: 4, events: none });
    expect(stage.newWrites()).toEqual([]);
  });

  it('at Learn Amp with the object id of another person in its slot is a conflict, and is not linked', async () => {
    const stage = await openStage();
    const other = '7d2f9a44-0c1e-4d6b-9f3a-5b8c7e6d5f4a';
    const account = stage.learnAmp.addAccount({
      email: 'ann.lee@fabrikam.example',
      firstName: 'Ann',
      lastName: 'Lee',
      integrationExternalId: other,
    });
    const ann = stage.hire('Ann Lee', { jobTitle: 'Engineer' });
    const report = await stage.sync();
    expect(report.exitCode).toBe(4);
    expect(attentionOf(report, ann)).toEqual(['identity-conflict: address-of-another-person']);
    expect(stage.learnAmp.account(account.id)).toEqual(account);
  });

  it('in another company of Learn Amp parks that one person as email_used_elsewhere and delays nobody', async () => {
    const stage = await openStage();
    stage.learnAmp.takeElsewhere('ann.lee@fabrikam.example');
    const ann = stage.hire('Ann Lee');
    const others = stage.crew(4);
    const report = await stage.sync();
    expect(report).toMatchObject({ ok: true, exitCode: 4, people: { inScope: 5, linked: 4, parked: 1 } });
    expect(attentionOf(report, ann).join()).toContain('email_used_elsewhere');
    for (const other of others) expect(stage.account(other).status).toBe('not_invited');

    stage.newWrites();
    expect(await stage.sync()).toMatchObject({ exitCode: 4, events: none });
    expect(stage.newWrites()).toEqual([]);

    stage.directory.updateUser(ann, { userPrincipalName: 'ann.l.lee@fabrikam.example' });
    expect(await stage.sync()).toMatchObject({ exitCode: 0, people: { linked: 5 } });
  });
});

describe('a person who returns', () => {
  it('gets the same account back, with everything applied again, and no invitation', async () => {
    const stage = await openStage({ preferences: { invitations: 'immediate' } });
    const boss = stage.hire('Bea Boss', { department: 'Sales' });
    const ann = stage.hire('Ann Lee', { department: 'Sales', jobTitle: 'Engineer' });
    stage.directory.setManager(ann, boss);
    stage.crew(6);
    await stage.sync();
    const { id } = stage.account(ann);
    stage.leave(ann);
    await stage.sync();
    expect(stage.learnAmp.account(id)?.status).toBe('deactivated');

    stage.directory.updateUser(ann, { jobTitle: 'Architect', department: 'Research' });
    stage.directory.addMember(stage.directory.scopeGroupId, ann);
    const report = await stage.sync();
    expect(succeeded(report)).toEqual({ ReactivateUser: 1, UpdateProfile: 1, EnsureTeam: 1, SetPrimaryTeam: 1 });
    expect(stage.account(ann)).toMatchObject({ id, jobTitle: 'Architect', department: 'Research' });
    expect(stage.account(ann).status).not.toBe('deactivated');
    expect(stage.teamOf(ann)).toBe('Research');
    expect(stage.managerOf(ann)?.id).toBe(stage.account(boss).id);
    expect(stage.learnAmp.invitations().filter(({ accountId }) => accountId === id)).toHaveLength(1);
  });

  it('with nothing changed gets team and manager back where Learn Amp took them away', async () => {
    const stage = await openStage();
    const boss = stage.hire('Bea Boss', { department: 'Sales' });
    const ann = stage.hire('Ann Lee', { department: 'Sales' });
    stage.directory.setManager(ann, boss);
    stage.crew(6);
    await stage.sync();
    stage.leave(ann);
    await stage.sync();
    expect(stage.account(ann).primaryTeamId).toBeNull();
    stage.learnAmp.updateAccount(stage.account(ann).id, { managerId: null });
    stage.directory.addMember(stage.directory.scopeGroupId, ann);
    expect(succeeded(await stage.sync())).toMatchObject({
      ReactivateUser: 1,
      SetPrimaryTeam: 1,
      SetOverrideManager: 1,
    });
    expect(stage.teamOf(ann)).toBe('Sales');
    expect(stage.managerOf(ann)?.id).toBe(stage.account(boss).id);
    expect((await stage.sync()).events).toEqual({});
  });
});

describe('an account that was changed by hand at Learn Amp', () => {
  it('is put right by the next full sync where it was deactivated', async () => {
    const stage = await openStage();
    const ann = stage.hire('Ann Lee', { department: 'Sales' });
    await stage.sync();
    stage.learnAmp.deactivate(stage.account(ann).id);
    expect((await stage.sync()).events).toEqual({});
    const report = await stage.sync({ full: true });
    expect(succeeded(report)).toEqual({ ReactivateUser: 1, SetPrimaryTeam: 1 });
    expect(stage.account(ann).status).not.toBe('deactivated');
    expect(stage.teamOf(ann)).toBe('Sales');
  });

  it('is parked and reported where it was deleted, and never made again', async () => {
    const stage = await openStage();
    const [ann, ben] = [stage.hire('Ann Lee', { jobTitle: 'Engineer' }), stage.hire('Ben Ode')];
    await stage.sync();
    stage.learnAmp.deleteAccount(stage.account(ann).id);
    stage.directory.updateUser(ann, { jobTitle: 'Architect' });
    stage.directory.updateUser(ben, { jobTitle: 'Writer' });
    for (const full of [true, false, true]) {
      const report = await stage.sync({ full });
      expect(report.exitCode).toBe(4);
      expect(attentionOf(report, ann)).toEqual(['parked: account-deleted-at-learn-amp']);
    }
    expect(stage.accountOf(ann)).toBeUndefined();
    expect(stage.account(ben).jobTitle).toBe('Writer');
  });

  it('is parked too where the deletion shows only as a refused update', async () => {
    const stage = await openStage();
    const [ann, ben] = [stage.hire('Ann Lee', { jobTitle: 'Engineer' }), stage.hire('Ben Ode')];
    await stage.sync();
    stage.learnAmp.deleteAccount(stage.account(ann).id);
    stage.directory.updateUser(ann, { jobTitle: 'Architect' });
    stage.directory.updateUser(ben, { jobTitle: 'Writer' });
    const report = await stage.sync();
    expect(report.exitCode).toBe(4);
    expect(attentionOf(report, ann)).toEqual(['parked: account-deleted-at-learn-amp']);
    expect(facts(report)).toMatchObject({ LearnAmpUserObserved: 1, CommandParked: 1 });
    expect(stage.account(ben).jobTitle).toBe('Writer');
    expect(stage.accountOf(ann)).toBeUndefined();
  });
});

describe('many new members at once', () => {
  it('are held beyond the limit once the initial sync is done, while all else goes on', async () => {
    const stage = await openStage({ preferences: { creationHold: { count: 3, share: 0.25 } } });
    const first = stage.crew(8);
    // The initial sync was asked for by hand: it is not held, however many there are.
    expect(await stage.sync()).toMatchObject({ exitCode: 0, people: { linked: 8 } });

    const many = stage.crew(4);
    stage.directory.updateUser(first[0] ?? '', { jobTitle: 'Writer' });
    const report = await stage.sync();
    expect(report).toMatchObject({ ok: true, exitCode: 3, people: { inScope: 12, linked: 8, held: 4 } });
    expect(report.commands.CreateUser).toMatchObject({ held: 4, succeeded: 0 });
    expect(facts(report)).toMatchObject({ CommandsHeld: 1, UserJoinedGroup: 4 });
    for (const id of many) expect(attentionOf(report, id)).toEqual(['held: creations: count']);
    expect(stage.account(first[0] ?? '').jobTitle).toBe('Writer');
    expect(stage.learnAmp.accounts()).toHaveLength(10);

    // It stands while it stands, and is not recorded again.
    expect(await stage.sync()).toMatchObject({ exitCode: 3, events: none });
    // Whoever leaves again needs no decision any more.
    for (const id of many) stage.leave(id);
    expect(await stage.sync()).toMatchObject({ exitCode: 0, people: { inScope: 8, held: 0 } });
  });

  it('are created where the company switched that hold off', async () => {
    const stage = await openStage({ preferences: { creationHold: { enabled: false, count: 3, share: 0 } } });
    stage.crew(3);
    await stage.sync();
    stage.crew(5);
    expect(await stage.sync()).toMatchObject({ exitCode: 0, people: { linked: 8, held: 0 } });
  });
});
