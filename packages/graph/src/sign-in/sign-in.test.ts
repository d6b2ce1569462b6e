import * as E from 'fp-ts/lib/Either.js';
import { afterEach, describe, expect, it } from 'vitest';
import { openMicrosoftGraph } from '../open-microsoft-graph.js';
import { by, closeAll, makeTestWorld, openScripted, openServer, tenantId } from '../testing/scripted-graph.js';
import type { Reply, Script } from '../testing/scripted-server.js';

afterEach(closeAll);

const grant = (token: string): Reply => ({ json: { token_type: 'Bearer', expires_in: 3599, access_token: token } });
const refusal = (status: number, code: number, error = 'invalid_client'): Reply => ({
  status,
  json: {
    error,
    error_description: `AADSTS${String(code)}: Something about 's3cret/+ value'.\r\nTrace ID: 1`,
    error_codes: [code],
  },
});
const quiet: Script = ({ headers }) => ({
  json: { value: [], '@odata.deltaLink': `http://${headers.host ?? ''}/v1.0/users/delta?$deltatoken=d` },
});

const signIn = async (login: Script, graph: Script = quiet, patienceMs: number | undefined = 30_000) => {
  const authority = await openServer(login);
  return { authority, ...(await openScripted(graph, { patienceMs }, authority)) };
};

