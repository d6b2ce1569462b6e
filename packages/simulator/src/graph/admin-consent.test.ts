import { expect, it, onTestFinished } from 'vitest';
import { startSimulator, type SimulatorOptions } from '../simulator.js';

const start = async (options: Partial<SimulatorOptions> = {}) => {
  const simulator = await startSimulator({ seed: 2, company: { people: 0 }, ...options });
  onTestFinished(simulator.close);
  const consent = async (path = 'v2.0/adminconsent', changes: Readonly<Record<string, string>> = {}) => {
    const query = new URLSearchParams({
      client_id: simulator.clientId,
      scope: 'https://graph.microsoft.com/.default',
      redirect_uri: 'https://host.example/consent?tab=1',
      state: 'a state',
      ...changes,
    });
    const address = `${simulator.authorityUrl}/${simulator.tenantId}/${path}?${String(query)}`;
    const { status, headers } = await simulator.fetch(address, { redirect: 'manual' });
    const location = headers.get('location');
    return { status, said: location === null ? {} : Object.fromEntries(new URL(location).searchParams) };
  };
  const roles = (): unknown => {
    const [, claims = ''] = simulator.graphToken().split('.');
    return (JSON.parse(Buffer.from(claims, 'base64url').toString()) as { roles?: unknown }).roles;
  };
  return { simulator, consent, roles };
};

it('a token carries the permissions that are granted when it is issued, and none of none', async () => {
  const { simulator, roles } = await start();
  expect(roles()).toEqual(['User.Read.All', 'GroupMember.Read.All', 'Group.Read.All', 'Member.Read.Hidden']);
  simulator.directory.withdraw('groups');
  simulator.directory.withdraw('hidden-members');
  expect(roles()).toEqual(['User.Read.All', 'Group.Read.All']);
  simulator.directory.withdraw('users');
  simulator.directory.withdraw('group-subscriptions');
  expect(roles()).toBeUndefined();
});

it('a token may be one that nobody but Graph reads', async () => {
  const { simulator } = await start({ graph: { opaqueTokens: true } });
  expect(simulator.graphToken()).toMatch(/^opaque-[\w-]+$/);
});

it('an administrator who grants leads back with the tenant and the state, and the permissions are there', async () => {
  const { simulator, consent, roles } = await start();
  for (const permission of ['users', 'groups'] as const) simulator.directory.withdraw(permission);
  expect(await consent()).toEqual({
    status: 302,
    said: { tab: '1', admin_consent: 'True', tenant: simulator.tenantId, state: 'a state' },
  });
  expect(roles()).toContain('User.Read.All');
});

it('one who declines leads back with an error, in the newer form beside a consent', async () => {
  const { simulator, consent } = await start();
  simulator.directory.withdraw('users');
  simulator.adminConsent.decide({ does: 'declines' });
  expect((await consent()).said).toMatchObject({ admin_consent: 'True', error: 'consent_required' });
  expect((await consent('adminconsent')).said).toMatchObject({ error: 'permission_denied', state: 'a state' });
  expect(simulator.directory.permitted('users')).toBe(false);
});

it('one who is signed in elsewhere grants there', async () => {
  const { simulator, consent } = await start();
  simulator.directory.withdraw('users');
  simulator.adminConsent.decide({ does: 'grants-elsewhere' });
  const { said } = await consent();
  expect(said).toMatchObject({ admin_consent: 'True', state: 'a state' });
  expect(said).not.toMatchObject({ tenant: simulator.tenantId });
  expect(simulator.directory.permitted('users')).toBe(false);
});

it.each([
  [{ client_id: 'another' }, 400],
  [{ scope: 'User.Read' }, 400],
  [{ redirect_uri: 'nowhere' }, 400],
])('%o leads nowhere', async (changes, status) => {
  const { consent } = await start();
  expect(await consent('v2.0/adminconsent', changes)).toEqual({ status, said: {} });
});
