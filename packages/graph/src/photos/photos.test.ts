import type { ObjectId } from '@learnamp/directory-sync-domain';
import * as E from 'fp-ts/lib/Either.js';
import { afterEach, describe, expect, it } from 'vitest';
import { user } from '../testing/ids.js';
import { closeAll, openScripted, openServer } from '../testing/scripted-graph.js';
import type { Asked, Reply } from '../testing/scripted-server.js';

afterEach(closeAll);

type Inner = { readonly status: number; readonly body?: unknown; readonly headers?: object };

const items = ({ body }: Asked) =>
  (JSON.parse(body) as { requests: ReadonlyArray<{ readonly id: string; readonly url: string }> }).requests;
const idIn = (url: string) => /\/users\/([^/]+)\/photo$/.exec(url)![1] as ObjectId;
const answering = (inner: (userId: ObjectId, nth: number) => Inner) =>
  openScripted((asked, nth) => ({
    json: { responses: items(asked).map(({ id, url }) => ({ id, ...inner(idIn(url), nth) })) },
  }));
const people = (count: number) => Array.from({ length: count }, (_, n) => user(n));
const refused = (status: number, code: string): Inner => ({ status, body: { error: { code, message: 'Adele' } } });

describe('which photo somebody has', () => {
  it('is asked of 20 people a request at low priority, and answered in the order asked', async () => {
    const opened = await answering((userId) => ({
      status: 200,
      body: { '@odata.mediaContentType': 'image/jpeg', '@odata.mediaEtag': `"${userId}"`, width: 648, height: 648 },
    }));
    const read = await opened.source.photos.read(people(45), { priority: 'low' })();
    expect(read).toEqual(E.right(people(45).map((userId) => ({ _tag: 'Photo', userId, etag: `"${userId}"` }))));
    expect(opened.server.asked.map((asked) => items(asked).length).sort()).toEqual([20, 20, 5]);
    expect(opened.server.asked.every(({ headers }) => headers['x-ms-throttle-priority'] === 'Low')).toBe(true);
    expect(items(opened.server.asked[0]!)[0]).toEqual({ id: '1', method: 'GET', url: `/users/${user(0)}/photo` });
  });

  it.each<[string, Inner]>([
    ['404 ImageNotFound', refused(404, 'ImageNotFound')],
    ['404 ErrorItemNotFound', refused(404, 'ErrorItemNotFound')],
    [
      '404 with the reason nested',
      { status: 404, body: { error: { code: 'ErrorEntityNotFound', innerError: { code: 'ImageNotFoundException' } } } },
    ],
    ['404 ErrorNonExistentMailbox', refused(404, 'ErrorNonExistentMailbox')],
    ['400 ErrorNonExistentMailbox', refused(400, 'ErrorNonExistentMailbox')],
    ['400 AuthenticationError', refused(400, 'AuthenticationError')],
    ['404 ConsumerPhotoIsNotSupported', refused(404, 'ConsumerPhotoIsNotSupported')],
    ['404 without a body', { status: 404 }],
    [
      'a picture of one pixel',
      {
        status: 200,
        body: { '@odata.mediaContentType': 'image/gif', '@odata.mediaEtag': '', id: '1X1', width: 1, height: 1 },
      },
    ],
    [
      'a GIF without an etag',
      { status: 200, body: { '@odata.mediaContentType': 'image/gif', '@odata.mediaEtag': '' } },
    ],
  ])('is none: %s', async (_, inner) => {
    const opened = await answering(() => inner);
    expect(await opened.source.photos.read([user(1)])()).toEqual(E.right([{ _tag: 'NoPhoto', userId: user(1) }]));
    expect(opened.source.requestCount()).toBe(1);
  });

  it.each<[string, Inner]>([
    ['401 InvalidAuthenticationToken', refused(401, 'InvalidAuthenticationToken')],
    ['401 AuthenticationError', refused(401, 'AuthenticationError')],
    ['403 ErrorAccessDenied', refused(403, 'ErrorAccessDenied')],
    ['404 Request_ResourceNotFound', refused(404, 'Request_ResourceNotFound')],
    ['400 BadRequest', refused(400, 'BadRequest')],
    ['302 http-302', { status: 302, headers: { Location: 'https://evil.example/' } }],
    [
      'a photo without an etag',
      { status: 200, body: { '@odata.mediaContentType': 'image/jpeg', width: 9, height: 9 } },
    ],
    ['the answer is no photo', { status: 200, body: { error: { code: 'ImageNotFound' } } }],
    ['the answer is no photo', { status: 200, body: 'text' }],
  ])('is not known from: %s', async (detail, inner) => {
    const opened = await answering(() => inner);
    const read = await opened.source.photos.read([user(1)])();
    expect(read).toEqual(E.right([{ _tag: 'Unreadable', userId: user(1), detail }]));
  });

  it('FC-71: items that are throttled are asked again together after the longest wait, and the tenant waits with them', async () => {
    const opened = await answering((userId, nth) =>
      nth === 1 && [user(1), user(3)].includes(userId)
        ? { status: 429, headers: { 'Retry-After': userId === user(1) ? '3' : '9' } }
        : { status: 200, body: { '@odata.mediaEtag': '"e"', width: 9, height: 9 } },
    );
    const read = await opened.source.photos.read(people(5))();
    expect(E.isRight(read) && read.right.every(({ _tag }) => _tag === 'Photo')).toBe(true);
    expect(opened.world.slept).toEqual([9_000]);
    expect(items(opened.server.asked[1]!).map(({ url }) => idIn(url))).toEqual([user(1), user(3)]);
  });

  it('gives up after the patience of the call where that is less than the settings’', async () => {
    const opened = await answering(() => ({ status: 503 }));
    const read = await opened.source.photos.read(people(2), { patienceMs: 2_000 })();
    expect(read).toMatchObject(E.left({ _tag: 'GraphUnreachable' }));
    expect(opened.world.slept.reduce((sum, ms) => sum + ms, 0)).toBe(2_000);
  });
});

