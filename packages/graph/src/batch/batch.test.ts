import type { ObjectId } from '@learnamp/directory-sync-domain';
import * as E from 'fp-ts/lib/Either.js';
import { afterEach, describe, expect, it } from 'vitest';
import type { GraphSettings } from '../graph-settings.js';
import { group, user } from '../testing/ids.js';
import { closeAll, openScripted } from '../testing/scripted-graph.js';
import type { Asked, Reply } from '../testing/scripted-server.js';

afterEach(closeAll);

type InnerRequest = {
  readonly id: string;
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
};
/** `undefined` leaves the item out of the answer. */
type Inner = { readonly status: number; readonly body?: unknown; readonly headers?: object } | undefined;

const requestsOf = (asked: Asked): ReadonlyArray<InnerRequest> =>
  (JSON.parse(asked.body) as { requests: Array<InnerRequest> }).requests;

/** Answers batches item by item, in another order than asked. */
const openBatches = (inner: (request: InnerRequest, nth: number) => Inner, changes: Partial<GraphSettings> = {}) =>
  openScripted(
    (asked, nth): Reply => ({
      headers: { 'request-id': `batch-${String(nth)}` },
      json: {
        responses: requestsOf(asked)
          .flatMap((request) => {
            const answer = inner(request, nth);
            return answer === undefined ? [] : [{ id: request.id, ...answer }];
          })
          .reverse(),
      },
    }),
    changes,
  );

const idIn = (url: string): ObjectId => /\/users\/([^/?]+)/.exec(url)![1] as ObjectId;
const person = (id: ObjectId, more: object = {}) => ({
  id,
  userPrincipalName: `${id.slice(-2)}@contoso.example`,
  displayName: 'Somebody',
  jobTitle: null,
  accountEnabled: true,
  ...more,
});
const notFound = {
  status: 404,
  body: { error: { code: 'Request_ResourceNotFound', innerError: { 'request-id': 'r' } } },
};
const people = (count: number) => Array.from({ length: count }, (_, n) => user(n));

const read = async (opened: Awaited<ReturnType<typeof openBatches>>, ids: ReadonlyArray<ObjectId>) => {
  const outcome = await opened.source.readProfiles(ids)();
  if (E.isLeft(outcome)) throw new Error(JSON.stringify(outcome.left));
  return outcome.right;
};

