/** Every kind of body that is decoded, with everything in it that should not be. */
import * as E from 'fp-ts/lib/Either.js';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { openDirectorySource } from './open-microsoft-graph.js';
import { openGraphProbes } from './probes/graph-probes.js';
import { openSubscriptionClient } from './subscriptions/subscription-client.js';
import { hostileBodies, hostileJson, hostileValues, placesIn, withAt } from './testing/hostile-values.js';
import { group, user } from './testing/ids.js';
import { closeAll, openScripted, openScriptedTransport, openServer } from './testing/scripted-graph.js';
import type { Reply } from './testing/scripted-server.js';

const plain = Reflect.ownKeys(Object.prototype);
const plainOfLists = Reflect.ownKeys(Array.prototype);

afterEach(async () => {
  await closeAll();
  expect(Reflect.ownKeys(Object.prototype)).toEqual(plain);
  expect(Reflect.ownKeys(Array.prototype)).toEqual(plainOfLists);
  expect(({} as { readonly polluted?: unknown }).polluted).toBeUndefined();
});

const seed = Number(process.env['SEED'] ?? 20_261_130);

const open = async () => {
  let reply: Reply = {};
  const { transport, server, baseUrl } = await openScriptedTransport(() => reply, { patienceMs: 1_000 });
  return {
    server,
    baseUrl,
    source: openDirectorySource(transport, { customAttributes: ['employeeId', 'employeeOrgData.division'] }),
    subscriptions: openSubscriptionClient(transport),
    probes: openGraphProbes(transport),
    answers: (next: Reply) => {
      reply = next;
    },
  };
};
type Opened = Awaited<ReturnType<typeof open>>;
type Asked = Promise<E.Either<unknown, unknown>>;

const link = (baseUrl: string, resource: string) => ({
  '@odata.deltaLink': `${baseUrl}/${resource}/delta?$deltatoken=x`,
});
const person = (n: number) => ({
  id: user(n),
  displayName: 'Adele Vance',
  userPrincipalName: `adele${String(n)}@contoso.com`,
  mail: null,
  accountEnabled: true,
  employeeId: '17',
  employeeOrgData: { division: 'North' },
  businessPhones: ['1'],
  'manager@delta': [{ '@odata.type': '#microsoft.graph.user', id: user(9) }],
});
const batch = (...bodies: ReadonlyArray<unknown>) => ({
  responses: bodies.map((body, n) => ({ id: String(n + 1), status: 200, headers: { 'request-id': 'r' }, body })),
});
const subscription = {
  id: '7f105c7d-2dc5-4530-97cd-4e7ae6534c07',
  resource: 'users',
  changeType: 'updated,deleted',
  notificationUrl: 'https://sync.contoso.com/hook',
  expirationDateTime: '2026-12-20T18:23:45.9356913Z',
};

/** A good body, and who reads it. */
const kinds: ReadonlyArray<{
  readonly name: string;
  readonly good: (baseUrl: string) => unknown;
  readonly read: (opened: Opened) => Asked;
}> = [
  {
    name: 'a page of users',
    good: (base) => ({
      value: [
        person(1),
        { id: user(2), '@removed': { reason: 'changed' } },
        { id: user(3), userPrincipalName: 'alex@contoso.com' },
      ],
      ...link(base, 'users'),
    }),
    read: ({ source }) => source.usersPage('beginning')(),
  },
  {
    name: 'a page of groups',
    good: (base) => ({
      value: [
        {
          id: group(1),
          'members@delta': [{ '@odata.type': '#microsoft.graph.user', id: user(1), '@removed': { reason: 'deleted' } }],
        },
        { id: group(2), '@removed': { reason: 'deleted' } },
      ],
      ...link(base, 'groups'),
    }),
    read: ({ source }) => source.groupsPage({ groupIds: [group(1)] })(),
  },
  {
    name: 'the scope group',
    good: () => ({ id: group(1), visibility: 'Private' }),
    read: ({ source }) => source.readGroup(group(1))(),
  },
  {
    name: 'the organization',
    good: () => ({ value: [{ id: group(9), displayName: 'Contoso' }] }),
    read: ({ probes }) => probes.organization(),
  },
  {
    name: 'what a group is',
    good: () => ({
      id: group(1),
      displayName: 'Everyone',
      visibility: null,
      securityEnabled: true,
      groupTypes: ['Unified'],
    }),
    read: ({ probes }) => probes.group(group(1)),
  },
  {
    name: 'a few members',
    good: () => ({ '@odata.count': 1, value: [{ id: user(1) }] }),
    read: ({ probes }) => probes.sample(group(1), 5),
  },
  {
    name: 'nested groups',
    good: () => ({ value: [{ id: group(2) }], '@odata.nextLink': null }),
    read: ({ source }) => source.readNestedGroups(group(1))(),
  },
  {
    name: 'profiles',
    good: () => batch({ ...person(1), manager: { id: user(9) } }),
    read: ({ source }) => source.readProfiles([user(1)])(),
  },
  {
    name: 'a check of members',
    good: () => batch({ value: [group(1)] }),
    read: ({ source }) => source.checkMembership([user(1)], group(1))(),
  },
  {
    name: 'memberships',
    good: () => batch({ value: [{ id: group(1) }] }),
    read: ({ source }) => source.readMemberships([{ memberId: user(1), kind: 'user' }])(),
  },
  {
    name: 'metadata of photos',
    good: () =>
      batch({
        '@odata.mediaContentType': 'image/jpeg',
        '@odata.mediaEtag': '"x"',
        id: '240X240',
        width: 240,
        height: 240,
      }),
    read: ({ source }) => source.photos.read([user(1)])(),
  },
  {
    name: 'subscriptions',
    good: () => ({ value: [subscription] }),
    read: ({ subscriptions }) => subscriptions.list()(),
  },
  {
    name: 'a subscription',
    good: () => subscription,
    read: ({ subscriptions }) => subscriptions.renew(subscription.id, subscription.expirationDateTime)(),
  },
  {
    name: 'who has an address',
    good: () => ({ value: [{ id: user(1) }] }),
    read: ({ source }) => source.lookups.usersByAddress('adele@contoso.com')(),
  },
];