describe('signing in by client secret', () => {
  it('asks once for many requests at a time, and once for many in a row', async () => {
    const { source, authority } = await signIn(() => grant('t'));
    await Promise.all(Array.from({ length: 8 }, () => source.usersPage('beginning')()));
    await source.usersPage('beginning')();
    expect(authority.asked).toHaveLength(1);
    expect(source.requestCount()).toBe(9);
  });

  it.each([
    [401, 7000215, 'the client secret is wrong'],
    [401, 7000222, 'the client secret has expired'],
    [400, 700016, 'the application is not known in this tenant'],
    [400, 9_999_999, 'the sign-in was refused'],
  ])(
    'reports a refusal (%d, AADSTS%d) with its code, without the secret, and asks Graph nothing',
    async (status, code, detail) => {
      const { source, authority } = await signIn(() => refusal(status, code));
      const outcome = await source.usersPage('beginning')();
      expect(outcome).toMatchObject(E.left({ _tag: 'GraphCredentials', code: `AADSTS${String(code)}`, detail }));
      expect(JSON.stringify(outcome)).not.toContain('s3cret');
      expect(authority.asked).toHaveLength(1);
      expect(source.requestCount()).toBe(0);
    },
  );

  it.each<[string, Reply]>([
    ['503 with HTML', { status: 503, text: '<html>' }],
    ['429', { status: 429, headers: { 'retry-after': '2' } }],
    ['HTML under 200', { text: '<html>gateway</html>' }],
    ['a reset', { cut: 'at-once' }],
    ['JSON that is no object', { text: '"x"' }],
  ])('tries again after %s', async (_trouble, reply) => {
    const { source, authority } = await signIn((_asked, nth) => (nth < 3 ? reply : grant('t')));
    expect(E.isRight(await source.usersPage('beginning')())).toBe(true);
    expect(authority.asked).toHaveLength(3);
  });

  it('reports an endpoint that stays down as unreachable, one that throttles too long as throttled', async () => {
    const down = await signIn(() => ({ status: 502, text: 'bad gateway' }));
    expect(await down.source.usersPage('beginning')()).toMatchObject(
      E.left({ _tag: 'GraphUnreachable', detail: 'the sign-in answered 502' }),
    );
    const busy = await signIn(() => ({ status: 429, headers: { 'retry-after': '120' } }));
    expect(await busy.source.usersPage('beginning')()).toMatchObject(E.left({ _tag: 'GraphThrottled' }));
    const silent = await signIn(() => ({ silent: true }), quiet, 100);
    expect(await silent.source.usersPage('beginning')()).toMatchObject(E.left({ _tag: 'GraphUnreachable' }));
  });

  it('recovers by itself once the endpoint does', async () => {
    let down = true;
    const { source } = await signIn(() => (down ? { status: 500 } : grant('t')), quiet, 1_000);
    expect(E.isLeft(await source.usersPage('beginning')())).toBe(true);
    down = false;
    expect(E.isRight(await source.usersPage('beginning')())).toBe(true);
  });

  it.each<[string, Reply, string]>([
    ['an HTML page under 403', { status: 403, text: '<html>no</html>' }, 'GraphCredentials'],
    ['a 404', { status: 404, json: {} }, 'GraphCredentials'],
    ['an answer without a token', { json: { token_type: 'Bearer' } }, 'GraphProtocol'],
    ['an error under 200', { json: { error: 'invalid_client' } }, 'GraphCredentials'],
  ])('says plainly what is wrong with %s', async (_what, reply, tag) => {
    const { source } = await signIn(() => reply);
    expect(await source.usersPage('beginning')()).toMatchObject(E.left({ _tag: tag }));
  });

  it('never carries the secret along a redirect', async () => {
    const evil = await openServer(() => grant('t'));
    const { source } = await signIn(() => ({ status: 307, headers: { location: evil.origin } }));
    expect(await source.usersPage('beginning')()).toMatchObject(E.left({ _tag: 'GraphProtocol' }));
    expect(evil.asked).toEqual([]);
  });

  it('takes one new token when Graph refuses the old one, and reports a second refusal', async () => {
    const refused: Reply = { status: 401, json: { error: { code: 'InvalidAuthenticationToken', message: 'secret' } } };
    const once = await signIn(
      (_asked, nth) => grant(`t${String(nth)}`),
      (asked, nth) => (asked.headers.authorization === 'Bearer t1' ? refused : quiet(asked, nth)),
    );
    expect(E.isRight(await once.source.usersPage('beginning')())).toBe(true);
    expect(once.authority.asked).toHaveLength(2);
    expect(once.source.requestCount()).toBe(2);
    const always = await signIn(
      (_asked, nth) => grant(`t${String(nth)}`),
      () => refused,
    );
    expect(await always.source.usersPage('beginning')()).toEqual(
      E.left({
        _tag: 'GraphCredentials',
        code: 'InvalidAuthenticationToken',
        detail: 'Microsoft Graph refused the access token',
      }),
    );
    expect(always.source.requestCount()).toBe(2);
  });

  it('shares one renewal among the requests that were refused together', async () => {
    const { source, authority } = await signIn(
      (_asked, nth) => grant(`t${String(nth)}`),
      (asked, nth) => (asked.headers.authorization === 'Bearer t1' ? { status: 401, json: {} } : quiet(asked, nth)),
    );
    const pages = await Promise.all(Array.from({ length: 6 }, () => source.usersPage('beginning')()));
    expect(pages.every(E.isRight)).toBe(true);
    expect(authority.asked).toHaveLength(2);
  });

  it('sends its one POST to another https authority without asking it for its endpoints', async () => {
    const posts: Array<string> = [];
    const world = makeTestWorld((input, init) => {
      const url = input instanceof Request ? input.url : input.toString();
      posts.push(`${init?.method ?? 'GET'} ${url}`);
      return Promise.resolve(
        url.includes('/token')
          ? Response.json({ token_type: 'Bearer', expires_in: 3599, access_token: 't' })
          : Response.json({ value: [], '@odata.deltaLink': 'https://graph.example/v1.0/users/delta?$deltatoken=x' }),
      );
    });
    const source = openMicrosoftGraph(
      {
        tenantId,
        cloud: 'china',
        baseUrl: 'https://graph.example/v1.0',
        auth: { kind: 'client-secret', authority: 'https://login.example:8443/', clientId: 'c', clientSecret: 's' },
        customAttributes: [],
        patienceMs: 1_000,
      },
      world,
    );
    expect(E.isRight(await source.usersPage(by('https://graph.example/v1.0/users/delta?$deltatoken=y'))())).toBe(true);
    expect(posts).toEqual([
      `POST https://login.example:8443/${tenantId}/oauth2/v2.0/token`,
      'GET https://graph.example/v1.0/users/delta?$deltatoken=y',
    ]);
  });
});

describe('a fixed token', () => {
  it('is not renewed: its refusal stands', async () => {
    const { source } = await openScripted(() => ({ status: 401, text: '' }));
    expect(await source.usersPage('beginning')()).toEqual(
      E.left({
        _tag: 'GraphCredentials',
        code: 'http-401',
        detail: 'Microsoft Graph refused the access token',
        auth: 'token',
      }),
    );
    expect(source.requestCount()).toBe(1);
  });
});
