import type { UserObservation } from '@learnamp/directory-sync-domain';
import * as E from 'fp-ts/lib/Either.js';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { user } from '../testing/ids.js';
import { by, closeAll, openScripted } from '../testing/scripted-graph.js';
import type { Reply } from '../testing/scripted-server.js';
import { selectAttributes } from '../selected-attributes.js';
import { decodeUser } from './user-item.js';

afterEach(closeAll);

const page = (value: ReadonlyArray<unknown>, more: object = {}) => ({
  '@odata.context': 'https://graph.microsoft.com/v1.0/$metadata#users',
  ...more,
  value,
});

/** Reads one page whose items are these, by a delta link. */
const readItems = async (
  value: ReadonlyArray<unknown>,
  full?: boolean,
  customAttributes: ReadonlyArray<string> = [],
) => {
  const { source, baseUrl } = await openScripted(
    ({ headers }) => ({
      json: page(value, { '@odata.deltaLink': `http://${headers.host!}/v1.0/users/delta?$deltatoken=n` }),
    }),
    { customAttributes },
  );
  return source.usersPage(by(`${baseUrl}/users/delta?$deltatoken=o`), { full })();
};

const itemsOf = async (...args: Parameters<typeof readItems>): Promise<ReadonlyArray<UserObservation>> => {
  const outcome = await readItems(...args);
  if (E.isLeft(outcome)) throw new Error(JSON.stringify(outcome.left));
  return outcome.right.items;
};

const adele = { id: user(1), userPrincipalName: 'AdeleV@contoso.example', displayName: 'Adele Vance' };

