import type { CommandOf, TeamKey } from '@learnamp/directory-sync';
import { describe, expect, it } from 'vitest';
import { openContract } from './open-contract.js';

const sales: CommandOf<'EnsureTeam'> = { kind: 'EnsureTeam', teamKey: 'sales' as TeamKey, name: 'Sales' };

describe('GET /v1/teams', () => {
  it('FOUND: teams are listed in pages, with their external id', async () => {
    const { ask, learnAmp } = await openContract();
    for (const name of ['A', 'B', 'C']) learnAmp.addTeam({ name, integrationExternalId: `x:${name}` });
    const { headers, body } = await ask('GET', '/v1/teams?page=1&perPage=2');
    expect(headers.get('total-pages')).toBe('2');
    expect(body).toMatchObject({ teams: [{ name: 'A', integrationExternalId: 'x:A' }, { name: 'B' }] });
  });

  it('ASSUMED: filters[name] may match a part, so the client reads all teams and compares', async () => {
    const { ask, run, learnAmp } = await openContract();
    learnAmp.addTeam({ name: 'Field Sales' });
    expect(await ask('GET', '/v1/teams?filters[name]=sales')).toMatchObject({
      body: { teams: [{ name: 'Field Sales' }] },
    });
    expect(await run(sales)).toMatchObject({ _tag: 'Succeeded', result: 'created' });
  });
});

describe('GET /v1/teams/by_external_id/{id}', () => {
  it('FOUND: the team with this external id is shown, whatever it is named by now', async () => {
    const { ask, learnAmp } = await openContract();
    const team = learnAmp.addTeam({ name: 'Renamed by hand', integrationExternalId: 'entra-dept:sales' });
    expect(await ask('GET', '/v1/teams/by_external_id/entra-dept%3Asales')).toMatchObject({
      status: 200,
      body: { id: team.id },
    });
  });

  it('FOUND: one that no team has is a 404', async () => {
    const { ask } = await openContract();
    expect((await ask('GET', '/v1/teams/by_external_id/entra-dept%3Anobody')).status).toBe(404);
  });
});

describe('POST /v1/teams', () => {
  it('FOUND: a name is enough, and the answer is 201 with the team; the client adds an external id and nothing else', async () => {
    const { run, learnAmp, lastWrite } = await openContract();
    expect(await run(sales)).toMatchObject({ _tag: 'Succeeded', result: 'created' });
    expect(lastWrite()).toMatchObject({
      status: 201,
      body: { name: 'Sales', integrationExternalId: 'entra-dept:sales' },
    });
    expect(Object.keys(lastWrite()?.body ?? {})).toEqual(['name', 'integrationExternalId']);
    expect(learnAmp.teamsNamed('Sales')).toMatchObject([{ managerId: null, parentTeamId: null }]);
  });

  it('FOUND: an external id that a team has is a 400, which ends a race between two creations', async () => {
    const { ask, learnAmp } = await openContract();
    learnAmp.addTeam({ name: 'Sales', integrationExternalId: 'entra-dept:sales' });
    const form = { name: 'Sales', integrationExternalId: 'entra-dept:sales' };
    expect(await ask('POST', '/v1/teams', { form })).toMatchObject({
      status: 400,
      body: { fullErrors: { integrationExternalId: ['has already been taken'] } },
    });
  });

  it('ASSUMED: two teams may have one name; the client makes none where one is there, and chooses none of two', async () => {
    const { run, learnAmp } = await openContract();
    learnAmp.addTeam({ name: 'Sales' });
    expect(await run(sales)).toMatchObject({ _tag: 'Succeeded', result: 'noop' });
    learnAmp.addTeam({ name: 'SALES' });
    const other = await openContract();
    for (const name of ['Sales', 'SALES']) other.learnAmp.addTeam({ name });
    expect(await other.run(sales)).toMatchObject({ _tag: 'Rejected', code: 'ambiguous_team' });
  });
});

describe('POST /v1/teams/{id}/users', () => {
  it('FOUND: it adds a member, 201 with id, teamId and userId; the client sets primaryTeamId of the account instead', async () => {
    const { ask, add, learnAmp } = await openContract();
    const team = learnAmp.addTeam({ name: 'Sales' });
    const ann = add();
    expect(await ask('POST', `/v1/teams/${String(team.id)}/users`, { form: { userId: ann.key } })).toMatchObject({
      status: 201,
      body: { teamId: team.id, userId: ann.id },
    });
  });

  it('ASSUMED: isPrimary, which stands in the example and not in the table, makes it the primary team', async () => {
    const { ask, add, learnAmp } = await openContract();
    const team = learnAmp.addTeam({ name: 'Sales' });
    const ann = add();
    await ask('POST', `/v1/teams/${String(team.id)}/users`, { form: { userId: ann.key, isPrimary: 'true' } });
    expect(learnAmp.account(ann.id)?.primaryTeamId).toBe(team.id);
  });
});
