import * as E from 'fp-ts/lib/Either.js';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { parseBaseUrl } from './graph-base.js';
import { guardLink, guardLocation } from './link-guard.js';
import { by, closeAll, openScripted, openServer } from './testing/scripted-graph.js';

afterEach(closeAll);

const BASE = 'https://graph.microsoft.com/v1.0';

const good: ReadonlyArray<string> = [
  `${BASE}/users/delta`,
  `${BASE}/users/delta?$skiptoken=abc`,
  `${BASE}/users/delta()?$deltaToken=abc`,
  `${BASE}/users/microsoft.graph.delta?$deltatoken=abc`,
  `${BASE}/users/microsoft.graph.delta()?$skipToken=abc`,
  `${BASE}/users/microsoft.graph.delta%28%29?$skipToken=abc`,
  `${BASE}/Users/Delta?$skiptoken=abc`,
  `HTTPS://Graph.Microsoft.com/v1.0/users/delta?$skiptoken=abc`,
  `${BASE}/users/delta?$skiptoken=https://evil.example/@x\u00e9`,
  `${BASE}/users/delta?$filter=id eq 'a'`,
];

/** What a hostile or broken answer may put where a link belongs; `HOST` is another server. */
const hostile: ReadonlyArray<string> = [
  'https://HOST/v1.0/users/delta?$skiptoken=x',
  'http://HOST/v1.0/users/delta?$skiptoken=x',
  '//HOST/v1.0/users/delta?$skiptoken=x',
  '/v1.0/users/delta?$skiptoken=x',
  'users/delta?$skiptoken=x',
  '',
  ' ',
  'https://',
  'https:///v1.0/users/delta',
  'https:graph.microsoft.com/v1.0/users/delta',
  'https:/graph.microsoft.com/v1.0/users/delta',
  'http://graph.microsoft.com/v1.0/users/delta?$skiptoken=x',
  'ftp://graph.microsoft.com/v1.0/users/delta',
  'javascript:alert(1)//graph.microsoft.com/v1.0/users/delta',
  'data:text/plain,https://graph.microsoft.com/v1.0/users/delta',
  'file:///v1.0/users/delta',
  'https://graph.microsoft.com.HOST/v1.0/users/delta',
  'https://graph.microsoft.comHOST/v1.0/users/delta',
  'https://evil-graph.microsoft.com/v1.0/users/delta',
  'https://microsoft.com/v1.0/users/delta',
  'https://graph.microsoft.com./v1.0/users/delta',
  'https://graph.microsoft.us/v1.0/users/delta',
  'https://graph%2emicrosoft.com/v1.0/users/delta',
  'https://gr\u0430ph.microsoft.com/v1.0/users/delta',
  'https://graph\u3002microsoft.com/v1.0/users/delta',
  'https://graph.microsoft.c\uff4fm/v1.0/users/delta',
  'https://graph.microsoft.com:x@HOST/v1.0/users/delta',
  'https://graph.microsoft.com@HOST/v1.0/users/delta',
  'https://graph.microsoft.com%40HOST/v1.0/users/delta',
  'https://user:pass@graph.microsoft.com/v1.0/users/delta',
  'https://@graph.microsoft.com/v1.0/users/delta',
  'https://graph.microsoft.com:443/v1.0/users/delta',
  'https://graph.microsoft.com:8443/v1.0/users/delta',
  'https://graph.microsoft.com:/v1.0/users/delta',
  'https://graph.microsoft.com\\@HOST/v1.0/users/delta',
  'https:\\\\HOST\\v1.0\\users\\delta',
  'https://HOST\\.graph.microsoft.com/v1.0/users/delta',
  'https://HOST#.graph.microsoft.com/v1.0/users/delta',
  'https://HOST?.graph.microsoft.com/v1.0/users/delta',
  'https://graph.microsoft.com/v1.0/users/delta#@HOST',
  'https://graph.microsoft.com/v1.0/users\\delta',
  'https://graph.microsoft.com\t.HOST/v1.0/users/delta',
  'https://graph.microsoft.com/v1.0/users/delta\r\nHost: HOST',
  'https://graph.microsoft.com/v1.0/users/delta?x=\u0000',
  ' https://graph.microsoft.com/v1.0/users/delta',
  'https://graph.microsoft.com/v1.0/users/delta?x ',
  'https://graph.microsoft.com/beta/users/delta?$skiptoken=x',
  'https://graph.microsoft.com/v1.0x/users/delta',
  'https://graph.microsoft.com/v1.0',
  'https://graph.microsoft.com/users/delta',
  'https://graph.microsoft.com/V1.0/users/delta',
  'https://graph.microsoft.com/v1.0/../beta/users/delta',
  'https://graph.microsoft.com/v1.0/users/../groups/delta',
  'https://graph.microsoft.com/v1.0/%2e%2e/beta/users/delta',
  'https://graph.microsoft.com/v1.0/.%2E/beta/users/delta',
  'https://graph.microsoft.com/v1.0/./users/delta',
  'https://graph.microsoft.com/v1.0/%252e%252e/users/delta',
  'https://graph.microsoft.com/v1.0/users%2fdelta',
  'https://graph.microsoft.com/v1.0/users%5cdelta',
  'https://graph.microsoft.com/v1.0/users%00/delta',
  'https://graph.microsoft.com/v1.0/users/%',
  'https://graph.microsoft.com/v1.0//users/delta',
  'https://graph.microsoft.com/v1.0/users//delta',
  'https://graph.microsoft.com/v1.0/users/delta/',
  'https://graph.microsoft.com/v1.0/users/delta/extra',
  'https://graph.microsoft.com/v1.0/users/delta;x',
  'https://graph.microsoft.com/v1.0/users',
  'https://graph.microsoft.com/v1.0/users/me',
  'https://graph.microsoft.com/v1.0/groups/delta?$skiptoken=x',
  'https://graph.microsoft.com/v1.0/usersx/delta',
  'https://graph.microsoft.com/v1.0/me/messages/delta',
  'https://graph.microsoft.com/v1.0/applications/delta',
  `https://graph.microsoft.com/v1.0/users/delta?x=${'y'.repeat(70_000)}`,
];