describe('a page of users/delta', () => {
  it('keeps null, absent and blank apart', async () => {
    const [observed] = await itemsOf([{ ...adele, jobTitle: null, department: '  ', officeLocation: '18/2111 ' }]);
    expect(observed).toEqual({
      _tag: 'UserObserved',
      userId: user(1),
      attributes: {
        userPrincipalName: 'AdeleV@contoso.example',
        displayName: 'Adele Vance',
        jobTitle: null,
        department: null,
        officeLocation: '18/2111 ',
      },
      manager: { _tag: 'NotMentioned' },
      complete: false,
    });
  });

  it('reads the smallest date as none: that is how directories write it', async () => {
    const dates = ['0001-01-01T00:00:00Z', '0001-01-01', '0001-01-02T00:00:00Z'];
    const items = await itemsOf(dates.map((employeeHireDate) => ({ ...adele, employeeHireDate })));
    const read = items.map((item) => item._tag === 'UserObserved' && item.attributes['employeeHireDate']);
    expect(read).toEqual([null, null, '0001-01-02T00:00:00Z']);
  });

  it('calls an entry complete only in a full reading and only with its principal name', async () => {
    const entries = [adele, { id: user(2), displayName: 'Only A Name' }];
    const completeness = async (full: boolean) =>
      (await itemsOf(entries, full)).map((item) => item._tag === 'UserObserved' && item.complete);
    expect(await completeness(true)).toEqual([true, false]);
    expect(await completeness(false)).toEqual([false, false]);
  });

  it('reads removals in every form, in the first page too, and takes the unclear for restorable', async () => {
    const removed = [
      { id: user(1), '@removed': { reason: 'changed' } },
      { id: user(2), '@removed': { reason: 'deleted' } },
      { id: user(3), '@removed': 'deleted' },
      { id: user(4), '@removed': {} },
      { id: user(5), '@removed': { reason: 'something new' }, displayName: 'Left Behind' },
    ];
    expect((await itemsOf(removed, true)).map((item) => item._tag === 'UserRemoved' && item.reason)).toEqual([
      'soft',
      'permanent',
      'permanent',
      'soft',
      'soft',
    ]);
  });

  it('reads the manager from its entries, the last word on each id', async () => {
    const ref = (n: number, gone = false) => ({
      '@odata.type': '#microsoft.graph.user',
      id: user(n),
      ...(gone ? { '@removed': { reason: 'deleted' } } : {}),
    });
    const managers = [
      [ref(8)],
      [ref(8, true), ref(9)],
      [ref(9), ref(8, true)],
      [ref(8, true)],
      [ref(8), ref(8, true)],
      [],
    ];
    const items = await itemsOf(managers.map((entries) => ({ ...adele, 'manager@delta': entries })));
    expect(items.map((item) => (item._tag === 'UserObserved' ? item.manager : undefined))).toEqual([
      { _tag: 'Entries', assigned: user(8), removed: [] },
      { _tag: 'Entries', assigned: user(9), removed: [user(8)] },
      { _tag: 'Entries', assigned: user(9), removed: [user(8)] },
      { _tag: 'Entries', assigned: undefined, removed: [user(8)] },
      { _tag: 'Entries', assigned: undefined, removed: [user(8)] },
      { _tag: 'NotMentioned' },
    ]);
  });

  it('reads custom attributes by path, of any plain kind', async () => {
    const [observed] = await itemsOf(
      [
        {
          ...adele,
          employeeId: 42,
          onPremisesSyncEnabled: false,
          businessPhones: ['+1', ' ', '+2'],
          otherMails: [],
          onPremisesExtensionAttributes: { extensionAttribute1: 'Blue', extensionAttribute3: null },
          employeeOrgData: null,
        },
      ],
      false,
      [
        ...['employeeId', 'onPremisesSyncEnabled', 'businessPhones', 'otherMails', 'city', 'employeeOrgData.division'],
        ...[1, 2, 3].map((n) => `onPremisesExtensionAttributes.extensionAttribute${String(n)}`),
      ],
    );
    expect(observed).toMatchObject({
      attributes: {
        employeeId: '42',
        onPremisesSyncEnabled: 'false',
        businessPhones: '+1, +2',
        otherMails: null,
        'onPremisesExtensionAttributes.extensionAttribute1': 'Blue',
        'onPremisesExtensionAttributes.extensionAttribute3': null,
        'employeeOrgData.division': null,
      },
    });
    const { attributes } = observed as Extract<UserObservation, { _tag: 'UserObserved' }>;
    expect(attributes).not.toHaveProperty('city');
    expect(Object.keys(attributes)).not.toContain('onPremisesExtensionAttributes.extensionAttribute2');
  });

  it('keeps the order and every repetition of an id', async () => {
    const items = await itemsOf([adele, { ...adele, id: user(2) }, { ...adele, displayName: 'Again' }]);
    expect(items.map(({ userId }) => userId)).toEqual([user(1), user(2), user(1)]);
  });

  it.each<[string, unknown, RegExp]>([
    ['an attribute of another kind', { jobTitle: { secret: 'x' } }, /"jobTitle"/],
    ['a state that is no boolean', { accountEnabled: 'yes' }, /"accountEnabled"/],
    ['a manager without an id', { 'manager@delta': [{ secret: 1 }] }, /"manager@delta\.id"/],
    ['a manager that is no list', { 'manager@delta': { id: user(2) } }, /"manager@delta"/],
    ['a removal of another kind', { '@removed': 7 }, /"@removed"/],
  ])(
    'with %s is left out by id; a page of nothing else is not used, and names the field alone',
    async (_what, bad, field) => {
      const entry = { ...adele, ...(bad as object), id: user(2) };
      const outcome = await readItems([adele, entry, adele]);
      expect(outcome).toMatchObject(
        E.right({ items: [{ userId: user(1) }, { userId: user(1) }], unreadable: [user(2)] }),
      );
      expect(await readItems([entry])).toMatchObject(E.right({ items: [], unreadable: [user(2)] }));
      const all = await readItems([entry, { ...entry, id: user(3) }]);
      expect(all).toMatchObject(E.left({ _tag: 'GraphProtocol', detail: expect.stringMatching(field) as unknown }));
      const many = Array.from({ length: 21 }, () => entry);
      expect(await readItems([...many, ...Array.from({ length: 100 }, () => adele)])).toMatchObject(
        E.left({ _tag: 'GraphProtocol' }),
      );
      expect(JSON.stringify([outcome, all])).not.toMatch(/secret/i);
    },
  );

  it.each<[string, unknown, RegExp]>([
    ['an id that is no GUID', { ...adele, id: 'Adele Secret' }, /item 1: "id"/],
    ['no id', { displayName: 'x' }, /item 1: "id"/],
    ['a text in place of an item', 'secret', /item 1 is not an object/],
    ['null in place of an item', null, /item 1 is not an object/],
  ])('aborts whole at %s, naming the field and never its content', async (_what, bad, message) => {
    const outcome = await readItems([adele, bad, adele]);
    expect(outcome).toMatchObject(E.left({ _tag: 'GraphProtocol', detail: expect.stringMatching(message) as unknown }));
    expect(JSON.stringify(outcome)).not.toMatch(/secret/i);
  });

  it('is a lost permission when nobody on it has a principal name, and says nothing of one who has none', async () => {
    const bare = (n: number) => ({ id: user(n), userPrincipalName: null, displayName: null, jobTitle: null });
    const forbidden = E.left({ _tag: 'GraphForbidden', code: 'limited-information' });
    expect(await readItems([bare(1), bare(2)])).toMatchObject(forbidden);
    expect(await readItems([{ id: user(1) }, { id: user(2) }], true)).toMatchObject(forbidden);
    expect(await readItems([{ id: user(1), '@removed': { reason: 'changed' } }], true)).toMatchObject(E.right({}));
    const [, observed] = await itemsOf([adele, { ...bare(2), accountEnabled: null }]);
    expect(observed).toEqual({
      _tag: 'UserObserved',
      userId: user(2),
      attributes: {},
      manager: { _tag: 'NotMentioned' },
      complete: false,
    });
  });

  it('takes an entry that only speaks of a manager for what it is', async () => {
    const outcome = await readItems([{ id: user(1), 'manager@delta': [{ id: user(9) }] }], false);
    expect(outcome).toMatchObject(E.right({ items: [{ manager: { assigned: user(9) } }] }));
  });

  it('never turns a missing key into an emptied attribute, whichever keys are missing', () => {
    const whole = { ...adele, jobTitle: 'Manager', department: null, mail: 'a@b.example', accountEnabled: true };
    const selection = selectAttributes([]);
    const read = decodeUser(selection, 'incremental');
    const full = read(whole);
    fc.assert(
      fc.property(fc.subarray(Object.keys(whole).filter((key) => key !== 'id')), (dropped) => {
        const entries = Object.entries(whole).filter(([key]) => !dropped.includes(key));
        const partial = read(Object.fromEntries(entries));
        if (E.isLeft(partial) || E.isLeft(full)) throw new Error('does not decode');
        const said = partial.right.observation;
        const known = full.right.observation;
        if (said._tag !== 'UserObserved' || known._tag !== 'UserObserved') throw new Error('removed');
        for (const key of dropped) expect(said.attributes).not.toHaveProperty([key]);
        for (const [key, value] of Object.entries(said.attributes)) expect(value).toBe(known.attributes[key]);
      }),
    );
  });
});

