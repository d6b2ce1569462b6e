import * as E from 'fp-ts/lib/Either.js';
import { afterEach, describe, expect, it } from 'vitest';
import { group, user } from '../testing/ids.js';
import { closeAll, openScripted } from '../testing/scripted-graph.js';
import type { Reply } from '../testing/scripted-server.js';

afterEach(closeAll);

const answering = (reply: Reply) => openScripted(() => ({ headers: { 'request-id': 'r' }, ...reply }));

const notFound: Reply = { status: 404, json: { error: { code: 'Request_ResourceNotFound' } } };
const denied: Reply = {
  status: 403,
  json: { error: { code: 'Authorization_RequestDenied', message: 'no for ann@x.example' } },
};

describe('a person by address', () => {
  it('is searched for as principal name and as mail, and whatever stands in the address is one text', async () => {
    const { source, server } = await answering({ json: { value: [{ id: user(1).toUpperCase() }] } });
    const found = await source.lookups.usersByAddress(" d.o'day+a&b@x.example ")();
    expect(found).toEqual(E.right({ userIds: [user(1)], requestId: 'r' }));
    const [asked] = server.asked.map(({ url }) => new URL(url, 'http://graph.example'));
    expect(asked?.pathname).toBe('/v1.0/users');
    expect([...(asked?.searchParams ?? [])]).toEqual([
      ['$filter', "userPrincipalName eq 'd.o''day+a&b@x.example' or mail eq 'd.o''day+a&b@x.example'"],
      ['$select', 'id'],
    ]);
  });

  it('that nobody has is nobody, and a refusal names nobody either', async () => {
    const none = await answering({ json: { value: [] } });
    expect(await none.source.lookups.usersByAddress('ann@x.example')()).toMatchObject(E.right({ userIds: [] }));
    for (const reply of [denied, { status: 400, json: { error: { code: 'Bad', message: 'ann@x.example' } } }]) {
      const failed = await (await answering(reply)).source.lookups.usersByAddress('ann@x.example')();
      expect(E.isLeft(failed)).toBe(true);
      expect(JSON.stringify(failed)).not.toContain('ann');
    }
  });

  it('is not read out of an answer that is no list of objects', async () => {
    for (const json of [{}, { value: [{ id: 'ann@x.example' }] }, { value: 'x' }]) {
      const { source } = await answering({ json });
      expect(await source.lookups.usersByAddress('ann@x.example')()).toEqual(
        E.left({ _tag: 'GraphProtocol', detail: 'users is not a list of objects', requestId: 'r' }),
      );
    }
  });
});

describe('a deleted account', () => {
  it('is there, or is not, or cannot be asked for', async () => {
    const there = await answering({ json: { id: user(1) } });
    expect(await there.source.lookups.isDeleted(user(1))()).toEqual(E.right({ deleted: true, requestId: 'r' }));
    expect(there.server.asked.map(({ url }) => url)).toEqual([`/v1.0/directory/deletedItems/${user(1)}?$select=id`]);
    const gone = await answering(notFound);
    expect(await gone.source.lookups.isDeleted(user(1))()).toEqual(E.right({ deleted: false, requestId: 'r' }));
    expect(await (await answering(denied)).source.lookups.isDeleted(user(1))()).toMatchObject(
      E.left({ _tag: 'GraphForbidden' }),
    );
  });
});

describe('direct groups', () => {
  it('are ids of whatever lists the person', async () => {
    const { source, server } = await answering({ json: { value: [{ id: group(1) }, { id: group(2) }] } });
    expect(await source.lookups.directGroups(user(1))()).toEqual(
      E.right({ ids: [group(1), group(2)], requestId: 'r' }),
    );
    expect(server.asked.map(({ url }) => url)).toEqual([`/v1.0/users/${user(1)}/memberOf?$select=id&$top=999`]);
    expect(await (await answering(notFound)).source.lookups.directGroups(user(1))()).toMatchObject(
      E.left({ _tag: 'GraphNotFound' }),
    );
  });
});
