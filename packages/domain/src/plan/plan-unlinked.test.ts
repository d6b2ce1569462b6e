import { describe, expect, it } from 'vitest';
import { ann, ben, openCompany } from '../testing/company.js';
import { person } from '../testing/made-ids.js';

const annsAddress = { email: 'ann@contoso.com', firstName: 'Ann', lastName: 'Archer' };

describe('given somebody new in scope', () => {
  it('an account is made with all that is known, our id, and no invitation', () => {
    const company = openCompany();
    company.join(ann, { officeLocation: null });
    expect(company.plan(ann).commands).toEqual([
      {
        kind: 'CreateUser',
        userId: ann,
        identity: annsAddress,
        externalId: ann,
        profile: { jobTitle: 'Analyst', department: 'Sales', language: 'de', hireDate: '2024-04-01' },
        invite: 'none',
      },
    ]);
    expect(company.plan(ann).team).toEqual({ key: 'sales', name: 'Sales' });
  });

  it.each([
    ['immediate', 'now'],
    ['manual', 'none'],
    ['hire-date', { on: '2024-04-01' }],
  ] as const)('invitations %s: %o (FC-91)', (invitations, invite) => {
    const company = openCompany({ invitations });
    company.join(ann);
    expect(company.plan(ann).commands).toMatchObject([{ kind: 'CreateUser', invite }]);
    company.join(ben, { employeeHireDate: null });
    if (invitations === 'hire-date') expect(company.plan(ben).commands).toMatchObject([{ invite: 'none' }]);
  });

  it.each([
    ['integrationExternalId', ann],
    ['none', null],
    [{ customField: 'Entra id' }, null],
  ] as const)('the external id goes where the company wants it: %o', (externalId, expected) => {
    const company = openCompany({ externalId });
    company.join(ann);
    expect(company.plan(ann).commands).toMatchObject([{ kind: 'CreateUser', externalId: expected }]);
    company.sync();
    const inCustomField = typeof externalId === 'object' ? { 'Entra id': ann } : {};
    expect(company.accountOf(ann)).toMatchObject({ externalId: expected, customFields: inCustomField });
    expect(company.wanted()).toEqual([]);
  });

  it('without a usable address nobody is made, and it is told', () => {
    const company = openCompany();
    company.join(ann, { userPrincipalName: 'ann_home.com#EXT#@contoso.com', mail: null, userType: 'Guest' });
    expect(company.plan(ann)).toMatchObject({
      commands: [],
      notes: [{ userId: ann, kind: 'no-email', reason: 'guest-without-address' }],
    });
  });

  it('names that are missing are derived, and where nothing is known the person is parked, once (FC-58)', () => {
    const company = openCompany();
    company.join(ann, { givenName: null, surname: null, displayName: 'Ann van Dyck' });
    expect(company.plan(ann).commands).toMatchObject([{ identity: { firstName: 'Ann van', lastName: 'Dyck' } }]);
    company.join(ben, { givenName: null, surname: null, displayName: null });
    const parked = { userId: ben, kind: 'CreateUser', reason: 'no-name' } as const;
    expect(company.plan(ben)).toMatchObject({
      commands: [],
      standing: [{ type: 'CommandParked', data: parked }],
      notes: [{ kind: 'parked', reason: 'no-name' }],
    });
    company.record({ type: 'CommandParked', data: parked });
    expect(company.plan(ben)).toMatchObject({ standing: [], notes: [{ kind: 'parked' }] });
    company.tell(ben, 'GivenNameChanged', 'Ben');
    expect(company.plan(ben).commands).toMatchObject([{ kind: 'CreateUser', identity: { firstName: 'Ben' } }]);
  });

  it('a blocked person is made like anyone, unless blocking deactivates (FC-50)', () => {
    for (const deactivateBlockedAccounts of [false, true]) {
      const company = openCompany({ deactivateBlockedAccounts });
      company.join(ann, {}, { accountEnabled: false });
      company.learnAmp.add({ ...annsAddress, email: 'else@contoso.com' });
      expect(company.sync().includes('CreateUser')).toBe(!deactivateBlockedAccounts);
    }
  });
});