describe('the links of a page', () => {
  it('go over the wire byte for byte', async () => {
    const { source, server, baseUrl } = await openScripted(({ headers }) => ({
      json: page([], { '@odata.nextLink': `http://${headers.host!}/v1.0/users/delta?$skiptoken=z` }),
    }));
    for (const query of [
      '$skiptoken=a%2Bb+c%3d$d~e!f*(g)',
      '$deltaToken=A_b-C.d%2F&$select=id&$select=manager&$top=1&$orderby=x&$deltatoken=%20',
      '$select=a,b&$skipToken=%E2%82%AC%zz&flag&=&&x==',
      '$skiptoken=https://graph.microsoft.com/v1.0/me?x',
      '',
    ]) {
      for (const path of ['users/delta', 'users/delta()', 'users/microsoft.graph.delta()', 'Users/delta']) {
        await source.usersPage(by(`${baseUrl}/${path}?${query}`))();
        expect(server.asked.at(-1)!.url).toBe(`/v1.0/${path}?${query}`);
        expect(server.asked.at(-1)!.headers.authorization).toBe('Bearer fixed-token');
      }
    }
  });

  const outcomeOf = async (reply: (base: string) => Reply) => {
    const { source, baseUrl } = await openScripted(({ headers }) => reply(`http://${headers.host!}/v1.0`), {
      patienceMs: 1_000,
    });
    const outcome = await source.usersPage(by(`${baseUrl}/users/delta?$skiptoken=s`))();
    return E.isLeft(outcome) ? outcome.left._tag : `page:${outcome.right.link.kind}`;
  };

  it('may follow an empty list', async () => {
    expect(
      await outcomeOf((base) => ({ json: page([], { '@odata.nextLink': `${base}/users/delta?$skiptoken=2` }) })),
    ).toBe('page:next');
    expect(
      await outcomeOf((base) => ({ json: page([], { '@odata.deltaLink': `${base}/users/delta?$deltatoken=2` }) })),
    ).toBe('page:delta');
  });

  it.each<[string, (base: string) => Reply, string]>([
    ['no link at all', () => ({ json: page([]) }), 'GraphProtocol'],
    ['a link that is null', () => ({ json: page([], { '@odata.nextLink': null }) }), 'GraphProtocol'],
    ['an empty link', () => ({ json: page([], { '@odata.nextLink': '' }) }), 'GraphProtocol'],
    ['a link that is an object', () => ({ json: page([], { '@odata.nextLink': {} }) }), 'GraphProtocol'],
    [
      'both links',
      (base) => ({
        json: page([], { '@odata.nextLink': `${base}/users/delta?a`, '@odata.deltaLink': `${base}/users/delta?b` }),
      }),
      'GraphProtocol',
    ],
    ['no list', (base) => ({ json: { '@odata.deltaLink': `${base}/users/delta?b` } }), 'GraphProtocol'],
    [
      'a list that is an object',
      (base) => ({ json: { value: {}, '@odata.deltaLink': `${base}/users/delta?b` } }),
      'GraphProtocol',
    ],
    ['nothing', () => ({ json: {} }), 'GraphProtocol'],
    ['a bare list', () => ({ json: [] }), 'GraphProtocol'],
    ['null', () => ({ text: 'null' }), 'GraphProtocol'],
    ['an error under 200', () => ({ json: { error: { code: 'generalException', message: 'x' } } }), 'GraphProtocol'],
    [
      'a next link to itself',
      (base) => ({ json: page([], { '@odata.nextLink': `${base}/users/delta?$skiptoken=s` }) }),
      'GraphProtocol',
    ],
    ['truncated JSON', () => ({ text: '{"value":[{"id":"' }), 'GraphUnreachable'],
    ['HTML', () => ({ text: '<html></html>' }), 'GraphUnreachable'],
    ['403', () => ({ status: 403, json: { error: { code: 'Authorization_RequestDenied' } } }), 'GraphForbidden'],
    [
      '403 with a resync code',
      () => ({ status: 403, json: { error: { code: 'syncStateNotFound' } } }),
      'GraphForbidden',
    ],
    ['404', () => ({ status: 404, json: { error: { code: 'Request_ResourceNotFound' } } }), 'PageExpired'],
    ['501', () => ({ status: 501, json: { error: { code: 'NotImplemented' } } }), 'GraphProtocol'],
    ['402', () => ({ status: 402, text: '' }), 'GraphProtocol'],
    ['410', () => ({ status: 410, text: '' }), 'ResyncRequired'],
    [
      '404 syncStateNotFound',
      () => ({ status: 404, json: { error: { code: 'SyncStateNotFound' } } }),
      'ResyncRequired',
    ],
    ['200 syncStateNotFound', () => ({ json: { error: { code: 'syncStateNotFound' } } }), 'ResyncRequired'],
    ['400 of a page token', () => ({ status: 400, json: { error: { code: 'BadRequest' } } }), 'PageExpired'],
    ['400 without a body', () => ({ status: 400, text: '' }), 'PageExpired'],
  ])('%s: %#', async (_what, reply, expected) => {
    expect(await outcomeOf(reply)).toBe(expected);
  });

  it.each([
    'syncStateNotFound',
    'SyncStateNotFound',
    'syncStateInvalid',
    'resyncRequired',
    'resyncApplyDifferences',
    'RESYNCUPLOADDIFFERENCES',
  ])('%s asks for a reading from the beginning, at any depth of the error', async (code) => {
    for (const error of [
      { code },
      { code: 'BadRequest', innerError: { code } },
      { code: 'BadRequest', innererror: { code: 'x', innerError: { code, 'request-id': 'r' } } },
    ]) {
      const { source, baseUrl } = await openScripted(() => ({ status: 400, json: { error } }));
      expect(await source.usersPage(by(`${baseUrl}/users/delta?$deltatoken=d`))()).toEqual(
        E.left({ _tag: 'ResyncRequired', reason: code }),
      );
    }
  });

  it.each([400, 404, 405, 406, 409])(
    'a delta link that is refused with %d, whatever the code, is left for a reading from the beginning (FC-23)',
    async (status) => {
      const { source, baseUrl } = await openScripted(() => ({ status, json: { error: { code: 'itemNotFound' } } }));
      expect(await source.usersPage(by(`${baseUrl}/users/delta?$deltatoken=d`))()).toEqual(
        E.left({ _tag: 'ResyncRequired', reason: 'itemNotFound' }),
      );
      // Of our own query it is an answer, and no reason to ask it again.
      expect(await source.usersPage('beginning')()).toMatchObject(
        E.left({ _tag: status === 404 ? 'GraphNotFound' : 'GraphProtocol' }),
      );
    },
  );

  it.each([401, 402, 403])('%d says something about us, and nothing about the link', async (status) => {
    const { source, baseUrl } = await openScripted(() => ({ status, json: { error: { code: 'itemNotFound' } } }));
    const page = await source.usersPage(by(`${baseUrl}/users/delta?$deltatoken=d`))();
    expect(E.isLeft(page) && page.left._tag).not.toMatch(/Resync|Expired/);
  });

  it('tells an aged page token from a refused delta token, and both from a refused query, whose attribute it names', async () => {
    const refuse = (code: string) =>
      openScripted(() => ({
        status: 400,
        json: { error: { code, message: "Could not find a property named 'jobTitle', says 'Adele Vance'" } },
      }));
    const aged = await refuse('Directory_ExpiredPageToken');
    expect(await aged.source.usersPage(by(`${aged.baseUrl}/users/delta?$skiptoken=x`))()).toEqual(
      E.left({ _tag: 'PageExpired', code: 'Directory_ExpiredPageToken' }),
    );
    const malformed = await refuse('Request_BadRequest');
    expect(await malformed.source.usersPage(by(`${malformed.baseUrl}/users/delta?$deltatoken=x`))()).toEqual(
      E.left({ _tag: 'ResyncRequired', reason: 'Request_BadRequest' }),
    );
    expect(await malformed.source.usersPage('beginning')()).toMatchObject(
      E.left({
        _tag: 'GraphProtocol',
        detail:
          'users/delta was refused (400 Request_BadRequest): Microsoft Graph does not take the attribute "jobTitle"',
      }),
    );
  });

  it('are known from the start: latest asks for a link without data', async () => {
    const { source, server, baseUrl } = await openScripted(({ headers }) => ({
      json: { '@odata.deltaLink': `http://${headers.host!}/v1.0/users/delta?$deltatoken=now` },
    }));
    expect(await source.latestUsers()()).toMatchObject(
      E.right({ items: [], link: { kind: 'delta', url: `${baseUrl}/users/delta?$deltatoken=now` } }),
    );
    expect(server.asked[0]!.url).toMatch(
      /^\/v1\.0\/users\/delta\?\$deltatoken=latest&\$select=id,displayName,.*,manager$/,
    );
  });
});
