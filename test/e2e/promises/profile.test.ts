import { describe, expect, it } from 'vitest';
import { attentionOf, facts, none, notesOfPeople, succeeded } from '../../support/report.js';
import { openStage } from '../../support/stage.js';

const whole = {
  jobTitle: 'Engineer',
  department: 'Sales',
  officeLocation: 'Lisbon',
  preferredLanguage: 'pt-PT',
  employeeHireDate: '2020-03-01T00:00:00Z',
};

describe('details follow the directory', () => {
  it('gives a new account every mapped detail', async () => {
    const stage = await openStage();
    const ann = stage.hire('Ann Lee', whole);
    await stage.sync();
    expect(stage.account(ann)).toMatchObject({
      firstName: 'Ann',
      lastName: 'Lee',
      email: 'ann.lee@fabrikam.example',
      jobTitle: 'Engineer',
      department: 'Sales',
      location: 'Lisbon',
      language: 'pt-PT',
      hireDate: '2020-03-01',
    });
  });

  it.each([
    ['givenName', 'Anna', 'GivenNameChanged', { firstName: 'Anna' }],
    ['surname', 'Oak', 'SurnameChanged', { lastName: 'Oak' }],
    ['jobTitle', 'Architect', 'JobTitleChanged', { jobTitle: 'Architect' }],
    ['officeLocation', 'Porto', 'OfficeLocationChanged', { location: 'Porto' }],
    ['preferredLanguage', 'de-AT', 'PreferredLanguageChanged', { language: 'de' }],
    ['employeeHireDate', '2021-12-31T00:00:00Z', 'HireDateChanged', { hireDate: '2021-12-31' }],
  ] as const)('%s: one event, one update of that field alone', async (property, value, event, shown) => {
    const stage = await openStage({ storage: 'memory' });
    const ann = stage.hire('Ann Lee', whole);
    await stage.sync();
    const before = stage.account(ann);
    stage.directory.updateUser(ann, { [property]: value });
    const report = await stage.sync();
    expect(facts(report)).toEqual({ [event]: 1, CommandSucceeded: 1 });
    expect(succeeded(report)).toEqual({ UpdateProfile: 1 });
    expect(stage.account(ann)).toEqual({ ...before, ...shown, updatedAt: stage.account(ann).updatedAt });
    expect((await stage.sync()).events).toEqual({});
  });

  it('sends ten changes of one person as one update', async () => {
    const stage = await openStage({ storage: 'memory' });
    const ann = stage.hire('Ann Lee', whole);
    await stage.sync();
    for (let n = 1; n <= 10; n += 1) stage.directory.updateUser(ann, { jobTitle: `Title ${n}`, city: `City ${n}` });
    stage.newWrites();
    await stage.sync();
    expect(stage.newWrites()).toHaveLength(1);
    expect(stage.account(ann).jobTitle).toBe('Title 10');
  });

  it('lets the address follow the user principal name, not the mail attribute', async () => {
    const stage = await openStage();
    const ann = stage.hire('Ann Lee', { mail: 'somewhere.else@fabrikam.example' });
    await stage.sync();
    stage.directory.updateUser(ann, { mail: 'again.elsewhere@fabrikam.example' });
    expect(succeeded(await stage.sync())).toEqual({});
    stage.directory.updateUser(ann, { userPrincipalName: 'ann.oak@fabrikam.example' });
    const report = await stage.sync();
    expect(succeeded(report)).toEqual({ ChangeEmail: 1 });
    expect(stage.account(ann).email).toBe('ann.oak@fabrikam.example');
  });

  it('takes an address that differs in case only for the same', async () => {
    const stage = await openStage();
    const ann = stage.hire('Ann Lee');
    await stage.sync();
    stage.newWrites();
    stage.directory.updateUser(ann, { userPrincipalName: 'Ann.Lee@Fabrikam.example' });
    const report = await stage.sync();
    expect(facts(report)).toEqual({ UserPrincipalNameChanged: 1 });
    expect(stage.newWrites()).toEqual([]);
    expect(stage.account(ann).email).toBe('ann.lee@fabrikam.example');
  });

  it('never writes role, time zone, secondary teams or another company field', async () => {
    const stage = await openStage();
    const ann = stage.hire('Ann Lee', whole);
    await stage.sync();
    const social = stage.learnAmp.addTeam({ name: 'Choir' });
    stage.learnAmp.updateAccount(stage.account(ann).id, {
      role: 'curator',
      timeZone: 'Lisbon',
      secondaryTeamIds: [social.id],
      occupationRole: 'Lead',
    });
    stage.directory.updateUser(ann, { jobTitle: 'Architect', department: 'Research', surname: 'Oak' });
    await stage.sync();
    await stage.sync({ full: true });
    expect(stage.account(ann)).toMatchObject({
      role: 'curator',
      timeZone: 'Lisbon',
      secondaryTeamIds: [social.id],
      occupationRole: 'Lead',
      jobTitle: 'Architect',
    });
    const written = new Set(stage.learnAmp.writes().flatMap(({ body }) => Object.keys(body)));
    for (const field of ['role', 'timeZone', 'secondaryTeamIds', 'occupationRole', 'managerEmail'])
      expect(written).not.toContain(field);
  });
});

