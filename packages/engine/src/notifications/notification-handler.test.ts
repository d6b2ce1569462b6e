import { makeMemoryInbox } from '@learnamp/directory-sync-event-sourcing';
import { describe, expect, it } from 'vitest';
import type { Logger } from '../directory-sync.js';
import {
  bodyOf,
  contoso,
  fabrikam,
  groupChanged,
  makeTestHandler,
  subscriptions,
  userChanged,
} from './testing/made-notifications.js';

const receivedAt = '2026-03-04T05:06:07.890Z';
const without = (item: Readonly<Record<string, unknown>>, ...names: ReadonlyArray<string>) =>
  Object.fromEntries(Object.entries(item).filter(([name]) => !names.includes(name)));

const answerOf = async (response: Response): Promise<readonly [number, string]> => [
  response.status,
  await response.text(),
];
const ACCEPTED = [202, ''] as const;

describe('a genuine notification', () => {
  it('is marked, then the host is told, then Graph is answered 202 without a body', async () => {
    const order: string[] = [];
    const inner = makeMemoryInbox();
    const test = makeTestHandler({
      inbox: {
        ...inner,
        mark: async (marks) => {
          await new Promise(setImmediate);
          await inner.mark(marks);
          order.push('durable');
        },
      },
      onMarked: (tenantId) => order.push(tenantId),
    });
    const answer = test.post(bodyOf(userChanged())).then(async (response) => {
      order.push('answered');
      return answerOf(response);
    });
    expect(await answer).toEqual(ACCEPTED);
    expect(order).toEqual(['durable', contoso, 'answered']);
    expect(test.marks).toEqual([[{ tenantId: contoso, resource: 'users', receivedAt, count: 1 }]]);
  });

  it('is taken as it was seen in the field', async () => {
    const samples = [
      // A number above 2^53, an offset, seven digits of a second.
      `{"value":[{"changeType":"updated","clientState":"contoso-users","resource":"Users/72b08237-30f1-4fbe-be57-1df593448f7a","resourceData":{"@odata.type":"#Microsoft.Graph.User","@odata.id":"Users/72b08237-30f1-4fbe-be57-1df593448f7a","id":"72b08237-30f1-4fbe-be57-1df593448f7a","organizationId":"${contoso}","sequenceNumber":638059995676961300},"subscriptionExpirationDateTime":"2022-12-10T10:23:45.9356913-08:00","subscriptionId":"${subscriptions.contosoUsers.subscriptionId}","tenantId":"${contoso}"}]}`,
      bodyOf(groupChanged()),
      // Deleted, and told as updated, by a resource of another spelling.
      bodyOf(groupChanged({ resource: '/groups/0bc7d487-fd6f-41a0-8362-71ec81074f11', changeType: 'deleted' })),
      bodyOf(userChanged({ resource: 'users' })),
      bodyOf(userChanged({ resource: undefined })),
      bodyOf(userChanged({ resource: '', resourceData: { '@odata.type': '#microsoft.graph.user' } })),
      bodyOf(userChanged({ tenantId: contoso.toUpperCase() })),
      bodyOf(userChanged({ tenantId: null, organizationId: contoso })),
      bodyOf(userChanged({ subscriptionId: subscriptions.contosoUsers.subscriptionId.toUpperCase() })),
      bodyOf(userChanged({ resourceData: null })),
      bodyOf(userChanged({ id: 'x', encryptedContent: null, lifecycleEvent: null, extra: { deep: [[[]]] } })),
      JSON.stringify({ value: [userChanged()], validationTokens: ['eyJ0.eyJ0.x', 'y'] }),
      `\ufeff ${JSON.stringify({ value: [userChanged()] }, undefined, 2)}\r\n`,
    ];
    for (const sample of samples) {
      const test = makeTestHandler();
      expect([sample, await answerOf(await test.post(sample))]).toEqual([sample, ACCEPTED]);
      expect([sample, test.handler.counters().marked]).toEqual([sample, 1]);
      expect(test.marks[0]?.[0]?.resource).toBe(/groups/i.test(sample) ? 'groups' : 'users');
    }
  });

  it('is counted with the others of its tenant and resource, in one call to the inbox for all of a batch', async () => {
    const test = makeTestHandler();
    const fabrikams = userChanged({
      clientState: 'fabrikam-users',
      subscriptionId: subscriptions.fabrikamUsers.subscriptionId,
      tenantId: fabrikam,
    });
    const forged = userChanged({ clientState: 'guessed' });
    await test.post(bodyOf(userChanged(), fabrikams, groupChanged(), forged, userChanged(), null, fabrikams, 7, []));
    expect(test.marks).toEqual([
      [
        { tenantId: contoso, resource: 'users', receivedAt, count: 2 },
        { tenantId: fabrikam, resource: 'users', receivedAt, count: 2 },
        { tenantId: contoso, resource: 'groups', receivedAt, count: 1 },
      ],
    ]);
    expect(test.told).toEqual([`marked ${contoso}`, `marked ${fabrikam}`]);
    expect(test.handler.counters()).toMatchObject({
      received: 9,
      marked: 5,
      forged: 1,
      rejected: { malformed: 3, clientState: 1 },
    });
  });

  it('may carry the old or the new secret while one replaces the other', async () => {
    const test = makeTestHandler();
    await test.post(
      bodyOf(userChanged({ clientState: 'contoso-users' }), userChanged({ clientState: 'contoso-next' })),
    );
    expect(test.handler.counters().marked).toBe(2);
  });

  it('leaves nothing of its body in the mark but the tenant and resource that were known before', async () => {
    const test = makeTestHandler();
    await test.post(bodyOf(userChanged({ tenantId: contoso.toUpperCase(), resource: 'USERS/x' })));
    expect(test.marks).toEqual([[{ tenantId: contoso, resource: 'users', receivedAt, count: 1 }]]);
  });
});

