import * as E from 'fp-ts/lib/Either.js';
import { afterEach, describe, expect, it } from 'vitest';
import { group, user } from '../testing/ids.js';
import { by, closeAll, openScripted } from '../testing/scripted-graph.js';
import type { Asked, Reply } from '../testing/scripted-server.js';

afterEach(closeAll);

type Inner = { readonly status: number; readonly body?: unknown };

const answerBatch = (asked: Asked, inner: (url: string) => Inner): Reply => {
  const { requests } = JSON.parse(asked.body) as { requests: Array<{ id: string; url: string }> };
  return { json: { responses: requests.map(({ id, url }) => ({ id, ...inner(url) })).reverse() } };
};

const open = (items: ReadonlyArray<unknown>, inner: (url: string) => Inner = () => ({ status: 500 })) =>
  openScripted((asked) =>
    asked.url.endsWith('/$batch')
      ? answerBatch(asked, inner)
      : {
          json: {
            value: items,
            '@odata.deltaLink': `http://${asked.headers.host!}/v1.0/groups/delta?$deltatoken=d`,
          },
        },
  );

const member = (id: string, type?: string, removed?: unknown) => ({
  id,
  ...(type === undefined ? {} : { '@odata.type': `#microsoft.graph.${type}` }),
  ...(removed === undefined ? {} : { '@removed': removed }),
});

