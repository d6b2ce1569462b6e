import type { LearnAmpUserId } from '@learnamp/directory-sync-domain';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LearnAmpPort } from '../learn-amp-port.js';
import { startFakeLearnAmp, type FakeLearnAmp, type Reply } from '../testing/fake-learn-amp.js';
import { openClient } from '../testing/open-client.js';

let fake: FakeLearnAmp;
beforeEach(async () => {
  fake = await startFakeLearnAmp();
  fake.addUser({ id: 7, email: 'ada@contoso.com' });
});
afterEach(() => fake.close());

const read = (port: LearnAmpPort, signal?: AbortSignal) =>
  port.findAccount({ by: 'id', learnAmpUserId: '7' as LearnAmpUserId }, { signal })();
const tokenAnswers = (...replies: ReadonlyArray<Reply | undefined>) => {
  const left = [...replies];
  fake.plan.before = ({ path }) => (path === '/oauth/token' ? left.shift() : undefined);
};
const asked = () => fake.log.filter(({ path }) => path === '/oauth/token');
const credentials = (scope: string) => ({
  auth: { kind: 'client-credentials' as const, clientId: 'i&d', clientSecret: 's=1', scope },
});

/**
 * POST /oauth/token
 * FOUND   client_id, client_secret, grant_type, optional scope; `access_token`, `token_type`, `expires_in`; `invalid_scope`
 * ASSUMED errors are a 400 or 401 with `error`, as RFC 6749 (5.2) has it
 */
const missing = 'LearnAmpMissingScope';
const unauthorised = 'LearnAmpCredentials';

