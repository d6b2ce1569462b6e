import * as E from 'fp-ts/lib/Either.js';
import { afterEach, describe, expect, it } from 'vitest';
import { closeAll, openScripted } from '../testing/scripted-graph.js';
import type { Reply } from '../testing/scripted-server.js';

afterEach(closeAll);

const quiet = (host: string | undefined): Reply => ({
  json: { value: [], '@odata.deltaLink': `http://${host ?? ''}/v1.0/users/delta?$deltatoken=d` },
});

/** Answers with the given replies, then with a good page. */
const after = (...troubles: ReadonlyArray<Reply>) =>
  openScripted((asked, nth) => troubles[nth - 1] ?? quiet(asked.headers.host));

describe('a request that meets trouble', () => {
  it.each<[string, Reply, number]>([
    ['a wait in seconds', { status: 429, headers: { 'retry-after': '10' } }, 10_000],
    ['a wait with a fraction', { status: 429, headers: { 'Retry-After': '2.128' } }, 2_128],
    ['a wait of nothing', { status: 429, headers: { 'retry-after': '0' } }, 1_000],
    [
      'a date',
      {
        status: 503,
        headers: { date: 'Tue, 24 Nov 2026 09:00:00 GMT', 'retry-after': 'Tue, 24 Nov 2026 09:00:05 GMT' },
      },
      5_000,
    ],
    ['a date that has passed', { status: 429, headers: { 'retry-after': 'Tue, 24 Nov 2020 10:00:00 GMT' } }, 1_000],
    [
      'nonsense',
      { status: 429, headers: { 'retry-after': 'later' }, json: { error: { code: 'UnknownError', message: '' } } },
      250,
    ],
    ['no word at all', { status: 429 }, 250],
  ])('waits as told by %s', async (_told, reply, wait) => {
    const { source, world } = await after(reply);
    expect(E.isRight(await source.usersPage('beginning')())).toBe(true);
    expect(world.slept).toEqual([wait]);
    expect(source.requestCount()).toBe(2);
  });

  it.each<[string, Reply]>([
    ['408', { status: 408 }],
    ['500', { status: 500, text: '<html>' }],
    ['502', { status: 502 }],
    ['503', { status: 503 }],
    ['504', { status: 504 }],
    ['a reset', { cut: 'at-once' }],
    ['a body that broke off', { cut: 'in-the-body', text: '{"value":[' + ' '.repeat(2_000) }],
    ['JSON that broke off', { text: '{"value":[],' }],
    ['HTML from a proxy under 200', { headers: { 'content-type': 'text/html' }, text: '<html>Sign in</html>' }],
    ['an empty body', { text: '' }],
    ['a long error body', { status: 429, text: 'x'.repeat(300_000) }],
  ])('asks again after %s, and ends well', async (_trouble, reply) => {
    const { source } = await after(reply, reply);
    expect(await source.usersPage('beginning')()).toMatchObject(E.right({ items: [] }));
    expect(source.requestCount()).toBe(3);
  });

  it('gives up when nothing has worked for as long as the patience, and says so', async () => {
    const { source, world } = await openScripted(() => ({ status: 503, headers: { 'request-id': 'r-9' } }));
    expect(await source.usersPage('beginning')()).toEqual(
      E.left({ _tag: 'GraphUnreachable', detail: 'Microsoft Graph answered 503', requestId: 'r-9' }),
    );
    expect(world.slept.reduce((sum, ms) => sum + ms, 0)).toBe(30_000);
  });

  it('gives up at once when told to wait longer than the patience, and names the time', async () => {
    const { source, world } = await openScripted(() => ({ status: 429, headers: { 'retry-after': '600' } }));
    const outcome = await source.usersPage('beginning')();
    expect(outcome).toEqual(E.left({ _tag: 'GraphThrottled', retryAt: '2026-11-24T10:10:00.000Z' }));
    expect(world.slept).toEqual([]);
    expect(source.requestCount()).toBe(1);
  });

  it('keeps the gate shut for every other request meanwhile', async () => {
    const { source } = await openScripted(() => ({ status: 429, headers: { 'retry-after': '600' } }));
    await source.usersPage('beginning')();
    expect(await source.countUsers()()).toMatchObject(E.left({ _tag: 'GraphThrottled' }));
    expect(source.requestCount()).toBe(1);
  });

  it('waits as long as it takes where no patience is set', async () => {
    const { source, world } = await openScripted(
      (asked, nth) => (nth < 4 ? { status: 429, headers: { 'retry-after': '600' } } : quiet(asked.headers.host)),
      { patienceMs: undefined },
    );
    expect(E.isRight(await source.usersPage('beginning')())).toBe(true);
    expect(world.slept).toEqual([600_000, 600_000, 600_000]);
  });

  it('does not outwait a server that stays silent', async () => {
    const { source } = await openScripted(() => ({ silent: true }), { patienceMs: 100 });
    expect(await source.usersPage('beginning')()).toMatchObject(E.left({ _tag: 'GraphUnreachable' }));
  });

  it('names an address where nobody listens as unreachable', async () => {
    const { source, server } = await after();
    await server.close();
    expect(await source.usersPage('beginning')()).toEqual(
      E.left({ _tag: 'GraphUnreachable', detail: 'the connection failed (ECONNREFUSED)', requestId: undefined }),
    );
  });

  it('ends when it is aborted: before it, during it, and while it sleeps', async () => {
    const aborted = E.left({ _tag: 'GraphAborted' });
    const controller = new AbortController();
    const { source } = await openScripted(() => {
      controller.abort();
      return { status: 503 };
    });
    expect(await source.usersPage('beginning', { signal: AbortSignal.abort() })()).toEqual(aborted);
    expect(source.requestCount()).toBe(0);
    expect(await source.usersPage('beginning', { signal: controller.signal })()).toEqual(aborted);
    expect(source.requestCount()).toBe(1);
    const silent = await openScripted(() => ({ silent: true }));
    const waiting = silent.source.usersPage('beginning')();
    await silent.source.close();
    expect(await waiting).toEqual(aborted);
  });

  it('gives each attempt an id of its own', async () => {
    const { source, server } = await after({ status: 503 });
    await source.usersPage('beginning')();
    const ids = server.asked.map(({ headers }) => headers['client-request-id']);
    expect(new Set(ids).size).toBe(2);
  });
});