describe('what is not genuine', () => {
  const forgeries: ReadonlyArray<readonly [string, Readonly<Record<string, unknown>>, string]> = [
    ['an unknown subscription', { subscriptionId: '11111111-1111-4111-8111-111111111111' }, 'unknownSubscription'],
    ['a subscription named like a property', { subscriptionId: '__proto__' }, 'unknownSubscription'],
    ['a wrong secret', { clientState: 'contoso-user' }, 'clientState'],
    ['the secret in other letters', { clientState: 'CONTOSO-USERS' }, 'clientState'],
    ['the secret of another subscription', { clientState: 'contoso-groups' }, 'clientState'],
    ['no secret', { clientState: undefined }, 'clientState'],
    ['null for a secret', { clientState: null }, 'clientState'],
    ['an empty secret', { clientState: '' }, 'clientState'],
    ['a list for a secret', { clientState: ['contoso-users'] }, 'clientState'],
    ['a secret without end', { clientState: 'x'.repeat(100_000) }, 'clientState'],
    ['another tenant', { tenantId: fabrikam }, 'tenant'],
    ['another tenant beside the true one', { tenantId: fabrikam, organizationId: contoso }, 'tenant'],
    ['no tenant', { tenantId: undefined }, 'tenant'],
    ['a number for a tenant', { tenantId: 7 }, 'tenant'],
    ['another resource', { resource: 'Groups/0bc7d487-fd6f-41a0-8362-71ec81074f11' }, 'resource'],
    ['a resource that begins alike', { resource: 'usersettings/1' }, 'resource'],
    ['a resource in front of it', { resource: 'me/users/1' }, 'resource'],
    ['no resource at all', { resource: undefined, resourceData: undefined }, 'resource'],
    ['another type without a resource', { resource: undefined, resourceData: { '@odata.type': '#x' } }, 'resource'],
  ];

  it.each(forgeries)(
    'such as %s is answered like everything else, and leaves no mark',
    async (_name, change, reason) => {
      const test = makeTestHandler();
      const response = await test.post(bodyOf(userChanged(change)));
      const genuine = await test.post(bodyOf(userChanged()));
      expect(await answerOf(response)).toEqual(ACCEPTED);
      expect([...response.headers]).toEqual([...genuine.headers]);
      expect(test.marks).toHaveLength(1);
      expect(test.handler.counters()).toMatchObject({ received: 2, marked: 1, forged: 1, rejected: { [reason]: 1 } });
    },
  );

  it('is looked up once more in lower case only, and no further', async () => {
    const test = makeTestHandler();
    await test.post(bodyOf(userChanged({ subscriptionId: 'ABC' })));
    expect(test.lookups).toEqual(['ABC', 'abc']);
  });

  it('is malformed where it names no subscription or no change, and is accepted all the same', async () => {
    const test = makeTestHandler();
    const items = [
      without(userChanged(), 'subscriptionId'),
      userChanged({ subscriptionId: 7 }),
      userChanged({ subscriptionId: '' }),
      without(userChanged(), 'changeType'),
      userChanged({ changeType: ['updated'] }),
      'text',
      true,
      null,
      [userChanged()],
      {},
      JSON.parse(
        '{"__proto__":{"subscriptionId":"f43589a8-2107-4c5d-9c24-eea6301f162b","changeType":"updated"}}',
      ) as unknown,
    ];
    expect(await answerOf(await test.post(bodyOf(...items)))).toEqual(ACCEPTED);
    expect(test.handler.counters()).toMatchObject({ received: 11, forged: 0, rejected: { malformed: 11 } });
    expect(test.marks).toEqual([]);
  });

  it('is told to the log once a minute, in counts', async () => {
    const lines: unknown[] = [];
    const silent = (): void => undefined;
    const logger: Logger = { debug: silent, info: silent, warn: (facts, message) => lines.push([message, facts]) };
    let at = 0;
    const test = makeTestHandler({ logger, now: () => new Date(at) });
    for (let n = 0; n < 50; n += 1) await test.post(bodyOf(userChanged({ clientState: `secret-${n}` })));
    expect(lines).toHaveLength(1);
    at += 60_000;
    await test.post(bodyOf(userChanged({ clientState: 'secret-last' })));
    expect(lines).toMatchObject([
      [expect.stringContaining('do not come from'), { forged: 1 }],
      [expect.stringContaining('do not come from'), { forged: 51 }],
    ]);
    expect(JSON.stringify(lines)).not.toMatch(/secret|users|72b0|f435/i);
  });
});