describe('guardLink', () => {
  it.each(good)('passes %s unchanged', (link) => {
    expect(guardLink(BASE, 'users', link)).toEqual(E.right(link));
  });

  it.each(hostile.map((link) => [link.slice(0, 90), link]))('refuses %j', (_shown, link) => {
    expect(guardLink(BASE, 'users', link.replaceAll('HOST', 'evil.example'))).toMatchObject(
      E.left({ _tag: 'UnsafeLink' }),
    );
  });

  it('names the host of what it refused, and nothing else of it', () => {
    const link = 'https://user:secret@evil.example:8443/v1.0/users/delta?$skiptoken=private';
    expect(guardLink(BASE, 'users', link)).toEqual(E.left({ _tag: 'UnsafeLink', host: 'evil.example:8443' }));
    expect(guardLink(BASE, 'users', 'nonsense')).toEqual(E.left({ _tag: 'UnsafeLink', host: '(no host)' }));
  });

  it('takes http and a port where the configured address is a loopback one with them, and no other port', () => {
    const base = 'http://127.0.0.1:8123/v1.0';
    expect(E.isRight(guardLink(base, 'groups', `${base}/groups/delta?$skiptoken=x`))).toBe(true);
    expect(E.isRight(guardLink(base, 'groups', 'http://127.0.0.1:8124/v1.0/groups/delta'))).toBe(false);
    expect(E.isRight(guardLink(base, 'groups', 'http://127.0.0.1/v1.0/groups/delta'))).toBe(false);
    expect(E.isRight(guardLink(base, 'groups', 'http://localhost:8123/v1.0/groups/delta'))).toBe(false);
    expect(E.isRight(guardLink(base, 'groups', 'http://0x7f000001:8123/v1.0/groups/delta'))).toBe(false);
  });

  it('passes nothing that a URL parser would send elsewhere, whatever is put together', () => {
    const pieces = fc.constantFrom(
      ...['https://', 'http://', '//', '/', '\\', '@', ':', '#', '?', '.', '..', '%2e', '%2f', '%40', '\t', ' '],
      ...['graph.microsoft.com', 'evil.example', 'v1.0', 'beta', 'users', 'groups', 'delta', '443', '&x=', '\u3002'],
    );
    const links = fc.oneof(
      fc.array(pieces, { maxLength: 14 }).map((parts) => parts.join('')),
      fc.array(pieces, { maxLength: 8 }).map((parts) => `${BASE}/users/delta${parts.join('')}`),
      fc
        .array(pieces, { maxLength: 4 })
        .map((parts) => `https://graph.microsoft.com${parts.join('')}/v1.0/users/delta`),
    );
    fc.assert(
      fc.property(links, (link) => {
        if (E.isLeft(guardLink(BASE, 'users', link))) return;
        const url = new URL(link);
        expect(url.origin).toBe('https://graph.microsoft.com');
        expect(url.username + url.password).toBe('');
        expect(url.pathname.toLowerCase()).toMatch(/^\/v1\.0\/users\/(microsoft\.graph\.)?delta(\(\))?$/);
      }),
      { numRuns: 5_000 },
    );
  });

  it('takes a Location relative to the host, and still guards it', () => {
    const base = parseBaseUrl(BASE);
    expect(guardLocation(base, 'users', '/v1.0/users/delta?$deltatoken=')).toEqual(
      E.right(`${BASE}/users/delta?$deltatoken=`),
    );
    for (const location of ['//evil.example/v1.0/users/delta', '/\\evil.example', '/beta/users/delta', '']) {
      expect(E.isLeft(guardLocation(base, 'users', location)), location).toBe(true);
    }
  });
});