describe('readProfiles', () => {
  it('reads 20 people a batch with their managers, in the order asked, and reports as it goes', async () => {
    const opened = await openBatches(({ url }) => ({
      status: 200,
      body: person(idIn(url), idIn(url) === user(1) ? { manager: { id: user(0) } } : {}),
    }));
    const answered: Array<number> = [];
    const ids = people(45);
    const outcome = await opened.source.readProfiles(ids, { onBatch: (count) => answered.push(count) })();
    expect(opened.source.requestCount()).toBe(3);
    expect(answered.sort()).toEqual([20, 20, 5]);
    if (E.isLeft(outcome)) throw new Error('failed');
    expect(outcome.right.map((profile) => profile._tag === 'Found' && profile.user.userId)).toEqual(ids);
    expect(outcome.right[1]).toEqual({
      _tag: 'Found',
      requestId: expect.stringMatching(/^batch-/) as unknown,
      user: {
        _tag: 'UserObserved',
        userId: user(1),
        attributes: { userPrincipalName: '01@contoso.example', displayName: 'Somebody', jobTitle: null },
        accountEnabled: true,
        manager: { _tag: 'Known', managerId: user(0) },
        complete: true,
      },
    });
    expect(outcome.right[2]).toMatchObject({ user: { manager: { _tag: 'Known', managerId: null } } });
    expect(requestsOf(opened.server.asked[0]!)[0]).toEqual({
      id: '1',
      method: 'GET',
      url: `/users/${user(0)}?$select=id,displayName,givenName,surname,userPrincipalName,mail,jobTitle,department,officeLocation,preferredLanguage,employeeHireDate,userType,accountEnabled&$expand=manager($select=id)`,
    });
    expect(opened.server.asked.every(({ method, url }) => method === 'POST' && url === '/v1.0/$batch')).toBe(true);
  });

  it('asks nothing for nobody, and once for somebody named twice', async () => {
    const opened = await openBatches(({ url }) => ({ status: 200, body: person(idIn(url)) }));
    expect(await read(opened, [])).toEqual([]);
    expect(opened.source.requestCount()).toBe(0);
    expect(await read(opened, [user(1), user(1)])).toHaveLength(2);
    expect(requestsOf(opened.server.asked[0]!)).toHaveLength(1);
  });

  it('asks the throttled, the unanswered and those whose dependency failed again together, after the longest wait', async () => {
    const opened = await openBatches(({ url }, nth) => {
      if (nth > 1) return { status: 200, body: person(idIn(url)) };
      if (idIn(url) === user(3)) return { status: 429, headers: { 'Retry-After': '4' } };
      if (idIn(url) === user(4)) return { status: 429, headers: { 'retry-after': 7 } };
      if (idIn(url) === user(5)) return { status: 503 };
      if (idIn(url) === user(6)) return undefined;
      if (idIn(url) === user(7)) return { status: 424 };
      return { status: 200, body: person(idIn(url)) };
    });
    const profiles = await read(opened, people(20));
    expect(profiles.every(({ _tag }) => _tag === 'Found')).toBe(true);
    expect(opened.world.slept).toEqual([7_000]);
    expect(requestsOf(opened.server.asked[1]!).map(({ url }) => idIn(url))).toEqual([3, 4, 5, 6, 7].map(user));
  });

  it('looks a second time for whom it does not find, once', async () => {
    const opened = await openBatches(({ url }, nth) =>
      idIn(url) === user(1) || (idIn(url) === user(2) && nth === 1)
        ? notFound
        : { status: 200, body: person(idIn(url)) },
    );
    const profiles = await read(opened, people(4));
    expect(profiles.map(({ _tag }) => _tag)).toEqual(['Found', 'NotFound', 'Found', 'Found']);
    expect(opened.source.requestCount()).toBe(2);
  });

  it('takes nothing from what it may not or cannot read', async () => {
    const bodies: ReadonlyArray<Inner> = [
      { status: 403, body: { error: { code: 'Authorization_RequestDenied', message: 'Adele' } } },
      { status: 200, body: { id: user(1), userPrincipalName: null, displayName: null, jobTitle: null } },
      { status: 200, body: { '@odata.type': '#microsoft.graph.user', id: user(2) } },
      { status: 200, body: person(user(3), { jobTitle: 7 }) },
      { status: 200, body: person(user(9)) },
      { status: 200, body: null },
      { status: 401, body: {} },
      { status: 200, body: { id: user(7), displayName: 'No Principal Name' } },
    ];
    const opened = await openBatches(({ url }) => bodies[Number(idIn(url).slice(-2))]);
    const profiles = await read(opened, people(8));
    expect(profiles[7]).toMatchObject({ _tag: 'Found', user: { complete: false } });
    expect(profiles.slice(0, 7).map((profile) => profile._tag === 'Unreadable' && profile.detail)).toEqual([
      '403 Authorization_RequestDenied',
      'limited-information',
      'limited-information',
      '"jobTitle" is not as documented',
      'the answer is about somebody else',
      'the answer is not an object',
      '401 http-401',
    ]);
  });

  it('reads person and manager apart where $expand is refused, and remembers it', async () => {
    const opened = await openBatches(({ url }) => {
      if (url.includes('$expand')) return { status: 400, body: { error: { code: 'Request_UnsupportedQuery' } } };
      if (!url.includes('/manager')) return { status: 200, body: person(idIn(url)) };
      if (idIn(url) === user(1)) return notFound;
      if (idIn(url) === user(2)) return { status: 403, body: {} };
      return { status: 200, body: { '@odata.type': '#microsoft.graph.user', id: user(0) } };
    });
    const profiles = await read(opened, people(12));
    expect(profiles[0]).toMatchObject({ user: { manager: { managerId: user(0) } } });
    expect(profiles[1]).toMatchObject({ user: { manager: { _tag: 'Known', managerId: null } } });
    expect(profiles[2]).toMatchObject({ _tag: 'Unreadable' });
    expect(opened.source.requestCount()).toBe(3);
    await read(opened, [user(5)]);
    expect(opened.source.requestCount()).toBe(4);
  });

  it('names the attribute when the query is refused in every form, and nothing else of the message', async () => {
    const message = "Could not find a property named 'shoeSize' on Adele's mail 'adele@contoso.example'";
    const opened = await openBatches(() => ({ status: 400, body: { error: { code: 'BadRequest', message } } }), {
      customAttributes: ['shoeSize'],
    });
    const outcome = await opened.source.readProfiles([user(1), user(2)])();
    expect(outcome).toMatchObject(
      E.left({ _tag: 'GraphProtocol', detail: expect.stringContaining('"shoeSize"') as unknown }),
    );
    expect(JSON.stringify(outcome)).not.toMatch(/adele/i);
  });

  it('cannot read one person who is refused, and reads everybody else as before', async () => {
    const opened = await openBatches(({ url }) =>
      idIn(url) === user(1)
        ? { status: 400, body: { error: { code: 'Request_BadRequest', message: "Bad value 'mail' of Adele" } } }
        : { status: 200, body: person(idIn(url)) },
    );
    const profiles = await read(opened, people(3));
    expect(profiles.map(({ _tag }) => _tag)).toEqual(['Found', 'Unreadable', 'Found']);
    expect(profiles[1]).toEqual({ _tag: 'Unreadable', userId: user(1), detail: '400 Request_BadRequest' });
    await read(opened, people(1));
    expect(requestsOf(opened.server.asked.at(-1)!)[0]!.url).toContain('$expand');
  });

  it('cannot read anybody when everybody is refused for a reason that is not ours', async () => {
    const opened = await openBatches(() => ({
      status: 400,
      body: { error: { code: 'BadRequest', message: "Adele 'adele@contoso.example'" } },
    }));
    expect(await read(opened, people(2))).toMatchObject([
      { _tag: 'Unreadable', detail: '400 BadRequest' },
      { _tag: 'Unreadable', detail: '400 BadRequest' },
    ]);
  });

  it('ends as throttled when told to wait longer than the patience', async () => {
    const opened = await openBatches(() => ({ status: 429, headers: { 'Retry-After': '100' } }));
    expect(await opened.source.readProfiles(people(2))()).toMatchObject(E.left({ _tag: 'GraphThrottled' }));
    expect(opened.source.requestCount()).toBe(1);
  });

  it('gives up on one who never answers, and on all when nobody ever does', async () => {
    const one = await openBatches(({ url }) =>
      idIn(url) === user(1) ? { status: 500 } : { status: 200, body: person(idIn(url)) },
    );
    expect((await read(one, people(3))).map(({ _tag }) => _tag)).toEqual(['Found', 'Unreadable', 'Found']);
    const all = await openBatches(() => ({ status: 500 }));
    expect(await all.source.readProfiles(people(3))()).toMatchObject(E.left({ _tag: 'GraphUnreachable' }));
  });

  it('fails whole when a batch itself does', async () => {
    for (const [reply, tag] of [
      [{ status: 403, json: { error: { code: 'Authorization_RequestDenied' } } }, 'GraphForbidden'],
      [{ status: 400, json: { error: { code: 'BadRequest' } } }, 'GraphProtocol'],
      [{ json: {} }, 'GraphProtocol'],
      [{ json: { responses: [{ id: '1' }] } }, 'GraphProtocol'],
      [{ status: 503 }, 'GraphUnreachable'],
    ] as const) {
      const { source } = await openScripted(() => reply);
      expect(await source.readProfiles(people(50))()).toMatchObject(E.left({ _tag: tag }));
    }
  });

  it('stops when it is aborted', async () => {
    const controller = new AbortController();
    const { source } = await openScripted(() => {
      controller.abort();
      return { silent: true };
    });
    expect(await source.readProfiles(people(90), { signal: controller.signal })()).toEqual(
      E.left({ _tag: 'GraphAborted' }),
    );
  });
});

