/** The same links over HTTP, from everything that can carry one: none leads to a request, and the token goes nowhere else. */
import * as E from 'fp-ts/lib/Either.js';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { GraphFailure } from './directory-source.js';
import { openDirectorySource } from './open-microsoft-graph.js';
import { openSubscriptionClient } from './subscriptions/subscription-client.js';
import { hostileLinks, spell } from './testing/hostile-links.js';
import { group, user } from './testing/ids.js';
import { linkKinds } from './testing/link-kinds.js';
import { madeLinks } from './testing/made-links.js';
import { by, closeAll, openScripted, openScriptedTransport, openServer } from './testing/scripted-graph.js';
import type { Asked, Reply } from './testing/scripted-server.js';

afterEach(closeAll);

const seed = Number(process.env['SEED'] ?? 20_261_130);

type Opened = Awaited<ReturnType<typeof open>>;

/** An answer that leads on, and who reads it. `first` is what is asked before anything is followed. */
type Carrier = {
  readonly name: string;
  readonly kind: string;
  readonly answer: (link: string, asked: Asked) => Reply;
  readonly read: (opened: Opened, link: string) => Promise<E.Either<GraphFailure, unknown>>;
  /** Requests made before the link stands there; none for a stored link. */
  readonly asks?: 0;
};

const page = (key: string) => (link: string) => ({ json: { value: [], [key]: link } });
const gone = (location: string): Reply => ({ status: 410, headers: { location }, text: '' });

const carriers: ReadonlyArray<Carrier> = (['users', 'groups'] as const).flatMap((resource): Array<Carrier> => {
  const kind = `a link of ${resource}/delta`;
  const follow = ({ source }: Opened, link: string) =>
    resource === 'users' ? source.usersPage(by(link))() : source.groupsPage(by(link))();
  const begin = ({ source }: Opened) =>
    resource === 'users' ? source.usersPage('beginning')() : source.groupsPage({ groupIds: [group(1)] })();
  return [
    { name: `nextLink of ${resource}/delta`, kind, answer: page('@odata.nextLink'), read: begin },
    { name: `deltaLink of ${resource}/delta`, kind, answer: page('@odata.deltaLink'), read: begin },
    { name: `stored link of ${resource}/delta`, kind, answer: () => ({ json: {} }), read: follow, asks: 0 },
    {
      name: `Location of a 410 of ${resource}/delta`,
      kind: `the Location of a 410 of ${resource}/delta`,
      answer: gone,
      read: (opened) => follow(opened, `${opened.baseUrl}/${resource}/delta?$deltatoken=x`),
    },
  ];
});

const all: ReadonlyArray<Carrier> = [
  ...carriers,
  {
    name: 'nextLink of nested groups',
    kind: 'the next page of nested groups',
    answer: page('@odata.nextLink'),
    read: ({ source }) => source.readNestedGroups(group(1))(),
  },
  {
    name: 'nextLink of subscriptions',
    kind: 'the next page of subscriptions',
    answer: page('@odata.nextLink'),
    read: ({ subscriptions }) => subscriptions.list()(),
  },
  {
    name: 'redirect of a photo',
    kind: 'the redirect of a photo',
    answer: (location) => ({ status: 302, headers: { location } }),
    read: ({ source }) => source.photos.fetch(user(1))(),
  },
];

const open = async () => {
  const evil = await openServer(() => ({ json: { value: [] } }));
  let reply: (asked: Asked) => Reply = () => ({});
  const { transport, server, baseUrl } = await openScriptedTransport((asked) => reply(asked));
  return {
    evil,
    server,
    baseUrl,
    source: openDirectorySource(transport, { customAttributes: [] }),
    subscriptions: openSubscriptionClient(transport),
    answers: (script: typeof reply) => (reply = script),
  };
};

const placeOf = (carrier: Carrier, { server, evil }: Opened) => {
  const kind = linkKinds.find(({ name }) => name === carrier.kind)!;
  return { kind, place: { ...kind, origin: server.origin, evil: new URL(evil.origin).host } };
};

const inHeader = (link: string): boolean => /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(link) && link.length < 8_000;
const fits = (carrier: Carrier, link: string): boolean => !/Location|redirect/.test(carrier.name) || inHeader(link);

describe.each(all)('a hostile $name', (carrier) => {
  it('is refused, whatever its form, and asked for nowhere', async () => {
    const opened = await open();
    const { place } = placeOf(carrier, opened);
    for (const template of hostileLinks) {
      const link = spell(template, place);
      if (!fits(carrier, link)) continue;
      const before = opened.server.asked.length;
      opened.answers((asked) => carrier.answer(link, asked));
      const read = await carrier.read(opened, link);
      // A list may say that it ends by an empty link; a page of a round may not.
      const expected = link === '' ? /^(UnsafeLink|GraphProtocol)$/ : /^UnsafeLink$/;
      expect(E.isLeft(read) && read.left._tag, template.slice(0, 90)).toMatch(expected);
      expect(opened.server.asked.length - before, template.slice(0, 90)).toBe(carrier.asks ?? 1);
    }
    expect(opened.evil.asked).toEqual([]);
  });

  it(`is followed only where the guard passes it, of 150 put together at random (seed ${seed})`, async () => {
    const opened = await open();
    const { kind, place } = placeOf(carrier, opened);
    await fc.assert(
      fc.asyncProperty(madeLinks, async (template) => {
        const link = spell(template, place);
        if (!fits(carrier, link) || E.isRight(kind.guard(opened.baseUrl, link))) return;
        const before = opened.server.asked.length;
        opened.answers((asked) => carrier.answer(link, asked));
        const read = await carrier.read(opened, link);
        expect(E.isLeft(read) && read.left._tag).toMatch(/^(UnsafeLink|GraphProtocol)$/);
        expect(opened.server.asked.length - before).toBe(carrier.asks ?? 1);
      }),
      { numRuns: 150, seed },
    );
    expect(opened.evil.asked).toEqual([]);
  });
});

