import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeTestHandler } from './testing/made-notifications.js';
import { serveHandler } from './testing/serve-handler.js';
import type { Served } from './testing/serve-handler.js';

const test = makeTestHandler({
  inbox: {
    mark: () => Promise.reject(new Error('a handshake writes nothing')),
    pending: () => Promise.reject(new Error('a handshake reads nothing')),
    clear: () => Promise.reject(new Error('a handshake clears nothing')),
    close: () => Promise.resolve(),
  },
});
let served: Served;
beforeAll(async () => {
  served = await serveHandler(test.handler);
});
afterAll(() => served.close());

/** Sends the query as it is, byte for byte, and gives back the status and the bytes of the body. */
const handshake = async (query: string): Promise<{ status: number; head: string; body: Buffer }> => {
  const answer = await served.raw(
    Buffer.from(
      `POST /notifications?${query} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`,
      'latin1',
    ),
  );
  const end = answer.indexOf('\r\n\r\n');
  const head = answer.subarray(0, end).toString('latin1');
  const chunked = /transfer-encoding: chunked/i.test(head);
  const body = answer.subarray(end + 4);
  return { status: Number(head.slice(9, 12)), head, body: chunked ? unchunk(body) : body };
};

const unchunk = (bytes: Buffer): Buffer => {
  const parts: Buffer[] = [];
  for (let at = 0; ;) {
    const line = bytes.indexOf('\r\n', at);
    const size = Number.parseInt(bytes.subarray(at, line).toString('latin1'), 16);
    if (!(size > 0)) return Buffer.concat(parts);
    parts.push(bytes.subarray(line + 2, line + 2 + size));
    at = line + 4 + size;
  }
};

const formEncoded = (token: string): string => new URLSearchParams({ validationToken: token }).toString();
const percentEncoded = (token: string): string =>
  `validationToken=${[...Buffer.from(token)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')}`;

const tokens: ReadonlyArray<readonly [string, string]> = [
  ['the one that Graph sends', 'Validation: Testing client application reachability for subscription Request-Id: 4f2a'],
  ['a script', '<script>alert(1)</script>'],
  ['a script in capital letters', '<SCRIPT SRC=//evil.example/x.js></SCRIPT>'],
  ['an image with a handler', '"><img src=x onerror=alert(document.cookie)>'],
  ['an SVG', '<svg/onload=alert(1)>'],
  ['a body of HTML', '<!doctype html><html><body>hello</body></html>'],
  ['an entity', '&lt;script&gt; &amp; &#x3c;'],
  ['a JavaScript address', 'javascript:alert(1)'],
  ['a template', '{{7*7}} ${7*7} <%= 7*7 %> #{7*7}'],
  ['quotes', `'"\`\\`],
  ['SQL', `'; DROP TABLE inbox; --`],
  ['a line feed', 'a\nb'],
  ['a carriage return', 'a\rb'],
  ['a header', 'a\r\nSet-Cookie: session=1'],
  ['a whole answer', 'a\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<b>'],
  ['lines only', '\r\n\r\n'],
  ['a NUL', 'a\0b'],
  ['NULs only', '\0\0\0'],
  ['all control characters', String.fromCharCode(...Array.from({ length: 32 }, (_, code) => code), 127)],
  ['an escape sequence of terminals', '\u001b[2J\u001b]0;title\u0007'],
  ['a plus', '1+1'],
  ['an escaped plus', '%2B'],
  ['a doubly escaped plus', '%252B'],
  ['a doubly escaped script', '%253Cscript%253E'],
  ['an escaped NUL', '%00'],
  ['an escaped line', '%0d%0aX: y'],
  ['an escape of Unicode', '%u003cscript%u003e'],
  ['a percent sign', '100 %'],
  ['percent signs', '%%%%'],
  ['a query', 'a=b&validationToken=c&d'],
  ['a fragment', 'a#b'],
  ['an address', 'https://user:password@evil.example:8080/path?query=1#fragment'],
  ['a path', '../../../../etc/passwd'],
  ['a path of Windows', '..\\..\\windows\\win.ini'],
  ['a semicolon', 'a;b;c'],
  ['spaces around', '  a  '],
  ['one space', ' '],
  ['a tab', 'a\tb'],
  ['a no-break space', '\u00a0'],
  ['German', 'Grüße aus Köln'],
  ['Chinese', '驗證權杖'],
  ['Arabic', 'رمز التحقق'],
  ['an emoji with joiners', '👩‍👩‍👧‍👦'],
  ['a text that turns around', '\u202egnp.exe\u202c'],
  ['a byte order mark', '\ufefftoken'],
  ['separators of lines', 'a\u2028b\u2029c\u0085d'],
  ['combining marks', 'e\u0301 \u00e9'],
  ['the replacement character', '\ufffd'],
  ['the last code point', '\u{10ffff}'],
  ['non-characters', '\ufffe\uffff'],
  ['JSON', '{"value":[{"subscriptionId":"x"}],"__proto__":{"a":1}}'],
  ['a JWT', 'eyJhbGciOiJub25lIn0.eyJhdWQiOiIqIn0.'],
  ['a number', '0'],
  ['a word of JavaScript', 'undefined'],
  ['one character', 'x'],
  ['2 KiB', 'x'.repeat(2_048)],
  ['2 KiB in two-byte characters', 'ü'.repeat(1_024)],
];

