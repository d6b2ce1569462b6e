import {
  type CommandOf,
  type LearnAmpUserId,
  type ObjectId,
  type TeamId,
  type TeamKey,
} from '@learnamp/directory-sync';
import type { Account } from '@learnamp/directory-sync-simulator';
import { describe, expect, it } from 'vitest';
import { openContract, userId } from './open-contract.js';

const id = userId as ObjectId;
const identity = { email: 'ada.byron@fabrikam.example', firstName: 'Ada', lastName: 'Byron' };
const form = { ...identity, skipInvitation: 'true' };
const creation: CommandOf<'CreateUser'> = {
  kind: 'CreateUser',
  userId: id,
  identity,
  externalId: userId,
  profile: { location: 'A new place' },
  invite: 'none',
};
const about = (account: Account) => ({
  userId: id,
  learnAmpUserId: String(account.id) as LearnAmpUserId,
  identity: { email: account.email, firstName: account.firstName, lastName: account.lastName },
});

describe('POST /v1/users', () => {
  it('FOUND: e-mail and both names are required, and a 400 names what is missing', async () => {
    const { ask } = await openContract();
    expect(await ask('POST', '/v1/users', { form: { email: 'a@b.example' } })).toMatchObject({
      status: 400,
      body: { fullErrors: { firstName: ['is missing'], lastName: ['is missing'] } },
    });
  });

  it('FOUND: the answer is 201 with the account', async () => {
    const { ask, run, learnAmp } = await openContract();
    expect(await ask('POST', '/v1/users', { form })).toMatchObject({ status: 201, body: identity });
    learnAmp.deleteAccount(learnAmp.accountByEmail(identity.email)?.id ?? 0);
    expect(await run(creation)).toMatchObject({
      _tag: 'Succeeded',
      result: 'created',
      account: { externalId: userId },
    });
  });

  it('FOUND: an invitation goes out at once unless skipInvitation is given, so the client always gives it', async () => {
    const { ask, run, learnAmp, lastWrite } = await openContract();
    await ask('POST', '/v1/users', { form: { ...identity, email: 'mailed@fabrikam.example' } });
    expect(learnAmp.invitations().map(({ email }) => email)).toEqual(['mailed@fabrikam.example']);
    await run(creation);
    expect(lastWrite()?.body).toMatchObject({ skipInvitation: 'true' });
    expect(learnAmp.invitations()).toHaveLength(1);
  });

  it('FOUND: an external id that another account has is a 400 that says so', async () => {
    const { ask, add } = await openContract();
    add({ integrationExternalId: userId });
    expect(await ask('POST', '/v1/users', { form: { ...form, integrationExternalId: userId } })).toMatchObject({
      status: 400,
      body: { fullErrors: { integrationExternalId: ['has already been taken'] } },
    });
  });

  it('ASSUMED: an address that is taken is a 400 with fullErrors.email', async () => {
    const { ask, add, run } = await openContract();
    const there = add({ email: identity.email });
    expect(await ask('POST', '/v1/users', { form })).toMatchObject({
      status: 400,
      body: { fullErrors: { email: ['has already been taken'] } },
    });
    expect(await run(creation)).toMatchObject({ _tag: 'Exists', account: { learnAmpUserId: there.key } });
  });

  it('ASSUMED: a plan without a seat left is a 422 that speaks of users in the plan', async () => {
    const { ask, run } = await openContract({ seats: 2 });
    expect((await ask('POST', '/v1/users', { form })).status).toBe(422);
    expect(await run(creation)).toEqual({ _tag: 'Rejected', code: 'no_seats', fields: [] });
  });

  it('ASSUMED: a language that the company does not offer is a 400 about the language alone', async () => {
    const { ask, run } = await openContract({ languages: ['en'] });
    expect((await ask('POST', '/v1/users', { form: { ...form, language: 'de' } })).status).toBe(400);
    expect(await run({ ...creation, profile: { language: 'de' } })).toMatchObject({ dropped: ['language'] });
  });

  it('ASSUMED: a location that was never used before is taken', async () => {
    const { run, learnAmp } = await openContract();
    await run(creation);
    expect(learnAmp.accountByExternalId(userId)?.location).toBe('A new place');
  });
});

