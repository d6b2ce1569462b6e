import * as E from 'fp-ts/lib/Either.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { guardLink, guardPhotoRedirect } from './link-guard.js';
import { parseBaseUrl } from './graph-base.js';
import { friendlyLinks, hostileLinks, relativeLinks, spell } from './testing/hostile-links.js';
import { user } from './testing/ids.js';
import { linkKinds } from './testing/link-kinds.js';
import type { LinkKind } from './testing/link-kinds.js';
import { madeLinks } from './testing/made-links.js';

const ORIGIN = 'https://graph.microsoft.com';
const BASE = `${ORIGIN}/v1.0`;
const seed = Number(process.env['SEED'] ?? 20_261_130);

const spelled = (template: string, { path, other }: LinkKind): string =>
  spell(template, { origin: ORIGIN, evil: 'evil.example', path, other });

/** What a URL parser makes of a link that passed: where `fetch` would send the token. */
const expectAtHome = ({ path }: LinkKind, passed: string): void => {
  const url = new URL(passed);
  expect(url.origin).toBe(ORIGIN);
  expect(url.username + url.password + url.hash).toBe('');
  const written = decodeURIComponent(url.pathname).toLowerCase();
  const plain = written.replace(/microsoft\.graph\.delta/, 'delta').replace(/\(\)$/, '');
  if (path.startsWith('users/aaaa'))
    expect(plain).toMatch(new RegExp(`^/v1\\.0/users/${user(1)}/(photo|photos/[^/]+)/\\$value$`));
  else expect(plain).toBe(`/v1.0/${path.toLowerCase()}`);
};

describe.each(linkKinds)('the guard of $name', (kind) => {
  it.each([
    ...friendlyLinks,
    ...['HTTPS://AUTHORITY/v1.0/PATH?$skiptoken=x', 'https://Graph.Microsoft.com/v1.0/PATH'],
    ...['https://AUTHORITY:443/v1.0/PATH?$skiptoken=x', 'https://GRAPH.microsoft.com:443/v1.0/PATH'],
  ])('passes %s unchanged', (template) => {
    const link = spelled(template, kind);
    expect(kind.guard(BASE, link)).toEqual(E.right(link));
  });

  it.each(hostileLinks.map((template) => [template.slice(0, 70), template]))('refuses %j', (_shown, template) => {
    expect(kind.guard(BASE, spelled(template, kind))).toMatchObject(E.left({ _tag: 'UnsafeLink' }));
  });

  it(`takes what is relative to the host ${kind.location ? 'for that of the configured one' : 'for no link'}`, () => {
    for (const template of relativeLinks) {
      const link = spelled(template, kind);
      if (kind.location) expect(kind.guard(BASE, link)).toEqual(E.right(ORIGIN + link));
      else expect(kind.guard(BASE, link)).toMatchObject(E.left({ _tag: 'UnsafeLink' }));
    }
  });
});

describe('the guard', () => {
  it.each([
    `${BASE}/users/delta()?$deltaToken=abc`,
    `${BASE}/users/microsoft.graph.delta?$deltatoken=abc`,
    `${BASE}/users/microsoft.graph.delta()?$skipToken=abc`,
    `${BASE}/users/microsoft.graph.delta%28%29?$skipToken=abc`,
    `${BASE}/Users/Delta?$skiptoken=abc`,
  ])('passes the delta function by all its names: %s', (link) => {
    expect(guardLink(BASE, 'users', link)).toEqual(E.right(link));
  });

  it('names the host of what it refused, and nothing else of it', () => {
    const link = 'https://user:secret@evil.example:8443/v1.0/users/delta?$skiptoken=private';
    expect(guardLink(BASE, 'users', link)).toEqual(E.left({ _tag: 'UnsafeLink', host: 'evil.example:8443' }));
    for (const nameless of ['nonsense', 'foo://secret!name/x', `https://${'a.'.repeat(200)}example/`]) {
      expect(guardLink(BASE, 'users', nameless)).toEqual(E.left({ _tag: 'UnsafeLink', host: '(no host)' }));
    }
  });

  it('takes http and a port where the configured address is a loopback one with them, and no other port', () => {
    const base = 'http://127.0.0.1:8123/v1.0';
    expect(E.isRight(guardLink(base, 'groups', `${base}/groups/delta?$skiptoken=x`))).toBe(true);
    for (const authority of ['127.0.0.1:8124', '127.0.0.1', 'localhost:8123', '0x7f000001:8123', '127.1:8123'])
      expect(E.isLeft(guardLink(base, 'groups', `http://${authority}/v1.0/groups/delta`)), authority).toBe(true);
    expect(E.isLeft(guardLink(base, 'groups', `https://127.0.0.1:8123/v1.0/groups/delta`))).toBe(true);
    expect(E.isRight(guardLink('http://localhost:80/v1.0', 'groups', 'http://localhost/v1.0/groups/delta'))).toBe(true);
    expect(E.isRight(guardLink('http://localhost/v1.0', 'groups', 'http://localhost:80/v1.0/groups/delta'))).toBe(true);
  });

  it('takes another photo of the same person, and nothing else of that person', () => {
    const passes = (path: string) => E.isRight(guardPhotoRedirect(parseBaseUrl(BASE), user(1), BASE + path));
    expect(passes(`/users/${user(1)}/photo/$value`)).toBe(true);
    expect(passes(`/users('${user(1)}')/photo/$value`)).toBe(true);
    expect(passes(`/users('${user(2)}')/photo/$value`)).toBe(false);
    expect(passes(`/users/users('${user(1)}')/photo/$value`)).toBe(false);
    expect(passes(`/Users/${user(1).toUpperCase()}/Photos/240x240/$value`)).toBe(true);
    for (const path of ['', '/photo', '/photos/240x240', '/photos/240x240/a/$value', '/manager/$value', '/$value'])
      expect(passes(`/users/${user(1)}${path}`), path).toBe(false);
    expect(passes('/me/photo/$value')).toBe(false);
  });

  it(`passes nothing that a URL parser would send elsewhere, of 10,000 links put together at random (seed ${seed})`, () => {
    let passed = 0;
    fc.assert(
      fc.property(madeLinks, fc.constantFrom(...linkKinds), (template, kind) => {
        const guarded = kind.guard(BASE, spelled(template, kind));
        if (E.isLeft(guarded)) return;
        passed += 1;
        expectAtHome(kind, guarded.right);
      }),
      { numRuns: 10_000, seed },
    );
    // Were nearly all of them refused at their first letter, nothing would have been tried.
    expect(passed).toBeGreaterThan(500);
  });
});