describe('a lifecycle notification', () => {
  const lifecycle = (more: Readonly<Record<string, unknown>> = {}) => ({
    subscriptionId: subscriptions.contosoUsers.subscriptionId,
    subscriptionExpirationDateTime: '2019-03-20T11:00:00.0000000Z',
    tenantId: contoso,
    clientState: 'contoso-users',
    lifecycleEvent: 'reauthorizationRequired',
    ...more,
  });
  const required = `reauthorizationRequired ${contoso} ${subscriptions.contosoUsers.subscriptionId}`;

  it('asks for a new authorisation, once a request, and marks nothing', async () => {
    const test = makeTestHandler();
    const observed = without(
      lifecycle({ resource: '', organizationId: contoso, sequence: null, resourceData: {} }),
      'tenantId',
    );
    expect(
      await answerOf(
        await test.post(bodyOf(lifecycle(), observed, lifecycle({ lifecycleEvent: 'REAUTHORIZATIONREQUIRED' }))),
      ),
    ).toEqual(ACCEPTED);
    expect(test.told).toEqual([required]);
    expect(test.marks).toEqual([]);
    expect(test.handler.counters()).toMatchObject({ received: 3, reauthorizations: 3, marked: 0 });
  });

  it('travels with changes', async () => {
    const test = makeTestHandler();
    await test.post(bodyOf(groupChanged(), lifecycle(), userChanged()));
    expect(test.told).toEqual([`marked ${contoso}`, required]);
    expect(test.handler.counters()).toMatchObject({ received: 3, reauthorizations: 1, marked: 2 });
  });

  it('is forged like any other', async () => {
    const test = makeTestHandler();
    const wrong = [
      lifecycle({ clientState: 'guessed' }),
      lifecycle({ tenantId: fabrikam }),
      lifecycle({ subscriptionId: 'unknown' }),
      lifecycle({ resource: 'Groups/1' }),
    ];
    expect(await answerOf(await test.post(bodyOf(...wrong)))).toEqual(ACCEPTED);
    expect(test.told).toEqual([]);
    expect(test.handler.counters()).toMatchObject({ received: 4, forged: 4, reauthorizations: 0 });
  });

  it('of a kind that says something was not told is taken for a change', async () => {
    const test = makeTestHandler();
    await test.post(
      bodyOf(lifecycle({ lifecycleEvent: 'missed' }), lifecycle({ lifecycleEvent: 'subscriptionRemoved' })),
    );
    expect(test.marks).toEqual([[{ tenantId: contoso, resource: 'users', receivedAt, count: 2 }]]);
  });

  it('of an unknown kind is ignored with the same answer', async () => {
    const test = makeTestHandler();
    expect(await answerOf(await test.post(bodyOf(lifecycle({ lifecycleEvent: 'somethingNew' }))))).toEqual(ACCEPTED);
    expect([test.told, test.marks]).toEqual([[], []]);
    expect(test.handler.counters()).toMatchObject({ received: 1, ignored: 1, forged: 0 });
  });
});

