import { afterEach, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../simulator.js';
import type { LearnAmpServerOptions } from './learn-amp-behaviour.js';

const open: Simulator[] = [];
const start = async (learnAmp: LearnAmpServerOptions = {}): Promise<Simulator> => {
  const simulator = await startSimulator({ seed: 21, company: { people: 6 }, learnAmp });
  open.push(simulator);
  return simulator;
};
afterEach(async () => {
  await Promise.all(open.splice(0).map((simulator) => simulator.close()));
});

type Json = Record<string, unknown>;
type Body = { form: Record<string, string> | string } | { json: unknown };

const call = (simulator: Simulator, method: string, path: string, body?: Body): Promise<Response> =>
  fetch(`${simulator.learnAmpUrl}/v1/${path}`, {
    method,
    headers: {
      authorization: `Bearer ${simulator.learnAmpToken()}`,
      ...(body !== undefined && 'json' in body ? { 'content-type': 'application/json' } : {}),
    },
    ...(body === undefined
      ? {}
      : { body: 'json' in body ? JSON.stringify(body.json) : new URLSearchParams(body.form) }),
  });
const person = { email: 'ann@x.example', firstName: 'Ann', lastName: 'Able' };
const create = (simulator: Simulator, more: Record<string, string> = {}): Promise<Response> =>
  call(simulator, 'POST', 'users', { form: { ...person, skipInvitation: 'true', ...more } });
const answer = async (response: Promise<Response>): Promise<[number, unknown]> => {
  const { status } = await response;
  const body = await (await response).text();
  return [status, body === '' ? undefined : (JSON.parse(body) as unknown)];
};

const token = (simulator: Simulator, fields: Record<string, string>): Promise<Response> =>
  fetch(`${simulator.learnAmpUrl}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: simulator.learnAmpClientId,
      client_secret: simulator.learnAmpClientSecret,
      ...fields,
    }),
  });

describe('access', () => {
  it('credentials with scopes must name them; legacy ones are public', async () => {
    const scoped = await start();
    expect(await answer(token(scoped, {}))).toMatchObject([400, { error: 'invalid_scope' }]);
    expect(await answer(token(scoped, { scope: 'users:delete' }))).toMatchObject([400, { error: 'invalid_scope' }]);
    expect(await answer(token(scoped, { scope: 'users:read teams:read' }))).toMatchObject([
      200,
      { token_type: 'Bearer', expires_in: 7200, scope: 'users:read teams:read' },
    ]);
    expect(await answer(token(scoped, { client_secret: 'wrong' }))).toMatchObject([401, { error: 'invalid_client' }]);
    const legacy = await start({ scopes: ['public'] });
    expect(await answer(token(legacy, {}))).toMatchObject([200, { scope: 'public' }]);
    expect((await call(legacy, 'DELETE', 'users/1002')).status).toBe(204);
  });

  it('401 without a token, 403 without the scope', async () => {
    const simulator = await start({ scopes: ['users:read'] });
    expect((await fetch(`${simulator.learnAmpUrl}/v1/users`)).status).toBe(401);
    expect((await call(simulator, 'GET', 'teams')).status).toBe(403);
    expect((await call(simulator, 'GET', 'users')).status).toBe(200);
  });
});

describe('creating people', () => {
  it('mails an invitation unless told not to', async () => {
    const simulator = await start();
    const [status, body] = await answer(create(simulator));
    expect([status, body]).toMatchObject([
      201,
      { ...person, language: 'en', role: 'viewer', status: { status: 'Not yet invited' }, manager: null },
    ]);
    expect(simulator.learnAmp.invitations()).toEqual([]);
    const invited = call(simulator, 'POST', 'users', { json: { ...person, email: 'bob@x.example' } });
    expect(await answer(invited)).toMatchObject([201, { status: { status: 'Invite pending' } }]);
    expect(simulator.learnAmp.invitations()).toMatchObject([{ email: 'bob@x.example' }]);
  });

  it('names every missing field', async () => {
    const simulator = await start();
    expect(await answer(call(simulator, 'POST', 'users', { form: { lastName: '' } }))).toEqual([
      400,
      {
        error: 'email is missing, email is empty, firstName is missing, lastName is empty',
        fullErrors: { email: ['is missing', 'is empty'], firstName: ['is missing'], lastName: ['is empty'] },
      },
    ]);
  });

  it.each<[string, Record<string, string>, number, unknown]>([
    [
      'an address in use, in other case',
      { email: 'OWNER@learning.example' },
      400,
      { fullErrors: { email: ['has already been taken'] } },
    ],
    [
      'an address in use elsewhere',
      { email: 'elsewhere@x.example' },
      400,
      { fullErrors: { email: ['has already been taken'] } },
    ],
    [
      'an external id in use',
      { integrationExternalId: 'taken' },
      400,
      { fullErrors: { integrationExternalId: ['has already been taken'] } },
    ],
    [
      'a language that is not offered',
      { language: 'fi' },
      400,
      { fullErrors: { language: ['does not have a valid value'] } },
    ],
    ['a role that cannot be set', { role: 'owner' }, 400, { fullErrors: { role: ['does not have a valid value'] } }],
    ['the role hr without its package', { role: 'hr' }, 422, {}],
    ['a date with a time', { hireDate: '2020-01-01T00:00:00Z' }, 400, { fullErrors: { hireDate: ['is invalid'] } }],
    [
      'an unknown team',
      { primaryTeamId: '9' },
      400,
      { fullErrors: { primaryTeamId: ['must match existing teams IDs'] } },
    ],
    [
      'two names of a team',
      { primaryTeamId: '9', primaryTeamIntegrationExternalId: 'x' },
      400,
      { error: 'primaryTeamId, primaryTeamIntegrationExternalId are mutually exclusive' },
    ],
    [
      'an unknown manager',
      { managerEmail: 'no@x.example' },
      400,
      { error: 'managerEmail must match an existing user email within your company' },
    ],
    [
      'two names of a manager',
      { managerId: '1', managerEmail: 'no@x.example' },
      400,
      { error: 'managerId, managerEmail are mutually exclusive' },
    ],
    [
      'an unknown custom field',
      { 'customFields[][name]': 'Nothing', 'customFields[][value]': '1' },
      404,
      { error: 'Not found' },
    ],
  ])('refuses %s and makes nobody', async (_, more, status, body) => {
    const simulator = await start();
    simulator.learnAmp.addAccount({
      email: 'other@x.example',
      firstName: 'O',
      lastName: 'O',
      integrationExternalId: 'taken',
    });
    simulator.learnAmp.takeElsewhere('Elsewhere@x.example');
    const before = simulator.learnAmp.accounts().length;
    expect(await answer(create(simulator, more))).toMatchObject([status, body]);
    expect(simulator.learnAmp.accounts()).toHaveLength(before);
    expect(simulator.learnAmp.writes()).toMatchObject([{ method: 'POST', path: '/v1/users', status }]);
  });

  it('counts seats', async () => {
    const simulator = await start({ seats: 4 });
    expect((await create(simulator)).status).toBe(201);
    expect((await create(simulator, { email: 'one@x.example' })).status).toBe(422);
    simulator.learnAmp.deactivate(simulator.learnAmp.accountByEmail(person.email)!.id);
    expect((await create(simulator, { email: 'one@x.example' })).status).toBe(201);
  });
});

describe('reading people', () => {
  it('comes in pages of ten with their totals; more than the cap is not given', async () => {
    const simulator = await start({ largestPage: 15 });
    for (let count = 0; count < 30; count += 1) await create(simulator, { email: `p${count}@x.example` });
    const total = simulator.learnAmp.accounts().length;
    const page = async (query: string): Promise<[number, ...(string | null)[]]> => {
      const response = await call(simulator, 'GET', `users${query}`);
      const { users } = (await response.json()) as { users: Json[] };
      return [users.length, ...['total', 'per-page', 'total-pages'].map((name) => response.headers.get(name))];
    };
    expect(await page('')).toEqual([10, String(total), '10', String(Math.ceil(total / 10))]);
    expect(await page('?perPage=500&page=3')).toEqual([total - 30, String(total), '15', String(Math.ceil(total / 15))]);
  });

  it.each<[string, string, ReadonlyArray<string>]>([
    ['an address without case', 'filters[email]=ANN@x.example', ['ann@x.example']],
    ['an external id exactly', 'filters[integration_external_id]=HR/1', ['bob@x.example']],
    ['a part of a name', 'filters[last_name]=ABL', ['ann@x.example']],
    ['statuses', 'filters[status][]=deactivated&filters[status][]=invite_pending', ['bob@x.example', 'cy@x.example']],
    ['statuses with commas', 'filters[status][]=deactivated,invite_pending', ['bob@x.example', 'cy@x.example']],
    ['no team', 'filters[no_team]=true&filters[first_name]=Cy', ['cy@x.example']],
  ])('filters by %s', async (_, query, emails) => {
    const simulator = await start();
    const { learnAmp } = simulator;
    await create(simulator);
    learnAmp.addAccount({
      email: 'bob@x.example',
      firstName: 'Bob',
      lastName: 'B',
      integrationExternalId: 'HR/1',
      status: 'invite_pending',
    });
    learnAmp.deactivate(learnAmp.addAccount({ email: 'cy@x.example', firstName: 'Cy', lastName: 'C' }).id);
    const { users } = (await (await call(simulator, 'GET', `users?${query}`)).json()) as { users: Json[] };
    expect(users.map(({ email }) => email)).toEqual(emails);
  });

  it('deactivated people are in the plain list or not, as the option says', async () => {
    for (const listsDeactivated of [true, false]) {
      const simulator = await start({ listsDeactivated });
      const { id } = simulator.learnAmp.addAccount({ email: 'cy@x.example', firstName: 'Cy', lastName: 'C' });
      simulator.learnAmp.deactivate(id);
      const text = await (await call(simulator, 'GET', 'users?perPage=100')).text();
      expect(text.includes('cy@x.example')).toBe(listsDeactivated);
    }
  });

  it('short in lists, whole when expanded, whole by encoded external id', async () => {
    const simulator = await start({ customFields: [{ name: 'Employee ID' }] });
    await create(simulator, {
      integrationExternalId: 'HR/1',
      'customFields[][name]': 'Employee ID',
      'customFields[][value]': '7',
    });
    const first = async (query: string): Promise<Json> =>
      (
        (await (await call(simulator, 'GET', `users?filters[email]=${person.email}${query}`)).json()) as {
          users: [Json];
        }
      ).users[0];
    expect(await first('')).not.toHaveProperty('department');
    expect(await first('&expanded=true')).toMatchObject({
      department: null,
      primaryTeam: null,
      secondaryTeams: [],
      customFields: [{ name: 'Employee ID', value: '7' }],
    });
    expect(await answer(call(simulator, 'GET', 'users/by_integration_external_id/HR%2F1'))).toMatchObject([
      200,
      person,
    ]);
    expect(await answer(call(simulator, 'GET', 'users/by_integration_external_id/HR'))).toEqual([
      404,
      { error: 'Not found' },
    ]);
  });
});

describe('updating people', () => {
  it('sets what is given, clears what is blank and leaves the rest alone', async () => {
    const simulator = await start();
    const [, made] = await answer(create(simulator, { jobTitle: 'Cook', location: 'Oslo', managerId: '1002' }));
    const { id } = made as { id: number };
    const update = call(simulator, 'PUT', `users/${id}`, {
      form: { ...person, lastName: 'Baker', jobTitle: '', managerId: '' },
    });
    expect(await answer(update)).toMatchObject([
      200,
      { lastName: 'Baker', jobTitle: null, location: 'Oslo', manager: null },
    ]);
    expect(
      (await call(simulator, 'PUT', `users/${id}`, { json: { ...person, hireDate: null, department: 'Legal' } }))
        .status,
    ).toBe(200);
    expect(simulator.learnAmp.account(id)).toMatchObject({ department: 'Legal', hireDate: null });
  });

  it('takes multipart bodies, as the documentation shows them', async () => {
    const simulator = await start({ customFields: [{ name: 'Employee ID' }, { name: 'Site' }] });
    const form = new FormData();
    for (const [name, value] of Object.entries(person)) form.set(name, value);
    for (const [name, value] of [
      ['Employee ID', '1'],
      ['Site', 'A\r\nB'],
    ] as const) {
      form.append('customFields[][name]', name);
      form.append('customFields[][value]', value);
    }
    const headers = { authorization: `Bearer ${simulator.learnAmpToken()}` };
    const response = await fetch(`${simulator.learnAmpUrl}/v1/users`, { method: 'POST', headers, body: form });
    expect(response.status).toBe(201);
    expect(simulator.learnAmp.accountByEmail(person.email)?.customFields).toEqual({
      'Employee ID': '1',
      Site: 'A\r\nB',
    });
  });

  it('by id needs the identity fields, by external id it does not', async () => {
    const simulator = await start();
    await create(simulator, { integrationExternalId: '42' });
    const { id } = simulator.learnAmp.accountByEmail(person.email)!;
    expect((await call(simulator, 'PUT', `users/${id}`, { form: { jobTitle: 'Cook' } })).status).toBe(400);
    const external = call(simulator, 'PUT', 'users/by_integration_external_id/42', {
      form: { integrationExternalId: '43' },
    });
    expect(await answer(external)).toMatchObject([200, { integrationExternalId: '43' }]);
    expect((await call(simulator, 'PUT', 'users/by_integration_external_id/42', { form: {} })).status).toBe(404);
  });

  it('custom fields: a required one cannot be cleared, an unknown one fails the whole call, switched off they are ignored', async () => {
    const simulator = await start({ customFields: [{ name: 'Must', required: true }, { name: 'May' }] });
    const set = (fields: unknown, more: Json = {}): Promise<Response> =>
      call(simulator, 'PUT', `users/${simulator.learnAmp.accountByEmail(person.email)!.id}`, {
        json: { ...person, ...more, customFields: fields },
      });
    await create(simulator);
    expect(
      (
        await set([
          { name: 'Must', value: 'a' },
          { name: 'May', value: 'b' },
        ])
      ).status,
    ).toBe(200);
    expect(await answer(set([{ name: 'Must', value: '' }]))).toEqual([
      400,
      { error: "Validation failed: Value can't be blank", fullErrors: { value: ["can't be blank"] } },
    ]);
    expect(await answer(set([{ name: 'Other', value: 'x' }], { jobTitle: 'Cook' }))).toEqual([
      404,
      { error: 'Not found' },
    ]);
    expect((await set([{ name: 'May', value: null }])).status).toBe(200);
    expect(simulator.learnAmp.accountByEmail(person.email)).toMatchObject({
      jobTitle: null,
      customFields: { Must: 'a' },
    });
    const off = await start({ customFieldsEnabled: false });
    await create(off);
    const { id } = off.learnAmp.accountByEmail(person.email)!;
    const ignored = call(off, 'PUT', `users/${id}`, {
      json: { ...person, jobTitle: 'Cook', customFields: [{ name: 'Other', value: 'x' }] },
    });
    expect(await answer(ignored)).toMatchObject([200, { jobTitle: 'Cook' }]);
  });
});

describe('deactivating', () => {
  it('ends memberships and moves the people and teams of a manager to the owner; reactivating brings none of it back', async () => {
    const simulator = await start();
    const { learnAmp } = simulator;
    const team = learnAmp.addTeam({ name: 'Kitchen' });
    const other = learnAmp.addTeam({ name: 'Choir' });
    const boss = learnAmp.addAccount({
      email: 'boss@x.example',
      firstName: 'B',
      lastName: 'B',
      primaryTeamId: team.id,
      secondaryTeamIds: [other.id],
    });
    learnAmp.updateTeam(team.id, { managerId: boss.id });
    const report = learnAmp.addAccount({
      email: 'report@x.example',
      firstName: 'R',
      lastName: 'R',
      managerId: boss.id,
      primaryTeamId: team.id,
    });
    const owner = learnAmp.owner();
    expect(await answer(call(simulator, 'PUT', `users/${boss.id}/deactivate`))).toEqual([204, undefined]);
    expect(learnAmp.account(boss.id)).toMatchObject({
      status: 'deactivated',
      primaryTeamId: null,
      secondaryTeamIds: [],
    });
    expect(learnAmp.account(report.id)).toMatchObject({ managerId: owner.id, primaryTeamId: team.id });
    expect(learnAmp.team(team.id)?.managerId).toBe(owner.id);
    expect(learnAmp.deactivations()).toMatchObject([{ accountId: boss.id }]);
    expect((await call(simulator, 'PUT', `users/${boss.id}/deactivate`)).status).toBe(204);
    expect(learnAmp.deactivations()).toHaveLength(1);
    expect((await call(simulator, 'PUT', `users/${boss.id}/reactivate`)).status).toBe(204);
    expect(learnAmp.account(boss.id)).toMatchObject({ status: 'confirmed', primaryTeamId: null });
    expect(learnAmp.account(report.id)?.managerId).toBe(owner.id);
  });

  it('never the last owner; an unknown person is a 404; a manager must be active to be found by address', async () => {
    const simulator = await start();
    const { learnAmp } = simulator;
    expect((await call(simulator, 'PUT', `users/${learnAmp.owner().id}/deactivate`)).status).toBe(422);
    expect((await call(simulator, 'PUT', 'users/77/deactivate')).status).toBe(404);
    await create(simulator);
    learnAmp.deactivate(learnAmp.accountByEmail(person.email)!.id);
    expect((await create(simulator, { email: 'b@x.example', managerEmail: person.email })).status).toBe(400);
  });
});

describe('teams', () => {
  it('are made by name, found by a part of it, and unique by external id', async () => {
    const simulator = await start();
    const make = (form: Record<string, string>): Promise<[number, unknown]> =>
      answer(call(simulator, 'POST', 'teams', { form }));
    expect(await make({ name: 'Sales', integrationExternalId: 'dept:sales' })).toMatchObject([
      201,
      { name: 'Sales', users: [], parentTeam: null },
    ]);
    expect(await make({ name: 'Presales' })).toMatchObject([201, {}]);
    expect(await make({})).toEqual([
      400,
      { error: 'name is missing, name is empty', fullErrors: { name: ['is missing', 'is empty'] } },
    ]);
    expect(await make({ name: 'Other', integrationExternalId: 'dept:sales' })).toEqual([
      400,
      {
        error: 'Integration external id has already been taken',
        fullErrors: { integrationExternalId: ['has already been taken'] },
      },
    ]);
    const found = await answer(call(simulator, 'GET', 'teams?filters[name]=sales'));
    expect(found).toMatchObject([200, { teams: [{ name: 'Sales' }, { name: 'Presales' }] }]);
    expect((await call(simulator, 'GET', 'teams/by_external_id/dept%3Asales')).status).toBe(200);
    expect((await call(simulator, 'GET', 'teams/999')).status).toBe(404);
    expect((await call(simulator, 'DELETE', 'teams/301')).status).toBe(403);
  });

  it('hold people as primary or secondary team, added by id or by name and address', async () => {
    const simulator = await start();
    const { learnAmp } = simulator;
    const [first, second] = [learnAmp.addTeam({ name: 'First' }), learnAmp.addTeam({ name: 'Second' })];
    await create(simulator);
    const { id } = learnAmp.accountByEmail(person.email)!;
    const added = call(simulator, 'POST', `teams/${first.id}/users`, { json: { userId: id, isPrimary: true } });
    expect(await answer(added)).toMatchObject([201, { teamId: first.id, userId: id }]);
    expect(
      (await call(simulator, 'POST', 'teams/users', { json: { teamName: 'Second', userEmail: person.email } })).status,
    ).toBe(201);
    expect(learnAmp.account(id)).toMatchObject({ primaryTeamId: first.id, secondaryTeamIds: [second.id] });
    expect(
      (await call(simulator, 'POST', `teams/${second.id}/bulk/users`, { json: { userIds: [id], isPrimary: true } }))
        .status,
    ).toBe(201);
    expect(learnAmp.account(id)).toMatchObject({ primaryTeamId: second.id, secondaryTeamIds: [] });
    expect(await answer(call(simulator, 'GET', `teams/${second.id}/users`))).toMatchObject([
      200,
      { teamUsersCount: 1, users: [{ id }] },
    ]);
    expect(await answer(call(simulator, 'POST', `teams/${first.id}/users`, { json: {} }))).toMatchObject([
      400,
      { fullErrors: { userId: ['is missing', 'is empty'] } },
    ]);
    expect((await call(simulator, 'POST', 'teams/users', { json: { teamName: 'None', userId: id } })).status).toBe(400);
    expect(
      (await call(simulator, 'POST', 'teams/users', { json: { teamName: 'First', teamId: 1, userId: id } })).status,
    ).toBe(400);
  });
});

describe('a rate limit', () => {
  it.each([
    ['seconds', '8'],
    ['date', 'Mon, 02 Mar 2026 08:00:10 GMT'],
    ['none', null],
  ] as const)('answers 429 beyond it until the window ends, with Retry-After as %s', async (retryAfter, header) => {
    const simulator = await startSimulator({
      seed: 21,
      company: { people: 1 },
      learnAmp: { rateLimit: { requests: 3, windowSeconds: 10, retryAfter } },
      now: () => new Date('2026-03-02T08:00:02Z'),
    });
    open.push(simulator);
    for (let passed = 0; passed < 3; passed += 1) expect((await call(simulator, 'GET', 'users')).status).toBe(200);
    const refused = await call(simulator, 'PUT', 'users/1001/deactivate');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, header]);
    // Nothing was applied.
    expect(simulator.learnAmp.deactivations()).toEqual([]);
    simulator.advanceClock(8000);
    expect((await call(simulator, 'GET', 'users')).status).toBe(200);
  });
});