describe('checkMembership', () => {
  it('asks for each person, nested groups included, and believes only a plain answer', async () => {
    const answers: ReadonlyArray<Inner> = [
      { status: 200, body: { value: [] } },
      { status: 200, body: { value: [group(1).toUpperCase()] } },
      { status: 403, body: { error: { code: 'Authorization_RequestDenied' } } },
      { status: 400, body: { error: { code: 'BadRequest' } } },
      { status: 200, body: {} },
      { status: 200, body: { value: [group(2)] } },
    ];
    const opened = await openBatches(({ url }) => answers[Number(idIn(url).slice(-2))]);
    const outcome = await opened.source.checkMembership(people(6), group(1))();
    expect(outcome).toMatchObject(
      E.right([
        { _tag: 'NotMember', userId: user(0), requestId: 'batch-1' },
        { _tag: 'StillMember', userId: user(1) },
        { _tag: 'Unconfirmed', userId: user(2), because: 'forbidden' },
        { _tag: 'Unconfirmed', userId: user(3), because: 'unreadable' },
        { _tag: 'Unconfirmed', userId: user(4), because: 'unreadable' },
        { _tag: 'NotMember', userId: user(5) },
      ]),
    );
    expect(requestsOf(opened.server.asked[0]!)[0]).toEqual({
      id: '1',
      method: 'POST',
      url: `/users/${user(0)}/checkMemberGroups`,
      headers: { 'Content-Type': 'application/json' },
      body: { groupIds: [group(1)] },
    });
    expect(opened.source.requestCount()).toBe(1);
  });

  it('takes a 404 for a missing person only when the person cannot be read either', async () => {
    const opened = await openBatches(({ method, url }) =>
      method === 'POST' || idIn(url) === user(0) ? notFound : { status: 200, body: { id: idIn(url) } },
    );
    expect(await opened.source.checkMembership(people(2), group(1))()).toMatchObject(
      E.right([
        { _tag: 'UserNotFound', userId: user(0) },
        { _tag: 'Unconfirmed', userId: user(1), because: 'unreadable' },
      ]),
    );
  });
});

