import * as E from 'fp-ts/lib/Either.js';
import { afterEach, describe, expect, it } from 'vitest';
import { closeAll, openScriptedTransport } from '../testing/scripted-graph.js';
import type { Script } from '../testing/scripted-server.js';
import { longestSubscriptionMs, openSubscriptionClient } from './subscription-client.js';

afterEach(closeAll);

const id = '7f105c7d-2dc5-4530-97cd-4e7ae6534c07';
const url = 'https://host.example/notifications';
const expiresAt = '2026-12-22T10:00:00.000Z';
const shown = {
  id,
  resource: 'Users',
  applicationId: '24d3b144-21ae-4080-943f-7067b395b913',
  changeType: 'updated,deleted',
  clientState: null,
  notificationUrl: url,
  expirationDateTime: '2026-12-22T02:00:00.1234567-08:00',
};
const read = {
  subscriptionId: id,
  resource: 'Users',
  changeType: 'updated,deleted',
  notificationUrl: url,
  expiresAt: '2026-12-22T10:00:00.123Z',
};
const input = {
  resource: '/users',
  notificationUrl: url,
  lifecycleNotificationUrl: url,
  clientState: 'secret',
  expiresAt,
} as const;

const open = async (script: Script) => {
  const opened = await openScriptedTransport(script);
  return { ...opened, client: openSubscriptionClient(opened.transport) };
};
const error =
  (status: number, code: string, message = '') =>
  () => ({
    status,
    headers: { 'request-id': 'req-7' },
    json: { error: { code, message } },
  });

