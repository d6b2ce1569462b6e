import * as E from 'fp-ts/lib/Either.js';
import { afterEach, describe, expect, it } from 'vitest';
import { group } from './testing/ids.js';
import { closeAll, openScripted } from './testing/scripted-graph.js';
import type { Reply } from './testing/scripted-server.js';

afterEach(closeAll);

const readWith = async (...replies: ReadonlyArray<Reply>) => {
  const opened = await openScripted((_asked, nth) => replies[Math.min(nth, replies.length) - 1]!);
  return { ...opened, outcome: await opened.source.readGroup(group(1))() };
};

describe('readGroup', () => {
  it('is readable, with the time of the answer', async () => {
    const { outcome, server } = await readWith({
      headers: { date: 'Tue, 24 Nov 2026 10:00:00 GMT', 'request-id': 'r' },
      json: { id: group(1).toUpperCase(), visibility: 'HiddenMembership' },
    });
    expect(outcome).toEqual(
      E.right({ _tag: 'Readable', graphTime: '2026-11-24T10:00:00.000Z', requestId: 'r', hiddenMembership: true }),
    );
    expect(server.asked.map(({ url }) => url)).toEqual([`/v1.0/groups/${group(1)}?$select=id,visibility`]);
  });

  it('is missing only after three looks', async () => {
    const gone = { status: 404, json: { error: { code: 'Request_ResourceNotFound' } } };
    const { outcome, source } = await readWith(gone);
    expect(outcome).toEqual(E.right({ _tag: 'Missing' }));
    expect(source.requestCount()).toBe(3);
    expect((await readWith(gone, { json: { id: group(1) } })).outcome).toMatchObject(E.right({ _tag: 'Readable' }));
  });

  it('is unreadable under 403, and nothing at all under anything else', async () => {
    const denied = { status: 403, json: { error: { code: 'Authorization_RequestDenied' } } };
    expect((await readWith(denied)).outcome).toEqual(
      E.right({ _tag: 'Unreadable', code: 'Authorization_RequestDenied' }),
    );
    for (const reply of [
      { json: { id: group(2) } },
      { json: {} },
      { json: { error: { code: 'x' } } },
      { status: 400 },
    ]) {
      expect((await readWith(reply)).outcome).toMatchObject(E.left({ _tag: 'GraphProtocol' }));
    }
    expect((await readWith({ status: 500 })).outcome).toMatchObject(E.left({ _tag: 'GraphUnreachable' }));
  });
});

describe('countUsers', () => {
  it('reads a bare number, also behind a byte order mark', async () => {
    for (const text of ['893', '\ufeff893', ' 893\r\n']) {
      const { source, server } = await openScripted(() => ({ text }));
      expect(await source.countUsers()()).toEqual(E.right(893));
      expect(server.asked[0]).toMatchObject({ url: '/v1.0/users/$count', headers: { consistencylevel: 'eventual' } });
    }
  });

  it('refuses what is no number', async () => {
    for (const reply of [{ text: '' }, { text: 'many' }, { json: { value: 1 } }, { status: 400 }]) {
      const { source } = await openScripted(() => reply);
      expect(await source.countUsers()()).toMatchObject(E.left({ _tag: 'GraphProtocol' }));
    }
  });
});

describe('fingerprint', () => {
  it('follows the query and nothing else', async () => {
    const script = () => ({});
    const { source, baseUrl } = await openScripted(script);
    const same = await openScripted(script, { baseUrl, customAttributes: ['department'] });
    const more = await openScripted(script, { baseUrl, customAttributes: ['employeeId', 'city'] });
    const turned = await openScripted(script, { baseUrl, customAttributes: ['city', 'employeeId'] });
    const elsewhere = await openScripted(script);
    expect(same.source.fingerprint('users', [])).toBe(source.fingerprint('users', []));
    expect(more.source.fingerprint('users', [])).toBe(turned.source.fingerprint('users', []));
    expect(more.source.fingerprint('users', [])).not.toBe(source.fingerprint('users', []));
    expect(elsewhere.source.fingerprint('users', [])).not.toBe(source.fingerprint('users', []));
    expect(source.fingerprint('groups', [group(1), group(2)])).toBe(source.fingerprint('groups', [group(2), group(1)]));
    expect(source.fingerprint('groups', [group(1)])).not.toBe(source.fingerprint('groups', [group(2)]));
    expect(more.source.fingerprint('groups', [group(1)])).toBe(source.fingerprint('groups', [group(1)]));
  });
});
