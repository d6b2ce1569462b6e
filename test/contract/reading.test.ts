import { type LearnAmpAccount } from '@learnamp/directory-sync';
import { describe, expect, it } from 'vitest';
import { openContract, userId } from './open-contract.js';

const listed = async ({ port }: Pick<Awaited<ReturnType<typeof openContract>>, 'port'>) => {
  const all: LearnAmpAccount[] = [];
  for await (const page of port.accounts()) if (page._tag === 'Right') all.push(...page.right);
  return all;
};

describe('POST /oauth/token', () => {
  const token = async (more: Readonly<Record<string, string>>, scopes?: ReadonlyArray<string>) => {
    const { simulator, ask } = await openContract(scopes === undefined ? {} : { scopes });
    const { learnAmpClientId: client_id, learnAmpClientSecret: client_secret } = simulator;
    const form = { grant_type: 'client_credentials', client_id, client_secret, ...more };
    return ask('POST', '/oauth/token', { form, token: '' });
  };

  it('FOUND: client credentials and scopes go as a form, and a bearer comes back with its life and its scopes', async () => {
    expect(await token({ scope: 'users:read teams:read' })).toMatchObject({
      status: 200,
      body: { token_type: 'Bearer', expires_in: 7200, scope: 'users:read teams:read' },
    });
  });

  it('FOUND: a scope that the credentials lack is invalid_scope', async () => {
    expect(await token({ scope: 'users:delete' })).toMatchObject({ body: { error: 'invalid_scope' } });
  });

  it('FOUND: without a scope public is asked for, which credentials with scopes of their own lack', async () => {
    expect(await token({})).toMatchObject({ body: { error: 'invalid_scope' } });
    expect(await token({}, ['public'])).toMatchObject({ status: 200, body: { scope: 'public' } });
  });
});

describe('every call', () => {
  it('FOUND: a token that is not known is a 401; the client asks for another once', async () => {
    const { simulator, ask, port, learnAmp } = await openContract();
    expect((await ask('GET', '/v1/users', { token: 'unknown' })).status).toBe(401);
    const by = { by: 'email', email: learnAmp.owner().email } as const;
    await port.findAccount(by)();
    simulator.revokeAccessTokens();
    expect(await port.findAccount(by)()).toMatchObject({ _tag: 'Right' });
  });

  it('FOUND: a call without its scope is refused; the client says which one is missing', async () => {
    const { port } = await openContract({ scopes: ['public'] });
    expect(await port.findAccount({ by: 'externalId', externalId: userId })()).toMatchObject({
      left: { _tag: 'LearnAmpMissingScope' },
    });
  });

  it('ASSUMED: 429 names no number and perhaps no time; the client learns the limit', async () => {
    const { ask } = await openContract({ rateLimit: { requests: 1, windowSeconds: 3600 } });
    await ask('GET', '/v1/users');
    const { status, headers } = await ask('GET', '/v1/users');
    expect([status, headers.get('retry-after')]).toEqual([429, null]);
  });
});

describe('GET /v1/users/{id}', () => {
  it('FOUND: an account is shown with its role, its primary team, its manager and its status as a text', async () => {
    const { ask, add, learnAmp, port } = await openContract();
    const team = learnAmp.addTeam({ name: 'Sales' });
    const boss = add();
    const ann = add({ primaryTeamId: team.id, managerId: boss.id, status: 'invite_pending' });
    expect(await ask('GET', `/v1/users/${ann.key}`)).toMatchObject({
      status: 200,
      body: {
        role: 'viewer',
        status: { status: 'Invite pending' },
        manager: { id: boss.id },
        primaryTeam: { id: team.id },
      },
    });
    expect(await port.findAccount({ by: 'id', learnAmpUserId: ann.key })()).toMatchObject({
      right: { status: 'invite_pending', managerLearnAmpUserId: boss.key, primaryTeam: { name: 'Sales' } },
    });
  });

  it('FOUND: an id that is not there is a 404, which is nobody and no failure', async () => {
    const { port, add, learnAmp } = await openContract();
    const ann = add();
    learnAmp.deleteAccount(ann.id);
    expect(await port.findAccount({ by: 'id', learnAmpUserId: ann.key })()).toEqual({
      _tag: 'Right',
      right: undefined,
    });
  });
});