/** One clear sentence, which repeats nothing of the body. */
const expectClear = (read: E.Either<unknown, unknown>, what: string): void => {
  if (E.isRight(read)) return;
  const failure = read.left as { readonly _tag: string; readonly detail?: string };
  expect(failure._tag, what).toMatch(/^(Graph(Protocol|Unreachable|Forbidden|NotFound)|UnsafeLink|ResyncRequired)$/);
  expect(JSON.stringify(failure).length, what).toBeLessThan(500);
  expect(JSON.stringify(failure), what).not.toMatch(/Adele|contoso\.com|polluted|gnp\.exe|xxxx/);
  if (failure._tag === 'GraphProtocol') expect(failure.detail, what).toMatch(/^[\x20-\x7e]{10,}$/);
};

describe.each(kinds)('$name', ({ good, read }) => {
  it('decodes where all is well', async () => {
    const opened = await open();
    opened.answers({ json: good(opened.baseUrl) });
    expect(await read(opened)).toMatchObject({ _tag: 'Right' });
    opened.answers({ text: `\ufeff${JSON.stringify(good(opened.baseUrl))}` });
    expect(await read(opened), 'behind a byte order mark').toMatchObject({ _tag: 'Right' });
  });

  it('that is no answer at all is refused, and never read as empty', async () => {
    const opened = await open();
    for (const [name, bytes] of hostileBodies) {
      opened.answers({ bytes, headers: { 'content-type': 'application/json' } });
      const answer = await read(opened);
      expectClear(answer, name);
      expect(E.isLeft(answer), name).toBe(true);
      opened.answers({ bytes, status: 400 });
      const refused = await read(opened);
      expectClear(refused, name);
      expect(E.isLeft(refused), name).toBe(true);
    }
  });

  it('is refused or decoded whatever stands in whichever place', async () => {
    const opened = await open();
    const body = good(opened.baseUrl);
    for (const place of placesIn(body)) {
      for (const value of [undefined, ...hostileValues]) {
        opened.answers({ json: withAt(body, place, value) ?? {} });
        expectClear(await read(opened), `${place.join('.')}: ${JSON.stringify([value]).slice(0, 80)}`);
      }
    }
  });

  it(`is refused or decoded whatever JSON it is (seed ${String(seed)})`, async () => {
    const opened = await open();
    const body = good(opened.baseUrl);
    const places = placesIn(body);
    const made = fc.oneof(
      hostileJson,
      fc.tuple(fc.constantFrom(...places), hostileJson).map(([place, value]) => withAt(body, place, value)),
    );
    await fc.assert(
      fc.asyncProperty(made, fc.constantFrom(200, 200, 200, 400, 404, 410), async (json, status) => {
        opened.answers({ text: JSON.stringify(json), status });
        expectClear(await read(opened), JSON.stringify(json));
      }),
      { numRuns: 120, seed },
    );
  });
});