describe('a body that is no notification', () => {
  it.each([
    ['nothing', ''],
    ['white space', ' \n'],
    ['text', 'hello'],
    ['half of one', bodyOf(userChanged()).slice(0, -1)],
    ['two', bodyOf(userChanged()).repeat(2)],
    ['a list', '[]'],
    ['null', 'null'],
    ['a number', '1e999'],
    ['an object without a value', '{}'],
    ['an object whose value is an object', '{"value":{}}'],
    ['an object whose value is text', '{"value":"users"}'],
    ['a value that is inherited', '{"__proto__":{"value":[]}}'],
    ['a form', 'value=1'],
    ['XML', '<?xml version="1.0"?><value/>'],
    ['nesting that is too deep', `{"value":${'['.repeat(40)}${']'.repeat(40)}}`],
    ['nesting without end', '['.repeat(500_000)],
    ['nesting of objects without end', '{"value":[{"a":'.repeat(50_000)],
  ])('is answered 400: %s', async (_name, body) => {
    const test = makeTestHandler();
    const response = await test.post(body);
    expect(await answerOf(response)).toEqual([400, '']);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(test.handler.counters()).toMatchObject({ received: 0, refused: { noNotification: 1 } });
  });

  it('is answered 400 where it is no UTF-8', async () => {
    const test = makeTestHandler();
    const bytes = Uint8Array.from(Buffer.from(bodyOf(userChanged({ extra: '\u00ff' })), 'latin1'));
    expect((await test.post(bytes)).status).toBe(400);
    expect(test.marks).toEqual([]);
  });

  it('is one where the list is empty: that is a notification of nothing', async () => {
    expect(await answerOf(await makeTestHandler().post('{"value":[]}'))).toEqual(ACCEPTED);
  });
});