describe('openSubscriptionClient', () => {
  it('creates with both URLs, the secret and the changes that are supported', async () => {
    const { client, server } = await open(() => ({ status: 201, json: { ...shown, clientState: 'secret' } }));
    expect(await client.create(input)()).toEqual(E.right(read));
    const [asked] = server.asked;
    expect(`${asked!.method} ${asked!.url}`).toBe('POST /v1.0/subscriptions');
    expect(JSON.parse(asked!.body)).toEqual({
      changeType: 'updated,deleted',
      resource: '/users',
      notificationUrl: url,
      lifecycleNotificationUrl: url,
      clientState: 'secret',
      expirationDateTime: expiresAt,
    });
  });

  const reason = (text: string): string => `Operation: Create; Exception: [Status Code: Forbidden; Reason: ${text}]`;
  it.each([
    [
      'FC-40: a full quota',
      'quota',
      error(403, 'ExtensionError', reason('Maximum number of subscriptions has been reached')),
    ],
    ['a missing permission', 'permission', error(403, 'ExtensionError', reason('Access denied.'))],
    ['a missing permission under 401', 'permission', error(401, 'ExtensionError')],
    [
      'FC-34: an endpoint that answers too late',
      'validation',
      error(400, 'InvalidRequest', 'Subscription validation request timed out.'),
    ],
    ['an endpoint that answers wrongly', 'validation', error(400, 'ValidationError', 'Must respond with 200 OK.')],
    ['one that exists already', 'duplicate', error(409, 'Conflict', 'Subscription Id <x> already exists')],
  ])('names %s as refused: %s', async (_what, named, script) => {
    const { client } = await open(script);
    const { code } = script().json.error;
    expect(await client.create(input)()).toMatchObject(E.left({ _tag: 'SubscriptionRefused', reason: named, code }));
  });

  it('a list that has no end is no list', async () => {
    const { client, server } = await open((asked) => ({
      json: { value: [], '@odata.nextLink': `http://${asked.headers.host!}/v1.0/subscriptions?$skiptoken=1` },
    }));
    expect(await client.list()()).toMatchObject(E.left({ _tag: 'GraphProtocol' }));
    expect(server.asked.length).toBeLessThan(200);
  });

  it('leaves any other refusal a failure of Graph', async () => {
    const { client } = await open(error(400, 'InvalidRequest', "Invalid 'changeType' attribute: 'created'."));
    expect(await client.create(input)()).toMatchObject(E.left({ _tag: 'GraphProtocol', requestId: 'req-7' }));
    const expired = await open(error(401, 'InvalidAuthenticationToken', ''));
    expect(await expired.client.create(input)()).toMatchObject(E.left({ _tag: 'GraphCredentials' }));
  });

  it('lists without any OData option, page by page, and never follows a link elsewhere', async () => {
    const { client, server, baseUrl } = await open((asked, nth) => ({
      json:
        nth === 1
          ? { value: [shown], '@odata.nextLink': `http://${asked.headers.host!}/v1.0/subscriptions?$skiptoken=2` }
          : { value: [{ ...shown, id: 'second' }] },
    }));
    expect(await client.list()()).toEqual(E.right([read, { ...read, subscriptionId: 'second' }]));
    expect(server.asked.map((asked) => asked.url)).toEqual(['/v1.0/subscriptions', '/v1.0/subscriptions?$skiptoken=2']);
    expect(baseUrl).toContain('127.0.0.1');
    const evil = await open(() => ({ json: { value: [], '@odata.nextLink': 'https://graph.example/v1.0/x' } }));
    expect(await evil.client.list()()).toEqual(E.left({ _tag: 'UnsafeLink', host: 'graph.example' }));
    expect(evil.server.asked).toHaveLength(1);
  });

  it.each([
    ['no list', { error: 'x' }],
    ['an entry without an id', { value: [shown, { ...shown, id: undefined }] }],
    ['an entry without a date', { value: [{ ...shown, expirationDateTime: 'soon' }] }],
  ])('takes %s for no list at all, since half a list would look like a loss', async (_what, json) => {
    const { client } = await open(() => ({ json }));
    expect(await client.list()()).toMatchObject(E.left({ _tag: 'GraphProtocol' }));
  });

  it.each([
    ['no address', { resource: 'communications/callRecords', notificationUrl: null }],
    ['no kind of change', { resource: '/me/events', changeType: undefined }],
    ['an end that is no time', { resource: 'teams/allMessages', expirationDateTime: 'never' }],
  ])('passes over a subscription of another use of the app with %s', async (_what, odd) => {
    const { client } = await open(() => ({ json: { value: [{ ...shown, ...odd }, shown] } }));
    expect(await client.list()()).toEqual(E.right([read]));
  });

  it.each(['/users', 'Groups', 'users/4ab0a5a5/photo', 7, null])(
    'takes a subscription to %s that is not as documented for no list at all',
    async (resource) => {
      const { client } = await open(() => ({
        json: { value: [{ ...shown, resource, notificationUrl: null }, shown] },
      }));
      expect(E.isLeft(await client.list()())).toBe(true);
    },
  );

  it('renews by the expiry alone', async () => {
    const { client, server } = await open(() => ({ json: { ...shown, expirationDateTime: expiresAt } }));
    expect(await client.renew(id, expiresAt)()).toMatchObject(E.right({ subscriptionId: id, expiresAt }));
    expect(server.asked.map(({ method, url: path, body }) => [method, path, body])).toEqual([
      ['PATCH', `/v1.0/subscriptions/${id}`, JSON.stringify({ expirationDateTime: expiresAt })],
    ]);
  });

  it('FC-34: tells a subscription that is gone from one that may not be renewed now', async () => {
    const gone = await open(error(404, 'ResourceNotFound', 'The object was not found.'));
    expect(await gone.client.renew(id, expiresAt)()).toEqual(E.right(undefined));
    const refused = await open(error(403, 'ExtensionError', ''));
    expect(await refused.client.renew(id, expiresAt)()).toMatchObject(E.left({ _tag: 'GraphForbidden' }));
  });

  it('removes, and is content where it was removed already', async () => {
    const { client, server } = await open((_asked, nth) => (nth === 1 ? { status: 204 } : { status: 404 }));
    expect(await client.remove(id)()).toEqual(E.right(undefined));
    expect(await client.remove(id)()).toEqual(E.right(undefined));
    expect(server.asked.map(({ method, url: path }) => `${method} ${path}`)).toEqual(
      Array.from({ length: 2 }, () => `DELETE /v1.0/subscriptions/${id}`),
    );
    const forbidden = await open(error(403, 'ExtensionError', ''));
    expect(await forbidden.client.remove(id)()).toMatchObject(E.left({ _tag: 'GraphForbidden' }));
  });

  it('refuses a secret that is too long and an id that is a path, before anything is sent', async () => {
    const { client, server } = await open(() => ({ json: shown }));
    await expect(client.create({ ...input, clientState: 'x'.repeat(129) })()).rejects.toThrow(/128/);
    await expect(client.renew('../users', expiresAt)()).rejects.toThrow(/subscription id/);
    expect(server.asked).toEqual([]);
  });

  it('asks for a little less than the longest life Graph grants', () => {
    const minutes = longestSubscriptionMs / 60_000;
    expect(minutes).toBeLessThan(41_760);
    expect(minutes).toBeGreaterThan(41_000);
  });

  it('ends what is under way when it is closed', async () => {
    const { client } = await open(() => {
      void client.close();
      return { silent: true };
    });
    expect(await client.list()()).toEqual(E.left({ _tag: 'GraphAborted' }));
  });
});
