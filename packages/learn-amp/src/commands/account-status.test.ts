import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startFakeLearnAmp, type FakeLearnAmp, type FakeUser } from '../testing/fake-learn-amp.js';
import { commandsFor } from '../testing/made-commands.js';
import { openClient, run } from '../testing/open-client.js';

let fake: FakeLearnAmp;
let ada: FakeUser;
let about: ReturnType<typeof commandsFor>;
beforeEach(async () => {
  fake = await startFakeLearnAmp();
  ada = fake.addUser({ email: 'ada@contoso.com' });
  about = commandsFor(ada.id);
});
afterEach(() => fake.close());

const at = (method: string, action = '') => `${method} /v1/users/${String(ada.id)}${action}`;

/**
 * PUT /v1/users/{id}/deactivate, PUT /v1/users/{id}/reactivate
 * FOUND   204 without a body; 404 for an unknown user
 * ASSUMED the last owner is refused with a text that says "owner"; a second deactivation would be a 204
 */
describe('DeactivateUser', () => {
  it('reads the account, then deactivates it', async () => {
    expect(await run(openClient(fake.baseUrl), [about.deactivate()])).toEqual([
      { _tag: 'Succeeded', result: 'updated' },
    ]);
    expect(fake.calls()).toEqual([at('GET'), at('PUT', '/deactivate')]);
    expect(ada.status).toBe('deactivated');
  });

  it('leaves alone who is deactivated already', async () => {
    ada.status = 'deactivated';
    expect(await run(openClient(fake.baseUrl), [about.deactivate()])).toMatchObject([
      { _tag: 'Succeeded', result: 'noop' },
    ]);
    expect(await run(openClient(fake.baseUrl), [about.deactivate()], { unknown: true })).toMatchObject([
      { _tag: 'Succeeded', result: 'found' },
    ]);
    expect(fake.calls()).toEqual([at('GET'), at('GET')]);
  });

  it.each(['owner', 'admin', 'Super admin'])('refuses to deactivate an account with the role %s', async (role) => {
    ada.role = role;
    expect(await run(openClient(fake.baseUrl), [about.deactivate()])).toEqual([
      { _tag: 'Rejected', code: 'protected', fields: ['role'] },
    ]);
    expect(ada.status).toBe('confirmed');
  });

  it('goes on with an owner or admin whom somebody approved by name, while another owner stays', async () => {
    const owner = fake.addUser({ email: 'owner@contoso.com', role: 'owner' });
    const port = openClient(fake.baseUrl);
    for (const role of ['admin', 'owner']) {
      ada.role = role;
      expect(await run(port, [about.deactivate()], { approvedByName: true })).toMatchObject([{ _tag: 'Succeeded' }]);
      expect(ada.status).toBe('deactivated');
      ada.status = 'confirmed';
    }
    expect(owner.status).toBe('confirmed');
  });

  it.each(['confirmed', 'deactivated'])(
    'never deactivates the last owner, approved or not, whatever Learn Amp would do (another is %s)',
    async (status) => {
      ada.role = 'owner';
      fake.addUser({ email: 'other@contoso.com', role: status === 'confirmed' ? 'admin' : 'owner', status });
      expect(await run(openClient(fake.baseUrl), [about.deactivate()], { approvedByName: true })).toEqual([
        { _tag: 'Rejected', code: 'last_owner', fields: ['role'] },
      ]);
      expect(fake.calls().filter((call) => call.startsWith('PUT'))).toEqual([]);
    },
  );

  it('of the two last owners at once deactivates one', async () => {
    ada.role = 'owner';
    const bob = fake.addUser({ email: 'bob@contoso.com', role: 'owner' });
    const port = openClient(fake.baseUrl);
    const outcomes = await Promise.all(
      [about, commandsFor(bob.id)].map((one) => run(port, [one.deactivate()], { approvedByName: true })),
    );
    expect(
      outcomes
        .flat()
        .map(({ _tag }) => _tag)
        .toSorted(),
    ).toEqual(['Rejected', 'Succeeded']);
    expect([ada.status, bob.status].toSorted()).toEqual(['confirmed', 'deactivated']);
  });

  it('does not deactivate an owner when the other owners cannot be read', async () => {
    ada.role = 'owner';
    fake.addUser({ email: 'bob@contoso.com', role: 'owner' });
    fake.plan.before = ({ path }) => (path === '/v1/users' ? { status: 404, text: '<html>' } : undefined);
    expect(await run(openClient(fake.baseUrl), [about.deactivate()], { approvedByName: true })).toMatchObject([
      { _tag: 'Failed' },
    ]);
    expect(ada.status).toBe('confirmed');
  });

  it('refuses to deactivate an account that carries the object id of another person by now', async () => {
    const other = '7d2f9a44-0c1e-4d6b-9f3a-5b8c7e6d5f4a';
    for (const [externalId, refused] of [
      [other.toUpperCase(), true],
      ['HR-77', false],
    ] as const) {
      ada.integrationExternalId = externalId;
      const [outcome] = await run(openClient(fake.baseUrl), [about.deactivate()]);
      expect(outcome).toMatchObject(
        refused
          ? { _tag: 'Rejected', code: 'duplicate_external_id', fields: ['integrationExternalId'] }
          : { _tag: 'Succeeded' },
      );
      expect(ada.status === 'deactivated').toBe(!refused);
    }
  });

  it('goes on for a status nobody knows, which counts as active', async () => {
    ada.status = 'Pending deactivation';
    expect(await run(openClient(fake.baseUrl), [about.deactivate()])).toMatchObject([{ _tag: 'Succeeded' }]);
  });

  it('says that the account is gone, or that it is the last owner', async () => {
    fake.plan.before = ({ path }) =>
      path.endsWith('/deactivate')
        ? { status: 422, json: { error: 'Company must have at least one owner' } }
        : undefined;
    expect(await run(openClient(fake.baseUrl), [about.deactivate()])).toMatchObject([{ code: 'last_owner' }]);
    fake.users.delete(ada.id);
    expect(await run(openClient(fake.baseUrl), [about.deactivate()])).toMatchObject([{ code: 'not_found' }]);
  });

  it('takes a page of a proxy for no answer, whatever its status', async () => {
    fake.plan.before = ({ method }) => (method === 'PUT' ? { status: 200, text: '<html>Sign in</html>' } : undefined);
    expect(await run(openClient(fake.baseUrl), [about.deactivate()])).toMatchObject([{ _tag: 'Unknown' }]);
    expect(await run(openClient(fake.baseUrl), [about.reactivate()])).toMatchObject([{ _tag: 'Unknown' }]);
    expect(ada.status).toBe('confirmed');
  });

  it('does nothing when the account cannot be read', async () => {
    fake.plan.before = ({ method }) => (method === 'GET' ? { status: 404, text: '<html>' } : undefined);
    expect(await run(openClient(fake.baseUrl), [about.deactivate()])).toMatchObject([
      { _tag: 'Failed', failure: { _tag: 'LearnAmpProtocol' } },
    ]);
    expect(ada.status).toBe('confirmed');
  });
});