describe('PUT /v1/users/{id}', () => {
  it('FOUND: fields that are not sent stay as they are', async () => {
    const { run, add, learnAmp } = await openContract();
    const ann = add({ jobTitle: 'Engineer', department: 'R&D', role: 'reporter' });
    await run({ kind: 'UpdateProfile', ...about(ann), set: { jobTitle: 'Lead' }, clear: [] });
    expect(learnAmp.account(ann.id)).toMatchObject({ jobTitle: 'Lead', department: 'R&D', role: 'reporter' });
  });

  it('ASSUMED: e-mail and both names are required here too, so all three are sent', async () => {
    const { ask, run, add, lastWrite } = await openContract({ updateNeedsIdentity: true });
    const ann = add();
    expect((await ask('PUT', `/v1/users/${ann.key}`, { form: { jobTitle: 'X' } })).status).toBe(400);
    await run({ kind: 'UpdateProfile', ...about(ann), set: { jobTitle: 'X' }, clear: [] });
    expect(lastWrite()).toMatchObject({ status: 200, body: about(ann).identity });
  });

  it('ASSUMED: an empty value empties jobTitle, department, location and hireDate', async () => {
    const { run, add, learnAmp } = await openContract();
    const ann = add({ jobTitle: 'X', department: 'X', location: 'X', hireDate: '2024-01-01' });
    const clear = ['jobTitle', 'department', 'location', 'hireDate'] as const;
    await run({ kind: 'UpdateProfile', ...about(ann), set: {}, clear });
    expect(learnAmp.account(ann.id)).toMatchObject({
      jobTitle: null,
      department: null,
      location: null,
      hireDate: null,
    });
  });

  it('ASSUMED: a refused update changes nothing at all', async () => {
    const { ask, add, learnAmp } = await openContract();
    const ann = add();
    const refused = { ...about(ann).identity, jobTitle: 'X', primaryTeamId: '9' };
    expect((await ask('PUT', `/v1/users/${ann.key}`, { form: refused })).status).toBe(400);
    expect(learnAmp.account(ann.id)?.jobTitle).toBeNull();
  });

  it('FOUND: primaryTeamId makes a team the primary one; one that is not there is a 400', async () => {
    const { run, add, learnAmp } = await openContract();
    const ann = add();
    const team = learnAmp.addTeam({ name: 'Sales' });
    const set = (teamId: number): CommandOf<'SetPrimaryTeam'> => ({
      kind: 'SetPrimaryTeam',
      ...about(ann),
      teamKey: 'sales' as TeamKey,
      teamId: String(teamId) as TeamId,
    });
    expect(await run(set(team.id))).toMatchObject({ _tag: 'Succeeded' });
    expect(learnAmp.account(ann.id)?.primaryTeamId).toBe(team.id);
    expect(await run(set(99_999))).toMatchObject({ _tag: 'Rejected', code: 'unknown_team' });
  });

  it('ASSUMED: managerId sets the override manager and an empty one clears it', async () => {
    const { run, add, learnAmp } = await openContract();
    const [ann, boss] = [add(), add()];
    const managerUserId = '0b8c8a9e-0000-4000-8000-000000000002' as ObjectId;
    await run({ kind: 'SetOverrideManager', ...about(ann), managerUserId, managerLearnAmpUserId: boss.key });
    expect(learnAmp.account(ann.id)?.managerId).toBe(boss.id);
    await run({ kind: 'ClearOverrideManager', ...about(ann) });
    expect(learnAmp.account(ann.id)?.managerId).toBeNull();
  });

  it('ASSUMED: a managerId of somebody deactivated may be refused like a managerEmail is; the manager is waited for then', async () => {
    const { run, add } = await openContract({ managerMustBeActive: true });
    const [ann, gone] = [add(), add({ status: 'deactivated' })];
    const managerUserId = '0b8c8a9e-0000-4000-8000-000000000002' as ObjectId;
    expect(
      await run({ kind: 'SetOverrideManager', ...about(ann), managerUserId, managerLearnAmpUserId: gone.key }),
    ).toEqual({ _tag: 'Deferred', on: 'manager-inactive' });
  });
});