/** None of these has one meaning only; the answer is 400, or the bytes as they were meant. */
const queries: ReadonlyArray<readonly [string, string, string | undefined]> = [
  ['no value', 'validationToken', undefined],
  ['an empty value', 'validationToken=', undefined],
  ['half an escape', 'validationToken=a%', undefined],
  ['an escape of one digit', 'validationToken=a%2', undefined],
  ['an escape of no digits', 'validationToken=a%zz', undefined],
  ['two tokens', 'validationToken=a&validationToken=b', undefined],
  ['a byte that is no UTF-8', 'validationToken=%ff', undefined],
  ['half a character', 'validationToken=%c3', undefined],
  ['a surrogate', 'validationToken=%ed%a0%80', undefined],
  ['an overlong slash', 'validationToken=%c0%af', undefined],
  ['an overlong NUL', 'validationToken=%c0%80', undefined],
  ['beyond the last code point', 'validationToken=%f4%90%80%80', undefined],
  ['a byte more than 2 KiB', `validationToken=${'x'.repeat(2_049)}`, undefined],
  ['a character more than 2 KiB', `validationToken=${'%c3%bc'.repeat(1_024)}x`, undefined],
  ['8 KiB', `validationToken=${'x'.repeat(8_192)}`, undefined],
  ['a fragment', 'validationToken=a#b', undefined],
  ['plain brackets', 'validationToken=<script>', '<script>'],
  ['plain quotes', `validationToken='"`, `'"`],
  ['a plain backslash', 'validationToken=a\\b', 'a\\b'],
  ['a plain question mark', 'validationToken=a?b', 'a?b'],
  ['an equals sign', 'validationToken=a=b', 'a=b'],
  ['capital digits', 'validationToken=%C3%BC%2b%2B', 'ü++'],
  ['another parameter before', 'tenant=1&validationToken=a', 'a'],
  ['another parameter after', 'validationToken=a&tenant=1', 'a'],
  ['a broken parameter beside it', '%&validationToken=a', 'a'],
];

describe('a handshake comes back byte for byte', () => {
  it.each(tokens)('with %s', async (_name, token) => {
    for (const query of [formEncoded(token), percentEncoded(token)]) {
      // Node takes 16 KiB of head; Graph's tokens have 130 bytes.
      const { status, head, body } = await handshake(query);
      expect(status).toBe(200);
      expect(body.equals(Buffer.from(token))).toBe(true);
      expect(head).toMatch(/^content-type: text\/plain; charset=utf-8$/im);
      expect(head).toMatch(/^x-content-type-options: nosniff$/im);
      expect(head.match(/^[a-z-]+(?=:)/gim)?.map((name) => name.toLowerCase())).toEqual(
        expect.not.arrayContaining(['set-cookie', 'location', 'x']),
      );
    }
  });
});

describe('a handshake is answered 400, or byte for byte,', () => {
  it.each(queries)('with %s', async (_name, query, token) => {
    const { status, body } = await handshake(query);
    expect([status, body.toString()]).toEqual(token === undefined ? [400, ''] : [200, token]);
  });

  it('with bytes above ASCII that were not escaped', async () => {
    const { status, body } = await handshake(`validationToken=${Buffer.from('Köln').toString('latin1')}`);
    expect([200, 400]).toContain(status);
    if (status === 200) expect(body.toString()).toBe('Köln');
  });

  it.each(['a\tb', 'a\0b', 'a b', 'a\x7fb', 'a\x0bb'])(
    'with a character that no request line holds: %j',
    async (sent) => {
      const { status, body } = await handshake(`validationToken=${sent}`);
      expect([status, status === 200 ? body.toString('latin1') : '']).toEqual(status === 200 ? [200, sent] : [400, '']);
    },
  );
});

describe('a handshake', () => {
  it('leaves nothing behind: no lookup, no mark, nobody told', () => {
    expect(test.lookups).toEqual([]);
    expect(test.marks).toEqual([]);
    expect(test.told).toEqual([]);
    expect(test.handler.counters()).toMatchObject({ received: 0, marked: 0, forged: 0 });
    expect(test.handler.counters().validations).toBeGreaterThan(2 * tokens.length);
  });

  it('is answered before any of the body is there', async () => {
    const answer = await served.raw(
      'POST /notifications?validationToken=now HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n',
    );
    expect(answer.toString('latin1')).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*now/);
  });

  it('is a POST', async () => {
    expect((await served.post('/?validationToken=a', undefined, { method: 'GET' })).status).toBe(405);
    expect((await served.post('/?validationToken=a', undefined, { method: 'PUT' })).status).toBe(405);
  });
});
