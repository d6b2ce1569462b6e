import { describe, expect, it } from 'vitest';
import { facts, none, succeeded } from '../../support/report.js';
import { openStage } from '../../support/stage.js';

describe('other attributes by configuration', () => {
  it('fills a custom field from employeeId, follows it, and leaves other custom fields alone', async () => {
    const stage = await openStage({
      preferences: { customFields: { employeeId: 'Staff no' } },
      learnAmp: { customFields: [{ name: 'Staff no' }, { name: 'Shoe size' }] },
    });
    const ann = stage.hire('Ann Lee', { employeeId: '4711' });
    const ben = stage.hire('Ben Ode');
    const report = await stage.sync();
    expect(succeeded(report)).toEqual({ CreateUser: 2, SetCustomFields: 1 });
    expect(stage.account(ann).customFields).toEqual({ 'Staff no': '4711' });
    expect(stage.account(ben).customFields).toEqual({});

    stage.learnAmp.updateAccount(stage.account(ann).id, { customFields: { 'Staff no': '4711', 'Shoe size': '40' } });
    stage.directory.updateUser(ann, { employeeId: '4712' });
    const changed = await stage.sync();
    expect(facts(changed)).toEqual({ CustomAttributeChanged: 1, CommandSucceeded: 1 });
    expect(stage.account(ann).customFields).toEqual({ 'Staff no': '4712', 'Shoe size': '40' });
  });

  it('takes the location from the city', async () => {
    const stage = await openStage({ preferences: { attributes: { location: 'city' } } });
    const ann = stage.hire('Ann Lee', { city: 'Porto', officeLocation: 'Building 7' });
    await stage.sync();
    expect(stage.account(ann).location).toBe('Porto');
    stage.directory.updateUser(ann, { officeLocation: 'Building 8' });
    expect(succeeded(await stage.sync())).toEqual({});
    stage.directory.updateUser(ann, { city: 'Faro' });
    await stage.sync();
    expect(stage.account(ann).location).toBe('Faro');
  });

  it('reads an extension attribute by its path, into a field and into a custom field', async () => {
    const path = 'onPremisesExtensionAttributes.extensionAttribute1';
    const stage = await openStage({
      preferences: { attributes: { jobTitle: path }, customFields: { [path]: 'Cost centre' } },
      learnAmp: { customFields: [{ name: 'Cost centre' }] },
    });
    const ann = stage.hire('Ann Lee', { onPremisesExtensionAttributes: { extensionAttribute1: 'cost-7' } });
    await stage.sync();
    expect(stage.account(ann)).toMatchObject({ jobTitle: 'cost-7', customFields: { 'Cost centre': 'cost-7' } });
    stage.directory.updateUser(ann, { onPremisesExtensionAttributes: { extensionAttribute1: 'cost-8' } });
    await stage.sync();
    expect(stage.account(ann)).toMatchObject({ jobTitle: 'cost-8', customFields: { 'Cost centre': 'cost-8' } });
    stage.directory.updateUser(ann, { onPremisesExtensionAttributes: { extensionAttribute1: null } });
    await stage.sync();
    expect(stage.account(ann)).toMatchObject({ jobTitle: null, customFields: {} });
  });

  it('takes the first attribute of a list that has a value', async () => {
    const stage = await openStage({ preferences: { attributes: { location: ['officeLocation', 'city'] } } });
    const ann = stage.hire('Ann Lee', { city: 'Porto', officeLocation: 'Building 7' });
    const ben = stage.hire('Ben Ode', { city: 'Faro' });
    await stage.sync();
    expect(stage.account(ann).location).toBe('Building 7');
    expect(stage.account(ben).location).toBe('Faro');
    stage.directory.updateUser(ann, { officeLocation: null });
    await stage.sync();
    expect(stage.account(ann).location).toBe('Porto');
  });

  it('leaves a field alone that is switched off', async () => {
    const stage = await openStage({
      preferences: { attributes: { jobTitle: null, department: null, primaryTeam: null } },
    });
    stage.learnAmp.addAccount({
      email: 'ann.lee@fabrikam.example',
      firstName: 'Ann',
      lastName: 'Lee',
      jobTitle: 'Typed by hand',
    });
    const ann = stage.hire('Ann Lee', { jobTitle: 'Engineer', department: 'Sales' });
    await stage.sync();
    stage.directory.updateUser(ann, { jobTitle: null, department: 'Research' });
    await stage.sync();
    expect(stage.account(ann)).toMatchObject({ jobTitle: 'Typed by hand', department: null, primaryTeamId: null });
    expect(stage.learnAmp.teams()).toEqual([]);
  });

  it('can take the primary team from elsewhere than the department', async () => {
    const stage = await openStage({ preferences: { attributes: { primaryTeam: 'companyName' } } });
    const ann = stage.hire('Ann Lee', { department: 'Sales', companyName: 'Fabrikam South' });
    await stage.sync();
    expect(stage.account(ann).department).toBe('Sales');
    expect(stage.teamOf(ann)).toBe('Fabrikam South');
  });

  it('can take the address from the mail attribute', async () => {
    const stage = await openStage({ preferences: { attributes: { email: ['mail', 'userPrincipalName'] } } });
    const ann = stage.hire('Ann Lee', { mail: 'ann@fabrikam.example' });
    const ben = stage.hire('Ben Ode', { mail: null });
    await stage.sync();
    expect(stage.account(ann).email).toBe('ann@fabrikam.example');
    expect(stage.account(ben).email).toBe('ben.ode@fabrikam.example');
  });

  it('names a custom field that Learn Amp does not have, and brings the rest of the person', async () => {
    const stage = await openStage({ preferences: { customFields: { employeeId: 'No such field' } } });
    const ann = stage.hire('Ann Lee', { employeeId: '4711', jobTitle: 'Engineer' });
    const report = await stage.sync();
    expect(report).toMatchObject({ ok: true, exitCode: 4, people: { linked: 1, parked: 1 } });
    expect(report.attention).toEqual([
      { userId: ann, kind: 'rejected', reason: 'SetCustomFields: unknown_custom_field (No such field)' },
    ]);
    expect(stage.account(ann).jobTitle).toBe('Engineer');
    stage.directory.updateUser(ann, { jobTitle: 'Architect' });
    await stage.sync();
    expect(stage.account(ann).jobTitle).toBe('Architect');
  });

  it('writes the custom fields that Learn Amp has, and names the one it does not have, once', async () => {
    const stage = await openStage({
      preferences: { customFields: { employeeId: 'Employee ID', city: 'Town', companyName: 'Company' } },
      learnAmp: { customFields: [{ name: 'Employee ID' }, { name: 'Company' }] },
    });
    const ann = stage.hire('Ann Lee', { employeeId: '4711', city: 'Lisbon', companyName: 'Fabrikam' });
    const attention = [{ userId: ann, kind: 'rejected', reason: 'SetCustomFields: unknown_custom_field (Town)' }];
    expect(await stage.sync()).toMatchObject({ ok: true, exitCode: 4, attention });
    expect(stage.account(ann).customFields).toEqual({ 'Employee ID': '4711', Company: 'Fabrikam' });

    stage.newWrites();
    expect(await stage.sync()).toMatchObject({ exitCode: 4, events: none, attention });
    expect(stage.newWrites()).toEqual([]);

    stage.directory.updateUser(ann, { companyName: null });
    expect(await stage.sync()).toMatchObject({ exitCode: 4, attention });
    expect(stage.account(ann).customFields).toMatchObject({ 'Employee ID': '4711' });
    expect(stage.account(ann).customFields['Company'] ?? '').toBe('');
  });
});
