import * as E from 'fp-ts/lib/Either.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startFakeLearnAmp, type FakeLearnAmp } from '../testing/fake-learn-amp.js';
import { collect, openClient } from '../testing/open-client.js';

let fake: FakeLearnAmp;
beforeEach(async () => {
  fake = await startFakeLearnAmp();
});
afterEach(() => fake.close());

const people = (count: number, given: { readonly status?: string } = {}) => {
  for (let index = 0; index < count; index += 1) fake.addUser({ email: `p${String(index)}@contoso.com`, ...given });
};
const ids = async (port: ReturnType<typeof openClient>) => {
  const all = await collect(port.accounts());
  return E.isRight(all) ? all.right.map(({ learnAmpUserId }) => learnAmpUserId) : all.left;
};
const everybody = () => [...fake.users.keys()].map(String);

/**
 * GET /v1/users, GET /v1/teams
 * FOUND   `page`, `perPage`, `expanded=true`, `filters[status][]`; headers Total, Per-Page, Total-Pages; `{ "users": [...] }`
 * ASSUMED a server may serve fewer than asked for; the plain list may or may not hold deactivated users; headers may be missing
 */
describe('accounts', () => {
  it.each([true, false])('are everybody once, deactivated ones included (listed by default: %s)', async (listed) => {
    fake.options.listsDeactivated = listed;
    fake.options.pageSize = 3;
    people(7);
    fake.addUser({ email: 'gone@contoso.com', status: 'deactivated' });
    const port = openClient(fake.baseUrl);
    expect(await ids(port)).toEqual(everybody());
    expect(port.requestCount()).toBe(4);
    expect(fake.log[1]?.query.toString()).toBe('expanded=true&page=1&perPage=100');
    expect(fake.log.at(-1)?.query.getAll('filters[status][]')).toEqual(['deactivated']);
  });

  it.each([0, 1, 4, 5, 6])('are complete without paging headers, for %i people in pages of 2', async (count) => {
    fake.options.pageHeaders = false;
    fake.options.pageSize = 2;
    people(count);
    expect(await ids(openClient(fake.baseUrl))).toEqual(everybody());
  });

  it('end where a server without headers gives the same page again and again', async () => {
    fake.options.pageHeaders = false;
    fake.options.ignoresPage = true;
    people(3);
    const port = openClient(fake.baseUrl);
    expect(await ids(port)).toEqual(everybody());
    expect(port.requestCount()).toBeLessThanOrEqual(4);
  });

  it('fail where a server announces more pages and repeats the first', async () => {
    fake.options.ignoresPage = true;
    fake.options.pageSize = 2;
    people(5);
    expect(await ids(openClient(fake.baseUrl))).toMatchObject({
      _tag: 'LearnAmpProtocol',
      detail: 'Page 2 of GET /v1/users repeats earlier pages: paging does not work.',
    });
  });

  it('read headers in any letter case, and make up for a missing Total-Pages', async () => {
    fake.options.pageSize = 2;
    people(4);
    fake.plan.after = (_request, reply) =>
      reply.headers === undefined
        ? undefined
        : { ...reply, headers: { 'PER-PAGE': '2', total: reply.headers['Total'] ?? '' } };
    const port = openClient(fake.baseUrl);
    expect(await ids(port)).toEqual(everybody());
    expect(port.requestCount()).toBe(3);
  });

  it.each([
    ['without an id', { email: 'a@b.c' }, 'Page 1 of GET /v1/users: entry 2 has no usable id.'],
    ['without an e-mail', { id: 9, email: '' }, 'Page 1 of GET /v1/users: entry 2 has no usable email.'],
    ['that is no object', 'x', 'Page 1 of GET /v1/users: entry 2 is not an object.'],
  ])('fail at an account %s instead of skipping it', async (_name, entry, detail) => {
    const users = [{ id: 1, email: 'a@b.c' }, entry];
    fake.plan.before = ({ path }) => (path === '/v1/users' ? { status: 200, json: { users } } : undefined);
    expect(await ids(openClient(fake.baseUrl))).toEqual({ _tag: 'LearnAmpProtocol', detail });
  });

  it.each([
    ['HTML', { status: 200, text: '<html>' }],
    ['broken JSON', { status: 200, text: '{"users":[' }],
    ['another shape', { status: 200, json: { people: [] } }],
    ['null', { status: 200, json: null }],
    ['404', { status: 404, json: { error: 'Not found' } }],
    ['nothing', { status: 204 }],
  ])('are never "empty" because the answer was %s', async (_name, reply) => {
    fake.plan.before = ({ path }) => (path === '/v1/users' ? reply : undefined);
    expect(await ids(openClient(fake.baseUrl))).toMatchObject({ _tag: 'LearnAmpProtocol' });
  });

  it('come from a bare array as well', async () => {
    fake.plan.before = ({ path }) =>
      path === '/v1/users' ? { status: 200, json: [{ id: 'u-1', email: 'a@b.c' }] } : undefined;
    expect(await ids(openClient(fake.baseUrl))).toEqual(['u-1']);
  });

  it('end with a failure in the middle when a page cannot be read', async () => {
    fake.options.pageSize = 2;
    people(5);
    fake.plan.before = ({ query }) => (query.get('page') === '2' ? { status: 500 } : undefined);
    const pages: Array<string> = [];
    for await (const page of openClient(fake.baseUrl).accounts()) pages.push(page._tag);
    expect(pages).toEqual(['Right', 'Left']);
  });

  it('stop when they are told to', async () => {
    fake.options.pageSize = 2;
    people(5);
    const stop = new AbortController();
    const tags: Array<string> = [];
    for await (const page of openClient(fake.baseUrl).accounts({ signal: stop.signal })) {
      tags.push(E.isRight(page) ? 'page' : page.left._tag);
      stop.abort();
    }
    expect(tags).toEqual(['page', 'LearnAmpAborted']);
  });
});

describe('teams', () => {
  it('are read page by page, with their external ids', async () => {
    fake.options.pageSize = 1;
    const [sales, finance] = [fake.addTeam('Sales'), fake.addTeam('Finance', 'entra-dept:finance')];
    expect(await collect(openClient(fake.baseUrl).teams())).toEqual(
      E.right([
        { teamId: String(sales.id), name: 'Sales', externalId: null },
        { teamId: String(finance.id), name: 'Finance', externalId: 'entra-dept:finance' },
      ]),
    );
  });

  it('fail at a team without a name', async () => {
    fake.plan.before = ({ path }) => (path === '/v1/teams' ? { status: 200, json: { teams: [{ id: 1 }] } } : undefined);
    expect(await collect(openClient(fake.baseUrl).teams())).toMatchObject({ left: { _tag: 'LearnAmpProtocol' } });
  });
});