describe('A status that cannot be read for one account', () => {
  it('concerns that account alone where the request is refused', async () => {
    fake.plan.before = () => ({ status: 422, json: { error: 'Cannot be shown' } });
    const port = openClient(fake.baseUrl, { auth: { kind: 'token', token: 't' } });
    for (const command of [about.deactivate(), about.reactivate()])
      expect(await run(port, [command])).toEqual([{ _tag: 'Rejected', code: 'protocol', fields: [] }]);
    expect(ada.status).toBe('confirmed');
  });
});

describe('ReactivateUser', () => {
  it('takes one request', async () => {
    ada.status = 'deactivated';
    expect(await run(openClient(fake.baseUrl), [about.reactivate()])).toEqual([
      { _tag: 'Succeeded', result: 'updated' },
    ]);
    expect(fake.calls()).toEqual([at('PUT', '/reactivate')]);
  });

  it('that is refused looks whether there was anything to do', async () => {
    fake.plan.before = ({ method }) => (method === 'PUT' ? { status: 404, json: { error: 'Not found' } } : undefined);
    expect(await run(openClient(fake.baseUrl), [about.reactivate()])).toMatchObject([
      { _tag: 'Succeeded', result: 'noop' },
    ]);
    fake.users.delete(ada.id);
    expect(await run(openClient(fake.baseUrl), [about.reactivate()])).toMatchObject([{ code: 'not_found' }]);
  });

  it('brings a person back with team and manager in two requests', async () => {
    ada.status = 'deactivated';
    const team = fake.addTeam('Sales');
    const boss = fake.addUser({ email: 'boss@contoso.com' });
    const port = openClient(fake.baseUrl);
    await run(port, [about.reactivate(), about.update({ jobTitle: 'X' }), about.team(team.id), about.manager(boss.id)]);
    expect(port.requestCount()).toBe(2);
    expect(ada).toMatchObject({ status: 'confirmed', primaryTeamId: team.id, managerId: boss.id });
  });
});