describe('of a page of people', () => {
  it('nobody is lost, whatever stands in whichever place: told, unreadable, or the page is refused', async () => {
    const opened = await open();
    const [people] = kinds;
    const body = people!.good(opened.baseUrl);
    for (const place of placesIn(body).filter(
      ([first, , third]) => first === 'value' && third !== 'id' && third !== undefined,
    )) {
      for (const value of hostileValues) {
        opened.answers({ json: withAt(body, place, value) });
        const page = await opened.source.usersPage('beginning')();
        expect(page, `${place.join('.')}: ${JSON.stringify(value).slice(0, 80)}`).toMatchObject({ _tag: 'Right' });
        if (E.isLeft(page)) continue;
        const told = page.right.items.map(({ userId }) => userId);
        expect([...told, ...(page.right.unreadable ?? [])].sort()).toEqual([user(1), user(2), user(3)]);
        // Nobody else is touched by it.
        const others = [0, 1, 2].filter((n) => String(n) !== place[1]).map((n) => user(n + 1));
        expect(told).toEqual(expect.arrayContaining(others));
      }
    }
  });

  it('a number that lost its digits, and half a character, become nobody\u2019s attribute', async () => {
    const opened = await open();
    opened.answers({
      text: JSON.stringify({
        value: [{ ...person(1), displayName: 'Ad\ud800ele\u0000' }],
        ...link(opened.baseUrl, 'users'),
      }).replace('"17"', '12345678901234567890'),
    });
    const page = await opened.source.usersPage('beginning')();
    const [item] = E.isRight(page) ? page.right.items : [];
    expect(item).toMatchObject({ attributes: { displayName: 'Ad\ufffdele', 'employeeOrgData.division': 'North' } });
    expect(item).not.toHaveProperty('attributes.employeeId');
    expect(opened.source.leftOut().values).toEqual(['employeeId']);
  });

  it('of a key that stands twice the last one counts, and __proto__ gives nothing to anybody', async () => {
    const opened = await open();
    const good = JSON.stringify({
      value: [{ ...person(1), id: user(1).toUpperCase() }],
      ...link(opened.baseUrl, 'users'),
    });
    const twice = good.replace('"displayName":', '"displayName":"Other","displayName":');
    for (const name of ['"__proto__"', '"\\u005f_proto__"', '"__p\\u0072oto__"']) {
      opened.answers({
        text: twice.replace('"mail":null', `${name}:{"@removed":{"reason":"deleted"},"mail":"evil@x"}`),
      });
      const page = await opened.source.usersPage('beginning')();
      expect(page).toMatchObject(
        E.right({ items: [{ _tag: 'UserObserved', attributes: { displayName: 'Adele Vance' } }] }),
      );
      expect(JSON.stringify(page)).not.toContain('evil@x');
    }
  });
});

describe('a text in another encoding', () => {
  it.each(['latin1', 'utf16le'] as const)('is refused, before a name is made of it: %s', async (encoding) => {
    const opened = await open();
    const page = { value: [{ ...person(1), displayName: 'Zo\u00eb' }], ...link(opened.baseUrl, 'users') };
    opened.answers({
      bytes: Buffer.from(`\u00ff${JSON.stringify(page)}`.slice(encoding === 'latin1' ? 1 : 0), encoding),
    });
    expect(await opened.source.usersPage('beginning')()).toMatchObject(
      E.left({ _tag: 'GraphProtocol', detail: 'the answer is not in UTF-8' }),
    );
    expect(opened.server.asked).toHaveLength(1);
  });
});

describe('of a batch', () => {
  it('one answer that cannot be read keeps no other one waiting, and is asked for once', async () => {
    const opened = await open();
    const good = batch(
      { ...person(1), manager: null },
      { ...person(2), manager: null },
      { ...person(3), manager: null },
    );
    const broken: ReadonlyArray<unknown> = [
      ...[
        { id: '2' },
        { id: '2', status: '200' },
        { id: '2', status: 1e9 },
        { id: '2', status: 200.5 },
        { id: '2', status: null },
      ],
      ...[
        { id: '2', status: 200 },
        { id: '2', status: 200, body: [] },
        { id: '2', status: 200, body: 'x', headers: [] },
      ],
      { id: '2', status: 200, headers: { 'retry-after': { a: 1 }, 'x\ny': 'z' }, body: person(1) },
    ];
    for (const answer of broken) {
      const before = opened.server.asked.length;
      opened.answers({ json: withAt(good, ['responses', '1'], answer) });
      expect(await opened.source.readProfiles([user(1), user(2), user(3)])()).toMatchObject(
        E.right([{ _tag: 'Found' }, { _tag: 'Unreadable', userId: user(2) }, { _tag: 'Found' }]),
      );
      expect(opened.server.asked.length - before).toBe(1);
    }
  });

  it('two answers to one question are none', async () => {
    const opened = await open();
    const answer = (value: ReadonlyArray<string>) => ({ id: '1', status: 200, body: { value } });
    const other = { id: '2', status: 200, body: { value: [] } };
    opened.answers({ json: { responses: [answer([group(1)]), other, answer([])] } });
    expect(await opened.source.checkMembership([user(1), user(2)], group(1))()).toMatchObject(
      E.right([{ _tag: 'Unconfirmed' }, { _tag: 'NotMember' }]),
    );
  });
});

