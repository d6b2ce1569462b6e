import { cloudDefaults, guardLink, openGraphTransport } from '@learnamp/directory-sync-graph';
import * as E from 'fp-ts/lib/Either.js';
import { expect, test } from 'vitest';
import { openSignIn, type SignInStage } from '../../support/sign-in-stage.js';

const minute = 60_000;
const secret = { kind: 'client-secret', clientSecret: 'the-secret' } as const;
const addSecret = ({ appCredentials }: SignInStage['simulator']): void => appCredentials.addSecret('the-secret');

const denied = { status: 403, body: { error: { code: 'Authorization_RequestDenied', message: 'Insufficient.' } } };

test('a permission granted a moment ago works as soon as a denial meets a token that is older than the grant may be', async () => {
  const stage = await openSignIn(secret, addSecret);
  expect(await stage.status()).toBe(200);
  // Denied to the first token, as long as it lives; a new one carries the grant.
  const denial = stage.simulator.faults.add({ system: 'graph', times: 2, action: denied });
  expect(await stage.status()).toBe(403);
  expect(stage.signIns()).toBe(1);
  stage.later(6 * minute);
  expect(await stage.status()).toBe(200);
  expect(denial.hits()).toBe(2);
  expect(stage.signIns()).toBe(2);
});

test('a permission that stays missing costs one sign-in in five minutes at most', async () => {
  const stage = await openSignIn(secret, addSecret);
  stage.simulator.faults.add({ system: 'graph', action: denied });
  expect(await stage.status()).toBe(403);
  stage.later(6 * minute);
  for (let n = 0; n < 20; n += 1) expect(await stage.status()).toBe(403);
  expect(stage.signIns()).toBe(2);
});

test('where no new token can be had, the denial stands', async () => {
  const stage = await openSignIn(secret, addSecret);
  stage.simulator.faults.add({ system: 'graph', action: denied });
  expect(await stage.status()).toBe(403);
  stage.simulator.appCredentials.removeSecret('the-secret');
  stage.later(6 * minute);
  expect(await stage.status()).toBe(403);
});

test.each([
  ['global', 'login.microsoftonline.com', 'graph.microsoft.com'],
  ['usgov', 'login.microsoftonline.us', 'graph.microsoft.us'],
  ['usgovdod', 'login.microsoftonline.us', 'dod-graph.microsoft.us'],
  ['china', 'login.chinacloudapi.cn', 'microsoftgraph.chinacloudapi.cn'],
] as const)('in %s the sign-in, the scope and the guard are those of the cloud', async (cloud, login, graph) => {
  const tenantId = '5f1c0b2a-0000-4000-8000-00000000aaaa';
  const { authority, baseUrl } = cloudDefaults[cloud];
  const sent: Array<{ readonly url: string; readonly scope: string | null; readonly bearer: string | null }> = [];
  const fetch = (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const url = input instanceof Request ? input.url : input.toString();
    const form = new URLSearchParams(typeof init?.body === 'string' ? init.body : '');
    sent.push({ url, scope: form.get('scope'), bearer: new Headers(init?.headers).get('authorization') });
    return Promise.resolve(Response.json({ token_type: 'Bearer', expires_in: 3599, access_token: 'the-token' }));
  };
  const transport = openGraphTransport(
    {
      tenantId,
      cloud,
      baseUrl,
      auth: { kind: 'client-secret', authority, clientId: 'c', clientSecret: 's' },
      patienceMs: 1_000,
    },
    { fetch, now: () => new Date(), random: () => 0, sleep: () => Promise.resolve(), newId: () => 'id' },
  );
  const lease = transport.lease();
  const answer = await lease.ask({ method: 'GET', url: `${baseUrl}/organization`, expects: 'json' });
  expect(E.isRight(answer)).toBe(true);
  expect(sent).toEqual([
    { url: `https://${login}/${tenantId}/oauth2/v2.0/token`, scope: `https://${graph}/.default`, bearer: null },
    { url: `https://${graph}/v1.0/organization`, scope: null, bearer: 'Bearer the-token' },
  ]);
  for (const other of Object.values(cloudDefaults)) {
    const link = guardLink(baseUrl, 'users', `${other.baseUrl}/users/delta?$deltatoken=x`);
    expect(E.isRight(link)).toBe(other.baseUrl === baseUrl);
  }
  await transport.close();
});

test('a token that was forgotten while a sign-in was on its way is not the one that the sign-in brings', async () => {
  const asked: Array<Promise<number>> = [];
  let ask = (): void => undefined;
  const clientSecret = async (): Promise<string> => {
    ask();
    // Whoever asks meanwhile waits for this sign-in.
    await new Promise((resolve) => setImmediate(resolve));
    return 'the-secret';
  };
  const stage = await openSignIn({ kind: 'client-secret', clientSecret }, addSecret);
  ask = () => {
    ask = () => undefined;
    stage.forgetToken();
    asked.push(stage.status());
  };
  expect(await stage.status()).toBe(200);
  expect(await Promise.all(asked)).toEqual([200]);
  expect(stage.signIns()).toBe(2);
});