describe('PUT /v1/users/{id} with customFields', () => {
  const fields = [{ name: 'Shoe' }, { name: 'Cost centre', required: true }];
  const set = (account: Account, values: CommandOf<'SetCustomFields'>['fields']): CommandOf<'SetCustomFields'> => ({
    kind: 'SetCustomFields',
    ...about(account),
    fields: values,
  });

  it('FOUND: a field is found by its name, and an empty value empties it', async () => {
    const { run, add, learnAmp } = await openContract({ customFields: fields });
    const ann = add();
    await run(set(ann, [{ name: 'Shoe', value: '43' }]));
    expect(learnAmp.account(ann.id)?.customFields).toEqual({ Shoe: '43' });
    await run(set(ann, [{ name: 'Shoe', value: null }]));
    expect(learnAmp.account(ann.id)?.customFields).toEqual({});
  });

  it('FOUND: an unknown name is a 404 for the whole call, so custom fields go in a call of their own', async () => {
    const { run, add } = await openContract({ customFields: fields });
    const ann = add();
    expect(await run(set(ann, [{ name: 'Hat', value: '7' }]))).toEqual({
      _tag: 'Rejected',
      code: 'unknown_custom_field',
      fields: ['Hat'],
    });
  });

  it('FOUND: a field that may not be empty is a 400 and keeps its value', async () => {
    const { run, add, learnAmp } = await openContract({ customFields: fields });
    const ann = add({ customFields: { 'Cost centre': '7' } });
    expect(await run(set(ann, [{ name: 'Cost centre', value: null }]))).toMatchObject({
      code: 'required_custom_field',
    });
    expect(learnAmp.account(ann.id)?.customFields).toEqual({ 'Cost centre': '7' });
  });

  it('FOUND: where the company has switched them off they are ignored, and the answer is a success', async () => {
    const { run, add, learnAmp } = await openContract({ customFields: fields, customFieldsEnabled: false });
    const ann = add();
    expect(await run(set(ann, [{ name: 'Shoe', value: '43' }]))).toMatchObject({ _tag: 'Succeeded' });
    expect(learnAmp.account(ann.id)?.customFields).toEqual({});
  });
});

describe('PUT /v1/users/{id}/deactivate', () => {
  it('FOUND: the answer is 204, and the account stays', async () => {
    const { ask, add, learnAmp } = await openContract();
    const ann = add();
    expect(await ask('PUT', `/v1/users/${ann.key}/deactivate`)).toMatchObject({ status: 204, body: undefined });
    expect(learnAmp.account(ann.id)?.status).toBe('deactivated');
  });

  it('FOUND: team memberships go, and whom the person managed falls to the owner', async () => {
    const { ask, add, learnAmp } = await openContract();
    const team = learnAmp.addTeam({ name: 'Sales' });
    const boss = add({ primaryTeamId: team.id });
    const ann = add({ managerId: boss.id });
    await ask('PUT', `/v1/users/${boss.key}/deactivate`);
    expect(learnAmp.account(boss.id)?.primaryTeamId).toBeNull();
    expect(learnAmp.account(ann.id)?.managerId).toBe(learnAmp.owner().id);
  });

  it('ASSUMED: a second one is a 204; the client reads first and does not send it', async () => {
    const { ask, run, add, learnAmp } = await openContract();
    const ann = add({ status: 'deactivated' });
    expect((await ask('PUT', `/v1/users/${ann.key}/deactivate`)).status).toBe(204);
    const sent = learnAmp.writes().length;
    expect(await run({ kind: 'DeactivateUser', ...about(ann), reason: 'left_scope' })).toMatchObject({
      result: 'noop',
    });
    expect(learnAmp.writes()).toHaveLength(sent);
  });

  it('ASSUMED: the last owner is refused; the client finds out by itself and does not send it', async () => {
    const { ask, run, learnAmp } = await openContract();
    const owner = learnAmp.owner();
    expect((await ask('PUT', `/v1/users/${String(owner.id)}/deactivate`)).status).toBe(422);
    const sent = learnAmp.writes().length;
    const command = { kind: 'DeactivateUser', ...about(owner), reason: 'left_scope' } as const;
    expect(await run(command, { approvedByName: true })).toMatchObject({ _tag: 'Rejected', code: 'last_owner' });
    expect(learnAmp.writes()).toHaveLength(sent);
  });
});

describe('PUT /v1/users/{id}/reactivate', () => {
  it('FOUND: the answer is 204, and the account is active', async () => {
    const { run, add, learnAmp } = await openContract();
    const ann = add({ status: 'deactivated' });
    expect(await run({ kind: 'ReactivateUser', ...about(ann), reason: 'returned' })).toMatchObject({
      _tag: 'Succeeded',
    });
    expect(learnAmp.account(ann.id)?.status).toBe('confirmed');
  });

  it('ASSUMED: it takes a seat, and none left is a 422', async () => {
    const { run, add } = await openContract({ seats: 2 });
    const ann = add({ status: 'deactivated' });
    expect(await run({ kind: 'ReactivateUser', ...about(ann), reason: 'returned' })).toMatchObject({
      code: 'no_seats',
    });
  });
});