describe('an answer of the sign-in', () => {
  const good = { token_type: 'Bearer', expires_in: 3599, access_token: 'eyJ0.abc' };
  const signIn = async (reply: Reply) => {
    const authority = await openServer(() => reply);
    const { source, server } = await openScripted(() => ({ json: { id: group(1) } }), { patienceMs: 300 }, authority);
    return { read: await source.readGroup(group(1))(), server, authority, source };
  };

  it('that is no answer at all is refused in one sentence', async () => {
    for (const [name, bytes] of hostileBodies) {
      const { read, server } = await signIn({ bytes });
      expect(E.isLeft(read) && read.left._tag, name).toMatch(/^Graph(Protocol|Unreachable|Credentials)$/);
      expectClear(E.isLeft(read) && read.left._tag === 'GraphCredentials' ? E.right(0) : read, name);
      expect(server.asked, name).toEqual([]);
    }
  }, 30_000);

  it('with another thing than a token in its place is refused, and the token is never put into a header it cannot stand in', async () => {
    for (const value of [...hostileValues, 'a b', 'a\r\nX-Evil: 1', 't\u00f6ken', 'x'.repeat(70_000)]) {
      if (value === '__proto__' || value === 'constructor' || value === '1e400' || value === 'NaN') continue;
      if (typeof value === 'string' && /^[\x21-\x7e]+$/.test(value) && value.length < 65_536) continue;
      const { read } = await signIn({ json: { ...good, access_token: value } });
      expect(read, JSON.stringify(value).slice(0, 60)).toMatchObject(E.left({ _tag: 'GraphProtocol' }));
    }
    expect((await signIn({ json: { ...good, token_type: 'pop' } })).read).toMatchObject(
      E.left({ _tag: 'GraphProtocol' }),
    );
  }, 30_000);

  it('with a life that nobody can mean is good for a while, and not asked for with every request', async () => {
    for (const value of [undefined, ...hostileValues, -3599, '3599', 1e12]) {
      const { read, source, authority, server } = await signIn({ json: { ...good, expires_in: value } });
      expect(read, JSON.stringify([value]).slice(0, 60)).toMatchObject({ _tag: 'Right' });
      await source.readGroup(group(1))();
      // A second of life is a second of life; nothing else costs a sign-in for each request.
      if (typeof value !== 'number' || value > 600 || value <= 0) expect(authority.asked).toHaveLength(1);
      expect(server.asked.every(({ headers }) => headers.authorization === 'Bearer eyJ0.abc')).toBe(true);
    }
  }, 30_000);
});

describe('an id of the request', () => {
  it('is repeated only where it may be one', async () => {
    const opened = await open();
    for (const [header, shown] of [
      ['a1b2-c3', 'a1b2-c3'],
      ['Adele Vance <adele@contoso.com>', undefined],
      ['x'.repeat(5_000), undefined],
    ]) {
      opened.answers({ status: 302, headers: { 'request-id': header ?? '' } });
      const read = await opened.source.readGroup(group(1))();
      expectClear(read, 'a redirect');
      expect(E.isLeft(read) && 'requestId' in read.left && read.left.requestId).toBe(shown);
    }
  });
});

describe('a body that does not end', () => {
  it('is refused at 64 MiB, once', async () => {
    const { source, server } = await openScripted(() => ({ bytes: Buffer.alloc(64 * 1024 * 1024 + 1, 0x20) }), {
      patienceMs: 120_000,
    });
    expect(await source.readGroup(group(1))()).toMatchObject(
      E.left({ _tag: 'GraphProtocol', detail: 'the answer is longer than 67108864 bytes' }),
    );
    expect(server.asked).toHaveLength(1);
  }, 120_000);
});