const jpeg = new Uint8Array([0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 0, 9, 0, 9, 1, 1, 0x11, 0]);
const png = new Uint8Array([
  ...[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52],
  ...[0, 0, 0, 9, 0, 0, 0, 9, 8, 6, 0, 0, 0, 0, 0, 0, 0],
]);
const size = (asked: Asked) => (asked.url.includes('504x504') ? '504' : 'original');
const fetching = async (script: (asked: Asked, nth: number) => Reply) => {
  const opened = await openScripted(script);
  return { ...opened, fetched: await opened.source.photos.fetch(user(1), { patienceMs: 5_000 })() };
};
const image = (bytes: Uint8Array, type = 'image/jpeg'): Reply => ({ bytes, headers: { 'content-type': type } });

describe('the bytes of a photo', () => {
  it('are those of 504 by 504', async () => {
    const { fetched, server } = await fetching(() => image(jpeg));
    expect(fetched).toEqual(E.right({ _tag: 'Photo', bytes: Buffer.from(jpeg), mediaType: 'image/jpeg' }));
    expect(server.asked.map(({ url }) => url)).toEqual([`/v1.0/users/${user(1)}/photos/504x504/$value`]);
  });

  it('are the original’s where that size does not exist', async () => {
    const { fetched, server } = await fetching((asked) => (size(asked) === '504' ? { status: 404 } : image(png)));
    expect(fetched).toEqual(E.right({ _tag: 'Photo', bytes: Buffer.from(png), mediaType: 'image/png' }));
    expect(server.asked.at(-1)?.url).toBe(`/v1.0/users/${user(1)}/photo/$value`);
  });

  it('may be gone', async () => {
    expect((await fetching(() => ({ status: 404 }))).fetched).toEqual(E.right({ _tag: 'NoPhoto' }));
  });

  it.each([
    ['an SVG', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'],
    ['a GIF', 'GIF89a'],
    ['a WebP', 'RIFF\u0001\u0001\u0001\u0001WEBPVP8 '],
  ])('%s is none, whatever the header calls it', async (_, text) => {
    for (const type of ['image/png', 'image/jpeg', 'application/octet-stream'])
      expect((await fetching(() => image(Buffer.from(text, 'latin1'), type))).fetched).toEqual(
        E.right({ _tag: 'NotAnImage' }),
      );
  });

  it('a page of a proxy under 200 says nothing about the photo', async () => {
    expect((await fetching(() => image(Buffer.from('<html>'), 'text/html'))).fetched).toMatchObject(
      E.left({ _tag: 'GraphProtocol' }),
    );
    expect((await fetching(() => image(new Uint8Array()))).fetched).toMatchObject(E.left({ _tag: 'GraphProtocol' }));
  });

  it('are taken up to 1 MiB, and cut off beyond', async () => {
    const most = Buffer.concat([jpeg, Buffer.alloc(1024 * 1024 - jpeg.length)]);
    expect((await fetching(() => image(most))).fetched).toMatchObject(E.right({ _tag: 'Photo' }));
    const more = Buffer.concat([most, Buffer.alloc(1)]);
    expect((await fetching(() => image(more))).fetched).toEqual(E.right({ _tag: 'TooLarge' }));
  });

  it('that broke off are asked for again', async () => {
    const { fetched, server } = await fetching((_, nth) =>
      nth === 1
        ? { ...image(Buffer.alloc(4_000, 1)), headers: { 'content-length': '4000' }, cut: 'in-the-body' }
        : image(jpeg),
    );
    expect(fetched).toMatchObject(E.right({ _tag: 'Photo' }));
    expect(server.asked).toHaveLength(2);
  });

  it('are followed within Graph, with the token', async () => {
    const { fetched, server } = await fetching((asked) =>
      asked.url.includes('504x504')
        ? { status: 302, headers: { location: `/v1.0/users/${user(1)}/photos/240x240/$value` } }
        : image(jpeg),
    );
    expect(fetched).toMatchObject(E.right({ _tag: 'Photo' }));
    expect(server.asked.map(({ headers }) => headers.authorization)).toEqual(Array(2).fill('Bearer fixed-token'));
  });

  it('are not followed to another host: it sees no request, let alone the token', async () => {
    const elsewhere = await openServer(() => image(jpeg));
    for (const location of [`${elsewhere.origin}/v1.0/users/x/photo/$value`, '//evil.example/v1.0/', '/beta/users']) {
      const { fetched, server } = await fetching(() => ({ status: 302, headers: { location } }));
      expect(fetched).toMatchObject(E.left({ _tag: 'UnsafeLink' }));
      expect(server.asked).toHaveLength(1);
    }
    expect(elsewhere.asked).toEqual([]);
  });

  it('are not followed in a ring for ever', async () => {
    const { fetched, server } = await fetching(() => ({
      status: 307,
      headers: { location: `/v1.0/users/${user(1)}/photo/$value` },
    }));
    expect(fetched).toMatchObject(E.left({ _tag: 'GraphProtocol' }));
    expect(server.asked).toHaveLength(4);
  });

  it('that are refused say why', async () => {
    const denied: Reply = { status: 403, json: { error: { code: 'ErrorAccessDenied' } } };
    expect((await fetching(() => denied)).fetched).toMatchObject(
      E.left({ _tag: 'GraphForbidden', code: 'ErrorAccessDenied' }),
    );
  });
});