describe('a detail that was emptied', () => {
  const emptied = { jobTitle: null, department: null, officeLocation: null, employeeHireDate: null } as const;

  it('is cleared at Learn Amp by default', async () => {
    const stage = await openStage({ preferences: { customFields: { employeeId: 'Staff no' } }, learnAmp: fields });
    const ann = stage.hire('Ann Lee', { ...whole, employeeId: '4711' });
    await stage.sync();
    expect(stage.account(ann).customFields).toEqual({ 'Staff no': '4711' });
    stage.directory.updateUser(ann, { ...emptied, employeeId: null });
    const report = await stage.sync();
    expect(succeeded(report)).toEqual({ UpdateProfile: 1, SetCustomFields: 1 });
    expect(stage.account(ann)).toMatchObject({ jobTitle: null, department: null, location: null, hireDate: null });
    expect(stage.account(ann).customFields).toEqual({});
  });

  it('stays where the company keeps blanks, and the next value is written again', async () => {
    const stage = await openStage({
      preferences: { blanks: 'keep', customFields: { employeeId: 'Staff no' } },
      learnAmp: fields,
    });
    const ann = stage.hire('Ann Lee', { ...whole, employeeId: '4711' });
    await stage.sync();
    const before = stage.account(ann);
    stage.newWrites();
    stage.directory.updateUser(ann, { ...emptied, employeeId: null });
    const report = await stage.sync();
    expect(facts(report)).toEqual({
      JobTitleChanged: 1,
      DepartmentChanged: 1,
      OfficeLocationChanged: 1,
      HireDateChanged: 1,
      CustomAttributeChanged: 1,
    });
    expect(stage.newWrites()).toEqual([]);
    expect(stage.account(ann)).toEqual(before);
    stage.directory.updateUser(ann, { jobTitle: 'Architect' });
    await stage.sync();
    expect(stage.account(ann)).toMatchObject({ jobTitle: 'Architect', location: 'Lisbon' });
  });

  it('is never a name, an address or a language', async () => {
    const stage = await openStage();
    const ann = stage.hire('Ann Lee', whole);
    await stage.sync();
    stage.directory.updateUser(ann, { preferredLanguage: null, mail: null });
    expect(succeeded(await stage.sync())).toEqual({});
    stage.directory.updateUser(ann, { givenName: null, surname: null, displayName: 'Ann Mary Oak' });
    await stage.sync();
    expect(stage.account(ann)).toMatchObject({
      firstName: 'Ann Mary',
      lastName: 'Oak',
      email: 'ann.lee@fabrikam.example',
      language: 'pt-PT',
    });
  });

  it('keeps the primary team where it was the department', async () => {
    const stage = await openStage();
    const ann = stage.hire('Ann Lee', whole);
    await stage.sync();
    stage.directory.updateUser(ann, { department: '  ' });
    await stage.sync();
    expect(stage.account(ann).department).toBeNull();
    expect(stage.teamOf(ann)).toBe('Sales');
    expect(stage.learnAmp.teams().map(({ name }) => name)).toEqual(['Sales']);
  });

  it('is seen in a full sync by its absence from an entry that carries the principal name', async () => {
    const stage = await openStage();
    const ann = stage.hire('Ann Lee', whole);
    stage.crew(3);
    await stage.sync();
    stage.directory.updateUser(ann, { jobTitle: null });
    // What was emptied long ago may simply not be listed: here it never is.
    stage.simulator.faults.add({
      system: 'graph',
      action: {
        rewrite: (response) => ({ ...response, body: withoutNulls(response.body) }),
      },
    });
    const report = await stage.sync({ full: true });
    expect(facts(report)).toMatchObject({ JobTitleChanged: 1 });
    expect(stage.account(ann).jobTitle).toBeNull();
    expect(stage.account(ann).location).toBe('Lisbon');
  });
});