describe('GET /v1/users/by_integration_external_id/{id}', () => {
  it('FOUND: the account with this external id is shown, in every status', async () => {
    const { port, add } = await openContract();
    const ann = add({ integrationExternalId: userId, status: 'deactivated' });
    expect(await port.findAccount({ by: 'externalId', externalId: userId })()).toMatchObject({
      right: { learnAmpUserId: ann.key, status: 'deactivated' },
    });
  });

  it('FOUND: an external id that nobody has is a 404', async () => {
    const { ask } = await openContract();
    expect((await ask('GET', `/v1/users/by_integration_external_id/${userId}`)).status).toBe(404);
  });
});

describe('GET /v1/users', () => {
  it('FOUND: page and perPage turn the pages; Total, Per-Page and Total-Pages say how many there are', async () => {
    const { ask, add } = await openContract();
    for (let n = 0; n < 5; n += 1) add();
    const { headers, body } = await ask('GET', '/v1/users?page=2&perPage=3');
    expect([headers.get('total'), headers.get('per-page'), headers.get('total-pages')]).toEqual(['7', '3', '3']);
    expect((body as { users: ReadonlyArray<unknown> }).users).toHaveLength(3);
  });

  it('FOUND: expanded=true shows team, manager, department and location; without it they are not there', async () => {
    const { ask, add } = await openContract();
    add({ department: 'R&D' });
    const shown = async (query: string) =>
      (await ask('GET', `/v1/users${query}`)).body as { users: ReadonlyArray<object> };
    expect(Object.keys((await shown('')).users[0] ?? {})).not.toContain('department');
    expect(Object.keys((await shown('?expanded=true')).users[0] ?? {})).toEqual(
      expect.arrayContaining(['department', 'location', 'manager', 'primaryTeam']),
    );
  });

  it.each([true, false])(
    'ASSUMED: a list without a filter may hold deactivated accounts or not; the client asks for both and has each once',
    async (listsDeactivated) => {
      const { port, add } = await openContract({ listsDeactivated });
      add({ status: 'deactivated' });
      const accounts = await listed({ port });
      expect(accounts).toHaveLength(3);
      expect(accounts.filter(({ status }) => status === 'deactivated')).toHaveLength(1);
    },
  );

  it('FOUND: filters[status][] lists accounts of a status, named as in the table of statuses', async () => {
    const { ask, add } = await openContract();
    const gone = add({ status: 'deactivated' });
    expect(await ask('GET', '/v1/users?filters[status][]=deactivated')).toMatchObject({
      body: { users: [{ id: gone.id }] },
    });
  });

  it.each(['exact', 'substring'] as const)(
    'ASSUMED: filters[email] may match a part of an address; the client compares whole addresses, without case',
    async (emailFilter) => {
      const { port, add } = await openContract({ emailFilter });
      add({ email: 'joanna.lee@fabrikam.example' });
      const anna = add({ email: 'anna.lee@fabrikam.example' });
      expect(await port.findAccount({ by: 'email', email: 'Anna.LEE@fabrikam.example' })()).toMatchObject({
        right: { learnAmpUserId: anna.key },
      });
    },
  );

  it('ASSUMED: a page may be smaller than was asked for; the client reads on to the end', async () => {
    const { port, add } = await openContract({ largestPage: 2 });
    for (let n = 0; n < 5; n += 1) add();
    expect(await listed({ port })).toHaveLength(7);
  });

  it('ASSUMED: filters[role]=owner lists the owners; the client compares roles itself', async () => {
    const { ask, learnAmp } = await openContract();
    expect(await ask('GET', '/v1/users?filters[role]=owner')).toMatchObject({
      body: { users: [{ id: learnAmp.owner().id }] },
    });
  });
});