describe('a hostile link in an answer', () => {
  it('is never requested, whether received, stored or sent as a Location, and the token goes nowhere else', async () => {
    const evil = await openServer(() => ({ json: { value: [], '@odata.deltaLink': 'x' } }));
    const evilHost = new URL(evil.origin).host;
    let reply: Parameters<typeof openScripted>[0] = () => ({});
    const { source, server, baseUrl } = await openScripted((asked, nth) => reply(asked, nth));
    const forms = [...hostile, 'http://HOST/v1.0/users/delta?$skiptoken=x', 'http://SELF@HOST/v1.0/users/delta'].map(
      (link) => link.replaceAll('HOST', evilHost).replaceAll('SELF', new URL(server.origin).host),
    );
    for (const link of forms) {
      const before = server.asked.length;
      expect(await source.usersPage(by(link))()).toMatchObject(E.left({ _tag: 'UnsafeLink' }));
      expect(server.asked.length, 'a stored link is checked before it is used').toBe(before);

      for (const key of ['@odata.nextLink', '@odata.deltaLink']) {
        reply = () => ({ json: { value: [], [key]: link } });
        const page = await source.usersPage('beginning')();
        expect(E.isLeft(page) && page.left._tag, link.slice(0, 90)).toMatch(/^(UnsafeLink|GraphProtocol)$/);
      }
      if (link.length < 4_000 && /^[\x20-\x7e]+$/.test(link) && link.startsWith('http')) {
        reply = () => ({ status: 410, headers: { location: link.trim() }, text: '' });
        const page = await source.usersPage(by(`${baseUrl}/users/delta?$deltatoken=x`))();
        expect(page, link).toMatchObject(E.left({ _tag: 'UnsafeLink' }));
      }
    }
    for (const status of [301, 302, 303, 307, 308]) {
      reply = () => ({ status, headers: { location: `${evil.origin}/v1.0/users/delta` } });
      expect(await source.usersPage('beginning')()).toMatchObject(E.left({ _tag: 'GraphProtocol' }));
    }
    expect(evil.asked).toEqual([]);
    expect(server.asked.every(({ url }) => url.startsWith('/v1.0/users/delta'))).toBe(true);
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