describe('a page of groups/delta', () => {
  it('asks for the members of the groups, at most 50 of them', async () => {
    const { source, server } = await open([]);
    await source.groupsPage({ groupIds: [group(1), group(2)] })();
    const url = new URL(server.asked[0]!.url, 'http://x');
    expect(url.pathname).toBe('/v1.0/groups/delta');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      $select: 'displayName,members',
      $filter: `id eq '${group(1)}' or id eq '${group(2)}'`,
    });
    const many = Array.from({ length: 51 }, (_, n) => group(n));
    await expect(source.groupsPage({ groupIds: many })()).rejects.toThrow(/1 to 50/);
    await expect(source.groupsPage({ groupIds: [] })()).rejects.toThrow(/1 to 50/);
    expect(await source.groupsPage({ groupIds: many.slice(1) })()).toMatchObject(E.right({ items: [] }));
  });

  it('reads slices of members in their order, kinds without case, removals in both forms', async () => {
    const { source, server, baseUrl } = await open([
      {
        id: group(1).toUpperCase(),
        displayName: 'Everyone',
        'members@delta': [member(user(1), 'user'), member(group(2), 'group')],
      },
      { id: group(3) },
      { id: group(1), 'members@delta': [member(user(2), 'User'), member(user(1), 'user', { reason: 'deleted' })] },
      { id: group(1), 'members@delta': [member(user(3), 'user', 'deleted'), member(user(4), 'device')] },
      { id: group(4), 'members@delta': [member(user(5), 'servicePrincipal'), member(user(6), 'orgContact')] },
      { id: group(5), '@removed': { reason: 'changed' } },
      { id: group(6), '@removed': { reason: 'deleted' } },
    ]);
    expect(await source.groupsPage(by(`${baseUrl}/groups/delta?$deltatoken=o`))()).toMatchObject(
      E.right({
        items: [
          {
            _tag: 'GroupObserved',
            groupId: group(1),
            members: [
              { memberId: user(1), kind: 'user', present: true },
              { memberId: group(2), kind: 'group', present: true },
            ],
          },
          { _tag: 'GroupObserved', groupId: group(3), members: [] },
          {
            groupId: group(1),
            members: [
              { memberId: user(2), kind: 'user', present: true },
              { memberId: user(1), kind: 'user', present: false },
            ],
          },
          {
            groupId: group(1),
            members: [
              { memberId: user(3), kind: 'user', present: false },
              { memberId: user(4), kind: 'other', present: true },
            ],
          },
          { groupId: group(4), members: [{ kind: 'other' }, { kind: 'other' }] },
          { _tag: 'GroupRemoved', groupId: group(5), reason: 'soft' },
          { _tag: 'GroupRemoved', groupId: group(6), reason: 'permanent' },
        ],
      }),
    );
    expect(server.asked).toHaveLength(1);
  });

  it.each([
    ['Sales', 'Sales'],
    ['a\u0000b\ud800', 'ab\ufffd'],
    ['x'.repeat(5_000), 'x'.repeat(1_024)],
    ['  ', undefined],
    [null, undefined],
    [{ text: 'Sales' }, undefined],
  ])('takes the name %j for what it is, and none for none', async (displayName, name) => {
    const { baseUrl, source } = await open([{ id: group(1), displayName }]);
    const page = await source.groupsPage(by(`${baseUrl}/groups/delta?$deltatoken=o`))();
    expect(page).toMatchObject(E.right({ items: [{ groupId: group(1), name, members: [] }] }));
  });

  it('aborts at a member it cannot read', async () => {
    const { source } = await open([
      { id: group(1), 'members@delta': [member(user(1), 'user'), member('632f6bb2-short')] },
    ]);
    expect(await source.groupsPage({ groupIds: [group(1)] })()).toMatchObject(
      E.left({
        _tag: 'GraphProtocol',
        detail: `groups/delta, item 0 (${group(1)}): "members@delta.id" is not as documented`,
      }),
    );
  });

  const untyped = [{ id: group(1), 'members@delta': [user(1), group(2), user(3), user(4)].map((id) => member(id)) }];
  const kindsOf = async (inner: (url: string) => Inner) => {
    const opened = await open(untyped, inner);
    const outcome = await opened.source.groupsPage({ groupIds: [group(1)] })();
    const [item] = E.isRight(outcome) ? outcome.right.items : [];
    const kinds = item?._tag === 'GroupObserved' ? item.members.map(({ kind }) => kind) : undefined;
    return { ...opened, outcome, kinds };
  };

  it('reads the type of a member that came without one; what is not there after a second look is neither', async () => {
    const { kinds, server } = await kindsOf((url) => {
      if (url.includes(user(4))) return { status: 404, body: { error: { code: 'Request_ResourceNotFound' } } };
      const type = url.includes(group(2)) ? 'group' : url.includes(user(3)) ? 'servicePrincipal' : 'user';
      return { status: 200, body: { '@odata.type': `#microsoft.graph.${type}`, id: 'x' } };
    });
    expect(kinds).toEqual(['user', 'group', 'other', 'other']);
    expect(server.asked).toHaveLength(3);
    expect(server.asked[1]!.body).toContain(`/directoryObjects/${user(1)}?$select=id`);
  });

  it('asks by id for a type that is not known: it may be a kind of person', async () => {
    const { source } = await open(
      [
        {
          id: group(1),
          'members@delta': [
            member(user(1), 'agentUser'),
            member(user(2), 'printer'),
            { ...member(user(3)), '@odata.type': 7 },
          ],
        },
      ],
      (url) => {
        if (url.startsWith('/directoryObjects/'))
          return {
            status: 200,
            body: { '@odata.type': url.includes(user(3)) ? '#microsoft.graph.user' : '#microsoft.graph.new' },
          };
        return { status: url === `/users/${user(1)}?$select=id` ? 200 : 404, body: { id: 'x' } };
      },
    );
    const page = await source.groupsPage({ groupIds: [group(1)] })();
    expect(page).toMatchObject(
      E.right({ items: [{ members: [{ kind: 'user' }, { kind: 'other' }, { kind: 'user' }] }] }),
    );
  });

  it('tells people and groups by where they are found where directory objects may not be read', async () => {
    const { kinds } = await kindsOf((url) => {
      if (url.startsWith('/directoryObjects/'))
        return { status: 403, body: { error: { code: 'Authorization_RequestDenied' } } };
      const found = url.startsWith('/users/') ? url.includes(user(1)) || url.includes(user(3)) : url.includes(group(2));
      return { status: found ? 200 : 404, body: { id: 'x' } };
    });
    expect(kinds).toEqual(['user', 'group', 'user', 'other']);
  });

  it('fails the page where a type may not be read at all', async () => {
    const { outcome } = await kindsOf(() => ({
      status: 403,
      body: { error: { code: 'Authorization_RequestDenied' } },
    }));
    expect(outcome).toMatchObject(E.left({ _tag: 'GraphForbidden', code: 'Authorization_RequestDenied' }));
    const down = await kindsOf(() => ({ status: 503 }));
    expect(down.outcome).toMatchObject(E.left({ _tag: 'GraphUnreachable' }));
  });
});