describe('a request that is not read', () => {
  const stream = (chunks: Iterable<Uint8Array>): { body: ReadableStream<Uint8Array>; pulled: () => number } => {
    const iterator = chunks[Symbol.iterator]();
    let pulled = 0;
    const body = new ReadableStream<Uint8Array>(
      {
        pull: (controller) => {
          const next = iterator.next();
          if (next.done === true) {
            controller.close();
            return;
          }
          pulled += next.value.length;
          controller.enqueue(next.value);
        },
      },
      { highWaterMark: 0 },
    );
    return { body, pulled: () => pulled };
  };
  const endless = function* (): Generator<Uint8Array> {
    for (;;) yield new Uint8Array(65_536).fill(0x20);
  };
  const streamed = (body: ReadableStream<Uint8Array>, headers: Readonly<Record<string, string>> = {}): Request =>
    new Request('https://host/', { method: 'POST', body, headers, duplex: 'half' });

  it('is 405 where it is no POST', async () => {
    const { handler } = makeTestHandler();
    for (const method of ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
      const response = await handler(new Request('https://host/', { method }));
      expect([method, response.status, response.headers.get('allow')]).toEqual([method, 405, 'POST']);
    }
  });

  it('is 415 where its body is compressed, and never unpacked', async () => {
    const test = makeTestHandler();
    for (const encoding of ['gzip', 'br', 'deflate', 'identity, gzip', 'x']) {
      expect((await test.post(bodyOf(userChanged()), { 'content-encoding': encoding })).status).toBe(415);
    }
    expect((await test.post(bodyOf(userChanged()), { 'content-encoding': 'Identity' })).status).toBe(202);
  });

  it('may be of any content type', async () => {
    const test = makeTestHandler();
    for (const type of ['application/json; charset=utf-8', 'text/plain', 'application/octet-stream']) {
      expect((await test.post(bodyOf(userChanged()), { 'content-type': type })).status).toBe(202);
    }
  });

  it('is 413 where its body says that it is too large, and nothing of it is read', async () => {
    const { handler } = makeTestHandler();
    const { body, pulled } = stream(endless());
    expect((await handler(streamed(body, { 'content-length': '1048577' }))).status).toBe(413);
    expect(pulled()).toBe(0);
  });

  it('is 413 where its body does not end, and is cut off there', async () => {
    const { handler } = makeTestHandler();
    const { body, pulled } = stream(endless());
    expect((await handler(streamed(body, { 'content-length': '10' }))).status).toBe(413);
    expect(pulled()).toBeLessThanOrEqual(1_048_576 + 2 * 65_536);
  });

  it('is 413 with more items, or more values, than Graph would ever send, though the bytes are few', async () => {
    const test = makeTestHandler();
    expect((await test.post(`{"value":[${'{},'.repeat(4_096)}{}]}`)).status).toBe(413);
    expect((await test.post(`{"value":[${'0,'.repeat(200_000)}0]}`)).status).toBe(413);
    expect((await test.post(`{"value":[${'{},'.repeat(4_095)}{}]}`)).status).toBe(202);
    expect(test.handler.counters()).toMatchObject({ received: 4_096, refused: { tooLarge: 2 } });
  });

  it('is 503 where unfinished bodies hold all the memory they may, until they are gone', async () => {
    const { handler } = makeTestHandler();
    const ends: (() => void)[] = [];
    const stuck = Array.from({ length: 68 }, () => {
      let sent = false;
      const body = new ReadableStream<Uint8Array>(
        {
          pull: async (controller) => {
            if (sent) await new Promise((_, reject) => ends.push(() => reject(new Error('gone'))));
            sent = true;
            controller.enqueue(new Uint8Array(1_000_000).fill(0x20));
          },
        },
        { highWaterMark: 0 },
      );
      return handler(streamed(body));
    });
    for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
    const late = makeRequest();
    expect((await handler(late)).status).toBe(503);
    ends.forEach((end) => end());
    const statuses = (await Promise.all(stuck)).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([400, 503]));
    expect((await handler(makeRequest())).status).toBe(202);
    expect(handler.counters().refused).toMatchObject({ crowded: expect.any(Number) as number });
  });
  const makeRequest = (): Request =>
    new Request('https://host/', { method: 'POST', body: `${bodyOf(userChanged())}${' '.repeat(800_000)}` });
});

describe('where the inbox cannot be written', () => {
  const broken = {
    mark: () => Promise.reject(new Error('disk full at /secret/path')),
    pending: () => Promise.resolve(undefined),
    clear: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };

  it('genuine notifications are answered 503, so that Graph sends them again, and nobody is told', async () => {
    const test = makeTestHandler({ inbox: broken });
    const response = await test.post(bodyOf(userChanged(), userChanged()));
    expect(await answerOf(response)).toEqual([503, '']);
    expect(test.told).toEqual([]);
    expect(test.handler.counters()).toMatchObject({ received: 2, marked: 0, refused: { notWritten: 1 } });
  });

  it('forged ones are answered 202 as ever: nothing was to be written', async () => {
    const test = makeTestHandler({ inbox: broken });
    expect((await test.post(bodyOf(userChanged({ clientState: 'guessed' })))).status).toBe(202);
  });
});

describe('a listener of the host that throws', () => {
  it('does not make Graph send again what is durable', async () => {
    const fail = (): never => {
      throw new Error('host');
    };
    const test = makeTestHandler({ onMarked: fail, onLifecycle: fail });
    const body = bodyOf(userChanged(), userChanged({ lifecycleEvent: 'reauthorizationRequired' }));
    expect((await test.post(body)).status).toBe(202);
    expect(test.marks).toHaveLength(1);
  });
});