describe('readMemberships', () => {
  it('tells the direct groups of people and groups, and what it does not know', async () => {
    const next = 'https://graph.microsoft.com/v1.0/users/x/memberOf?$skiptoken=y';
    const answers: ReadonlyArray<Inner> = [
      { status: 200, body: { value: [{ '@odata.type': '#microsoft.graph.group', id: group(1).toUpperCase() }] } },
      { status: 200, body: { '@odata.nextLink': next, value: [{ id: group(1) }] } },
      notFound,
      { status: 403, body: { error: { code: 'Authorization_RequestDenied' } } },
      { status: 200, body: { value: [{ id: 'no id' }] } },
    ];
    const opened = await openBatches(({ url }) => answers[Number(url.slice(0, url.indexOf('/memberOf')).slice(-2))]);
    const members = [...people(2), group(2), user(3), user(4)].map((memberId) => ({
      memberId,
      kind: memberId === group(2) ? ('group' as const) : ('user' as const),
    }));
    expect(await opened.source.readMemberships(members)()).toEqual(
      E.right([
        { _tag: 'Found', memberId: user(0), groupIds: new Set([group(1)]), complete: true, requestId: 'batch-1' },
        { _tag: 'Found', memberId: user(1), groupIds: new Set([group(1)]), complete: false, requestId: 'batch-1' },
        { _tag: 'NotFound', memberId: group(2) },
        { _tag: 'Unreadable', memberId: user(3) },
        { _tag: 'Unreadable', memberId: user(4) },
      ]),
    );
    expect(requestsOf(opened.server.asked[0]!).map(({ url }) => url)).toEqual([
      `/users/${user(0)}/memberOf?$select=id&$top=999`,
      `/users/${user(1)}/memberOf?$select=id&$top=999`,
      `/groups/${group(2)}/memberOf?$select=id&$top=999`,
      `/users/${user(3)}/memberOf?$select=id&$top=999`,
      `/users/${user(4)}/memberOf?$select=id&$top=999`,
    ]);
    expect(opened.source.requestCount()).toBe(1);
  });
});
