import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultScopes, type LearnAmpSettings } from '../rest/rest-settings.js';
import { startFakeLearnAmp, type FakeLearnAmp } from '../testing/fake-learn-amp.js';
import { checkLearnAmp, type CheckOptions } from './check-learn-amp.js';

let fake: FakeLearnAmp;
beforeEach(async () => {
  fake = await startFakeLearnAmp();
  fake.addUser({ email: 'owner@contoso.com', role: 'owner' });
  fake.addUser({ email: 'gone@contoso.com', status: 'deactivated' });
});
afterEach(() => fake.close());

const world = {
  fetch: globalThis.fetch,
  now: () => new Date('2026-03-02T08:00:00Z'),
  random: () => 0.5,
  sleep: () => Promise.resolve(),
};

/** Every check by its name: what it came to, and its sentence. */
const check = async (settings: Partial<LearnAmpSettings> = {}, options: CheckOptions = {}) => {
  const found: Record<string, readonly [string, string]> = {};
  const all: LearnAmpSettings = {
    baseUrl: fake.baseUrl,
    auth: { kind: 'client-credentials', clientId: 'id', clientSecret: 'a secret', scope: defaultScopes },
    externalId: 'integrationExternalId',
    patienceMs: 2000,
    ...settings,
  };
  for await (const { check: name, result, says } of checkLearnAmp(all, world, options)) found[name] = [result, says];
  return found;
};
const results = (found: Awaited<ReturnType<typeof check>>) =>
  Object.fromEntries(Object.entries(found).map(([name, [result]]) => [name, result]));

const granting = (scope: string) => {
  fake.plan.before = ({ path }) =>
    path === '/oauth/token'
      ? { status: 200, json: { access_token: 't', token_type: 'Bearer', expires_in: 7200, scope } }
      : undefined;
};

describe('a look at a real Learn Amp', () => {
  it('finds everything in order, and writes nothing', async () => {
    granting(defaultScopes);
    expect(results(await check())).toEqual({
      credentials: 'ok',
      scopes: 'ok',
      accounts: 'ok',
      'one-account': 'ok',
      'external-id': 'ok',
      email: 'ok',
      statuses: 'ok',
      owners: 'ok',
      'custom-fields': 'ok',
      teams: 'ok',
    });
    expect(fake.log.filter(({ method, path }) => method !== 'GET' && path !== '/oauth/token')).toEqual([]);
  });

  it('names nobody, whatever it finds', async () => {
    for (const plan of [undefined, { status: 200, json: { users: [{ id: 1 }] } }]) {
      fake.plan.before = ({ path }) => (path === '/v1/users' ? plan : undefined);
      expect(JSON.stringify(await check())).not.toMatch(/@|owner@|Ada|Byron|a secret/);
    }
  });

  it('says that the secret is wrong, and looks at nothing else', async () => {
    fake.plan.before = () => ({ status: 401, json: { error: 'invalid_client' } });
    const found = await check();
    expect(found['credentials']).toEqual(['failed', expect.stringContaining('client id or secret')]);
    expect(new Set(Object.values(results(found)))).toEqual(new Set(['failed', 'skipped']));
    expect(fake.calls()).toEqual([]);
  });

  it('finds out which of the scopes are missing, where Learn Amp refuses them all together', async () => {
    fake.plan.before = ({ path, body }) =>
      path === '/oauth/token' && body.get('scope')?.includes('users:deactivate') === true
        ? { status: 400, json: { error: 'invalid_scope' } }
        : undefined;
    const found = await check();
    expect(found['credentials']?.[0]).toBe('ok');
    expect(found['scopes']).toEqual([
      'failed',
      expect.stringMatching(/^The credentials lack users:deactivate: add it/),
    ]);
  });

  it.each([
    ['users:read teams:read', 'failed', 'users:create'],
    [`${defaultScopes} users:delete`, 'note', 'users:delete should not be'],
    ['public', 'note', 'full access'],
  ])('weighs what was granted: %s', async (scope, result, words) => {
    granting(scope);
    expect((await check())['scopes']).toEqual([result, expect.stringContaining(words)]);
  });

  it('tells of another integration that uses the external ids', async () => {
    fake.addUser({ email: 'hr@contoso.com', integrationExternalId: 'HR-77' });
    expect((await check())['external-id']).toEqual(['note', expect.stringMatching(/^1 of the first 3 accounts/)]);
    expect((await check({ externalId: 'none' }))['external-id']?.[0]).toBe('ok');
  });

  it('tells of custom fields that are not there, or are switched off', async () => {
    const [first] = fake.users.values();
    if (first !== undefined) first.customFields = { 'Employee ID': null };
    const wanted = { customFields: ['Employee ID', 'Cost centre'] };
    expect((await check({}, wanted))['custom-fields']).toEqual(['failed', expect.stringContaining('"Cost centre"')]);
    expect((await check({}, { customFields: ['Employee ID'] }))['custom-fields']?.[0]).toBe('ok');
    expect(results(await check())['custom-fields']).toBe('ok');
  });

  it.each([
    ['/v1/users', 'accounts'],
    ['/v1/users/999999999999', 'one-account'],
    ['/v1/teams', 'teams'],
  ])('says what is wrong where %s is answered by something else', async (path, name) => {
    fake.plan.before = (request) => (request.path === path ? { status: 200, text: '<html>Sign in</html>' } : undefined);
    expect((await check())[name]).toEqual(['failed', expect.stringContaining('learnAmp.baseUrl')]);
  });

  it('is not held up by an address that nobody answers', async () => {
    const found = await check({ baseUrl: 'http://127.0.0.1:1' });
    expect(found['credentials']).toEqual(['failed', expect.stringContaining('did not answer POST /oauth/token')]);
  });
});