describe('given an account that holds the address already', () => {
  const meet = (
    account: Partial<Parameters<ReturnType<typeof openCompany>['learnAmp']['add']>[0]>,
    preferences: Parameters<typeof openCompany>[0] = {},
  ) => {
    const company = openCompany(preferences);
    const existing = company.learnAmp.add({ ...annsAddress, ...account });
    company.join(ann);
    return { company, existing };
  };

  it.each(['ann@contoso.com', 'ANN@Contoso.com'])(
    '%s is linked and updated: no second account, no mail (FC-47)',
    (email) => {
      const { company, existing } = meet({ email, jobTitle: 'Old' }, { invitations: 'immediate' });
      expect(company.sync()).toEqual(['EnsureTeam', 'CreateUser', 'LinkUser', 'UpdateProfile', 'SetPrimaryTeam']);
      expect(company.learnAmp.accounts.size).toBe(1);
      expect(company.accountOf(ann)).toMatchObject({
        learnAmpUserId: existing.learnAmpUserId,
        email,
        jobTitle: 'Analyst',
        externalId: ann,
        status: 'confirmed',
      });
    },
  );

  it('a deactivated one is reactivated first', () => {
    const { company } = meet({ status: 'deactivated' });
    const kinds = company.sync();
    expect(kinds.slice(0, 4)).toEqual(['EnsureTeam', 'CreateUser', 'ReactivateUser', 'LinkUser']);
    expect(company.accountOf(ann)).toMatchObject({ status: 'confirmed', primaryTeam: { name: 'sales' } });
  });

  it('of somebody who is blocked is left alone where blocking deactivates', () => {
    const { company } = meet({ status: 'deactivated' }, { deactivateBlockedAccounts: true });
    company.record({
      type: 'LearnAmpUserObserved',
      data: { userId: ann, account: [...company.learnAmp.accounts.values()][0]! },
    });
    company.record({ type: 'AccountBlocked', data: { userId: ann } });
    expect(company.sync()).toEqual([]);
  });

  it('a value of another system in the slot stays, and the link is kept by the engine alone (FC-98)', () => {
    const { company } = meet({ externalId: 'HR-4711' });
    company.sync();
    expect(company.learnAmp.sent).toContainEqual(expect.objectContaining({ kind: 'LinkUser', externalId: null }));
    expect(company.accountOf(ann)).toMatchObject({ externalId: 'HR-4711', jobTitle: 'Analyst' });
    expect(company.wanted()).toEqual([]);
  });

  it.each([ann, ann.toUpperCase()])(
    'our own id in the slot, %s, is the link, whatever address stands there',
    (externalId) => {
      const { company, existing } = meet({ externalId, email: 'old@contoso.com' }, { adoptByEmail: false });
      company.record({ type: 'LearnAmpUserObserved', data: { userId: ann, account: existing } });
      expect(company.sync()).toEqual(['EnsureTeam', 'LinkUser', 'ChangeEmail', 'UpdateProfile', 'SetPrimaryTeam']);
      expect(company.accountOf(ann)).toMatchObject({ email: 'ann@contoso.com', externalId: ann });
    },
  );

  it.each([person(77), person(77).toUpperCase()])(
    'the id of another person, %s, is a conflict, recorded once (FC-42, FC-46)',
    (externalId) => {
      const { company, existing } = meet({ externalId });
      expect(company.sync()).toEqual(['EnsureTeam', 'CreateUser']);
      expect(company.delivered(ann).link).toBeUndefined();
      expect(company.plan(ann)).toMatchObject({
        commands: [],
        standing: [],
        notes: [{ userId: ann, kind: 'identity-conflict', reason: 'address-of-another-person' }],
      });
      expect(company.delivered(ann).conflict).toMatchObject({ learnAmpUserId: existing.learnAmpUserId });
      expect(company.learnAmp.accounts.get(existing.learnAmpUserId)).toEqual(existing);
    },
  );

  it('is refused and told where the company does not want that (adoptByEmail: false)', () => {
    const { company, existing } = meet({}, { adoptByEmail: false });
    expect(company.sync()).toEqual(['EnsureTeam', 'CreateUser']);
    expect(company.plan(ann)).toMatchObject({
      commands: [],
      standing: [],
      notes: [{ userId: ann, kind: 'parked', reason: 'adoption-refused' }],
    });
    expect(company.learnAmp.accounts.get(existing.learnAmpUserId)).toEqual(existing);
  });

  it('what Entra never had does not blank what it holds; what was seen emptied does', () => {
    const company = openCompany();
    company.learnAmp.add({ ...annsAddress, jobTitle: 'By hand', location: 'By hand', customFields: { Desk: '7' } });
    company.join(ann, { jobTitle: null, officeLocation: 'x' });
    company.tell(ann, 'OfficeLocationChanged', null);
    company.sync();
    expect(company.accountOf(ann)).toMatchObject({ jobTitle: 'By hand', location: null, customFields: { Desk: '7' } });
  });

  it("is nobody else's business: accounts that match no one are never touched", () => {
    const company = openCompany();
    const others = [
      company.learnAmp.add({ email: 'x@contoso.com' }),
      company.learnAmp.add({ email: 'y@contoso.com', status: 'deactivated' }),
    ];
    company.join(ann);
    company.sync();
    company.leave(ann);
    company.sync();
    for (const other of others) expect(company.learnAmp.accounts.get(other.learnAmpUserId)).toEqual(other);
  });

  it('and matches two people is linked to one of them, and the other is in conflict', () => {
    const { company, existing } = meet({});
    company.join(ben, { userPrincipalName: 'ann@contoso.com' });
    for (const userId of [ann, ben])
      company.record({ type: 'LearnAmpUserObserved', data: { userId, account: existing } });
    company.sync();
    expect([ann, ben].map((userId) => company.delivered(userId).link)).toEqual([existing.learnAmpUserId, undefined]);
    expect(company.plan(ben).notes).toMatchObject([{ kind: 'identity-conflict' }]);
  });

  it("once it is somebody else's and they move on, the address is free for the next one", () => {
    const company = openCompany();
    company.join(ben, { userPrincipalName: 'ann@contoso.com' });
    company.sync();
    company.join(ann);
    company.sync();
    expect(company.plan(ann).notes).toMatchObject([{ kind: 'identity-conflict' }]);
    company.record({ type: 'LearnAmpUserObserved', data: { userId: ann, account: company.accountOf(ben)! } });
    company.tell(ben, 'UserPrincipalNameChanged', 'ben@contoso.com');
    expect(company.sync()).toEqual(['ChangeEmail', 'CreateUser', 'SetPrimaryTeam']);
    expect(company.accountOf(ann)).toMatchObject({ email: 'ann@contoso.com', externalId: ann });
  });
});

describe("given the person's own id goes into a custom field", () => {
  const externalId = { customField: 'Entra id' };

  it.each([
    ['an empty one is written', { 'Entra id': '' }, ann],
    ['a foreign value stays', { 'Entra id': 'HR-4711' }, 'HR-4711'],
  ])('%s', (_, customFields, expected) => {
    const company = openCompany({ externalId });
    company.learnAmp.add({ ...annsAddress, customFields });
    company.join(ann);
    company.sync();
    expect(company.accountOf(ann)?.customFields['Entra id']).toBe(expected);
    expect(company.wanted()).toEqual([]);
  });
});