describe('a language', () => {
  it('that Learn Amp does not offer is left alone, and the rest of the person arrives', async () => {
    const stage = await openStage();
    const ann = stage.hire('Ann Lee', { ...whole, preferredLanguage: 'fi-FI' });
    await stage.sync();
    expect(stage.account(ann)).toMatchObject({ language: 'en', jobTitle: 'Engineer' });
    stage.directory.updateUser(ann, { preferredLanguage: 'nb-NO' });
    await stage.sync();
    expect(stage.account(ann).language).toBe('no');
    stage.directory.updateUser(ann, { preferredLanguage: 'fi-FI' });
    expect(succeeded(await stage.sync())).toEqual({});
    expect(stage.account(ann).language).toBe('no');
  });

  it('that this company did not switch on costs that field alone, once', async () => {
    const stage = await openStage({ learnAmp: { languages: ['en', 'de'] } });
    const ann = stage.hire('Ann Lee', { ...whole, preferredLanguage: 'pt-PT' });
    const report = await stage.sync();
    expect(report.ok).toBe(true);
    expect(stage.account(ann)).toMatchObject({ language: 'en', jobTitle: 'Engineer' });
    const left = [{ userId: ann, kind: 'unmapped-language', reason: 'language not offered by Learn Amp' }];
    expect(report).toMatchObject({ exitCode: 0, attention: [] });
    expect(notesOfPeople(report)).toEqual(left);
    stage.newWrites();
    const again = await stage.sync();
    expect(again).toMatchObject({ exitCode: 0, events: none, commands: none, notes: left });
    expect(stage.newWrites()).toEqual([]);
    stage.directory.updateUser(ann, { preferredLanguage: 'de-DE' });
    expect(await stage.sync()).not.toHaveProperty('notes');
    expect(stage.account(ann).language).toBe('de');
  });
});

describe('the hire date', () => {
  it.each([
    ['UTC', '2020-03-01T23:30:00Z', '2020-03-01'],
    ['Europe/Lisbon', '2020-06-30T23:30:00Z', '2020-07-01'],
    ['America/New_York', '2020-03-01T00:00:00Z', '2020-02-29'],
  ])('in %s: %s is %s', async (hireDateTimeZone, employeeHireDate, shown) => {
    const stage = await openStage({ storage: 'memory', preferences: { hireDateTimeZone } });
    const ann = stage.hire('Ann Lee', { employeeHireDate });
    await stage.sync();
    expect(stage.account(ann).hireDate).toBe(shown);
  });

  it('that says "not set" is none', async () => {
    const stage = await openStage({ storage: 'memory' });
    const ann = stage.hire('Ann Lee', { employeeHireDate: '0001-01-01T00:00:00Z' });
    expect((await stage.sync()).exitCode).toBe(0);
    expect(stage.account(ann).hireDate).toBeNull();
  });
});

describe('one person whom Learn Amp refuses', () => {
  it('is reported with the field, delays nobody, and is tried again when something changes', async () => {
    const stage = await openStage();
    const ann = stage.hire('Ann Lee', whole);
    const others = stage.crew(3);
    await stage.sync();
    const fault = stage.simulator.faults.add({
      system: 'learnAmp',
      method: 'PUT',
      path: new RegExp(`/v1/users/${stage.account(ann).id}$`),
      action: { status: 422, body: { error: 'jobTitle is too long', fullErrors: { jobTitle: ['is too long'] } } },
    });
    for (const id of [ann, ...others]) stage.directory.updateUser(id, { jobTitle: 'Something else' });
    const report = await stage.sync();
    expect(fault.hits()).toBeGreaterThan(0);
    expect(report).toMatchObject({ ok: true, exitCode: 4, people: { parked: 1 } });
    expect(attentionOf(report, ann)).toEqual(['rejected: UpdateProfile: validation (jobTitle)']);
    for (const id of others) expect(stage.account(id).jobTitle).toBe('Something else');

    stage.newWrites();
    expect(await stage.sync()).toMatchObject({ exitCode: 4, events: none });
    expect(stage.newWrites()).toEqual([]);

    fault.remove();
    stage.directory.updateUser(ann, { jobTitle: 'Short' });
    expect(await stage.sync()).toMatchObject({ exitCode: 0, people: { parked: 0 } });
    expect(stage.account(ann).jobTitle).toBe('Short');
  });
});

const fields = { customFields: [{ name: 'Staff no' }] };

/** Leaves out every property that is null, at any depth. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (inner === null ? [] : [[key, withoutNulls(inner)]])),
  );
}