describe('a redirect', () => {
  const statuses = [300, 301, 302, 303, 305, 307, 308];

  it('of anything but a photo is not followed, not even within Graph', async () => {
    const opened = await open();
    const { source, subscriptions, evil, server } = opened;
    const reads: ReadonlyArray<() => Promise<E.Either<GraphFailure, unknown>>> = [
      source.usersPage('beginning'),
      source.latestUsers(),
      source.groupsPage({ groupIds: [group(1)] }),
      source.readGroup(group(1)),
      source.readNestedGroups(group(1)),
      source.countUsers(),
      source.readProfiles([user(1)]),
      source.checkMembership([user(1)], group(1)),
      source.readMemberships([{ memberId: user(1), kind: 'user' }]),
      source.photos.read([user(1)]),
      source.lookups.usersByAddress('adele@contoso.com'),
      source.lookups.isDeleted(user(1)),
      source.lookups.directGroups(user(1)),
      subscriptions.list(),
      subscriptions.renew('x', '2026-12-01T00:00:00Z'),
      subscriptions.remove('x'),
    ];
    for (const location of [
      `${evil.origin}/v1.0/users/delta`,
      `${server.origin}/v1.0/organization`,
      '/v1.0/users/delta',
    ]) {
      for (const status of statuses) {
        opened.answers(() => ({ status, headers: { location } }));
        for (const read of reads) {
          const before = server.asked.length;
          expect(await read()).toMatchObject(E.left({ _tag: 'GraphProtocol' }));
          expect(server.asked.length - before).toBe(1);
        }
      }
    }
    expect(evil.asked).toEqual([]);
  });

  it('within a batch is not followed: it says nothing of the person', async () => {
    const opened = await open();
    const { source, evil, server } = opened;
    for (const location of [`${evil.origin}/v1.0/x`, `${server.origin}/v1.0/users/${user(2)}/photo`]) {
      opened.answers(({ body }) => ({
        json: {
          responses: (JSON.parse(body) as { requests: ReadonlyArray<{ id: string }> }).requests.map(({ id }) => ({
            id,
            status: 302,
            headers: { Location: location },
            body: { '@odata.mediaEtag': '"x"', location, '@odata.nextLink': location },
          })),
        },
      }));
      expect(await source.readProfiles([user(1)])()).toMatchObject(E.right([{ _tag: 'Unreadable' }]));
      expect(await source.photos.read([user(1)])()).toMatchObject(E.right([{ _tag: 'Unreadable' }]));
      expect(await source.checkMembership([user(1)], group(1))()).toMatchObject(E.right([{ _tag: 'Unconfirmed' }]));
      const memberships = await source.readMemberships([{ memberId: user(1), kind: 'user' }])();
      expect(memberships).toMatchObject(E.right([{ _tag: 'Unreadable' }]));
    }
    expect(evil.asked).toEqual([]);
    expect(server.asked.every(({ url }) => url === '/v1.0/$batch')).toBe(true);
  });
});

describe('a link that nothing needs', () => {
  it('is not followed out of the body of a batch: what it hides is not known to be gone', async () => {
    const opened = await open();
    const { source, evil, server } = opened;
    for (const template of hostileLinks) {
      const link = spell(template, {
        origin: server.origin,
        evil: new URL(evil.origin).host,
        path: 'users',
        other: 'x',
      });
      opened.answers(() => ({
        json: { responses: [{ id: '1', status: 200, body: { value: [], '@odata.nextLink': link } }] },
      }));
      const read = await source.readMemberships([{ memberId: user(1), kind: 'user' }])();
      expect(read).toMatchObject(E.right([{ _tag: 'Found', complete: false }]));
    }
    expect(evil.asked).toEqual([]);
    expect(server.asked.every(({ url }) => url === '/v1.0/$batch')).toBe(true);
  });

  it('is told from a good Location of a 410', async () => {
    const { source, baseUrl, server } = await openScripted(() => ({
      status: 410,
      headers: { location: `http://${server.asked[0]!.headers.host!}/v1.0/users/delta?$deltatoken=` },
      text: '',
    }));
    expect(await source.usersPage(by(`${baseUrl}/users/delta?$deltatoken=old`))()).toEqual(
      E.left({ _tag: 'ResyncRequired', reason: 'gone', location: `${baseUrl}/users/delta?$deltatoken=` }),
    );
  });
});