describe('the token', () => {
  it('is asked for once by many callers, as a form with the scopes, and not counted', async () => {
    const port = openClient(fake.baseUrl, credentials('users:read teams:read'));
    await Promise.all([read(port), read(port), read(port)]);
    await read(port);
    expect(asked()).toHaveLength(1);
    expect(port.requestCount()).toBe(4);
    expect(asked()[0]?.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(Object.fromEntries(asked()[0]?.body ?? [])).toEqual({
      grant_type: 'client_credentials',
      client_id: 'i&d',
      client_secret: 's=1',
      scope: 'users:read teams:read',
    });
  });

  it('is asked for without a scope where none is set', async () => {
    await read(openClient(fake.baseUrl, credentials('')));
    expect(asked()[0]?.body.has('scope')).toBe(false);
  });

  it('is renewed shortly before it ends', async () => {
    let time = 0;
    const port = openClient(fake.baseUrl, {}, { now: () => new Date(time) });
    await read(port);
    time = 7_139_000;
    await read(port);
    expect(asked()).toHaveLength(1);
    time = 7_141_000;
    await read(port);
    expect(asked()).toHaveLength(2);
  });

  it.each([
    ['invalid_scope', { status: 400, json: { error: 'invalid_scope' } }, 'learnAmp.auth.scope', missing],
    ['invalid_scope as 401', { status: 401, json: { error: 'invalid_scope' } }, 'learnAmp.auth.scope', missing],
    ['invalid_client', { status: 401, json: { error: 'invalid_client' } }, 'client id or secret', unauthorised],
    ['a 403', { status: 403, text: 'no' }, 'client id or secret', unauthorised],
    ['another code', { status: 400, json: { error: 'unauthorized_client' } }, 'unauthorized_client', unauthorised],
  ])('refused with %s stops with a sentence that says what to do', async (_name, reply, words, failure) => {
    tokenAnswers(reply);
    const port = openClient(fake.baseUrl);
    const answer = await read(port);
    expect(answer).toMatchObject({ left: { _tag: failure } });
    expect(JSON.stringify(answer)).toContain(words);
    expect(JSON.stringify(answer)).not.toContain('secret"');
    expect(port.requestCount()).toBe(0);
  });

  it.each([
    ['HTML', { status: 200, text: '<html>' }],
    ['no token', { status: 200, json: {} }],
    ['a token with a line break', { status: 200, json: { access_token: 'a\nb' } }],
    ['another kind of token', { status: 200, json: { access_token: 'a', token_type: 'mac' } }],
    ['404', { status: 404, text: '<html>' }],
    ['a redirect', { status: 302, headers: { location: 'http://127.0.0.1:1/' } }],
  ])('answered with %s is a fault of the protocol', async (_name, reply) => {
    tokenAnswers(reply);
    expect(await read(openClient(fake.baseUrl))).toMatchObject({ left: { _tag: 'LearnAmpProtocol' } });
  });

  it('is asked for again after 429 and 5xx, within the patience', async () => {
    tokenAnswers({ status: 503 }, { status: 429, headers: { 'retry-after': '4' } });
    const port = openClient(fake.baseUrl);
    expect(await read(port)).toMatchObject({ _tag: 'Right' });
    expect(port.waits).toEqual([1000, 4000]);
    tokenAnswers({ status: 429, headers: { 'retry-after': '99' } });
    expect(await read(openClient(fake.baseUrl))).toMatchObject({ left: { _tag: 'LearnAmpThrottled' } });
  });

  it('of which Learn Amp said when to come back is not asked for before, by whichever call', async () => {
    tokenAnswers({ status: 429, headers: { 'retry-after': '99' } });
    const port = openClient(fake.baseUrl);
    const first = await read(port);
    expect(first).toMatchObject({ left: { _tag: 'LearnAmpThrottled' } });
    expect(await read(port)).toEqual(first);
    expect(asked()).toHaveLength(1);
  });

  it('of a Learn Amp that is away is unreachable', async () => {
    await fake.close();
    expect(await read(openClient(fake.baseUrl))).toMatchObject({ left: { _tag: 'LearnAmpUnreachable' } });
  });

  it('is waited for by others when the first caller leaves', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const stop = new AbortController();
    const port = openClient(
      fake.baseUrl,
      {},
      {
        fetch: async (...input) => {
          await held;
          return fetch(...input);
        },
      },
    );
    const [first, second] = [read(port, stop.signal), read(port)];
    stop.abort();
    expect(await first).toMatchObject({ left: { _tag: 'LearnAmpAborted' } });
    release();
    expect(await second).toMatchObject({ _tag: 'Right' });
    expect(asked()).toHaveLength(1);
  });

  it('is asked for anew after every caller of an earlier request left', async () => {
    const stop = new AbortController();
    fake.plan.before = ({ path }) => {
      if (path !== '/oauth/token' || stop.signal.aborted) return undefined;
      stop.abort();
      return { status: 503 };
    };
    const port = openClient(fake.baseUrl);
    expect(await read(port, stop.signal)).toMatchObject({ left: { _tag: 'LearnAmpAborted' } });
    expect(await read(port)).toMatchObject({ _tag: 'Right' });
  });
});

describe('settings', () => {
  it.each([
    ['not a url', 'learnAmp.baseUrl is not a URL.'],
    ['http://api.learnamp.com', 'learnAmp.baseUrl must be https'],
    ['ftp://127.0.0.1', 'learnAmp.baseUrl must be https'],
    ['https://u:p@api.learnamp.com', 'learnAmp.baseUrl must be an address only'],
    ['https://api.learnamp.com/?a=1', 'learnAmp.baseUrl must be an address only'],
    ['https://api.learnamp.com/v1/', 'learnAmp.baseUrl must not end in /v1'],
  ])('with the base %s are refused before a secret is sent', (baseUrl, sentence) => {
    expect(() => openClient(baseUrl)).toThrow(sentence);
  });

  it('name a credential that cannot be one', () => {
    expect(() => openClient(fake.baseUrl, { auth: { kind: 'token', token: 'a b' } })).toThrow('learnAmp.auth.token');
    const auth = { kind: 'client-credentials' as const, clientId: '', clientSecret: 'x', scope: '' };
    expect(() => openClient(fake.baseUrl, { auth })).toThrow('learnAmp.auth needs');
  });
});
