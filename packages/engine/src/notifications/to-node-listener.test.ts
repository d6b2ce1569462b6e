import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { bodyOf, makeTestHandler, userChanged } from './testing/made-notifications.js';
import { serveHandler } from './testing/serve-handler.js';
import type { Served } from './testing/serve-handler.js';
import type { NodeListenerOptions } from './to-node-listener.js';

let served: Served | undefined;
afterEach(async () => {
  await served?.close();
  served = undefined;
});
const serve = async (
  handler: (request: Request) => Promise<Response>,
  options?: NodeListenerOptions,
): Promise<Served> => {
  served = await serveHandler(handler, options);
  return served;
};

const head = 'POST / HTTP/1.1\r\nHost: x\r\n';
const turns = async (until: () => boolean): Promise<void> => {
  for (let n = 0; n < 100_000 && !until(); n += 1) await new Promise(setImmediate);
};

describe('a fetch-style handler behind node:http', () => {
  it('gets method, address, headers and body, and its answer goes out as it is', async () => {
    const seen: unknown[] = [];
    const { post } = await serve(async (request) => {
      seen.push([request.method, new URL(request.url).pathname, request.headers.get('x-many'), await request.text()]);
      const headers = new Headers({ 'x-answer': 'a' });
      headers.append('set-cookie', 'a=1');
      headers.append('set-cookie', 'b=2');
      return new Response('Grüße', { status: 201, headers });
    });
    const answer = await post('/p?q=1', 'körper', { headers: { 'x-many': ['a', 'b'] } });
    expect(seen).toEqual([['POST', '/p', 'a, b', 'körper']]);
    expect([answer.status, answer.body.toString()]).toEqual([201, 'Grüße']);
    expect(answer.headers).toMatchObject({ 'x-answer': 'a', 'set-cookie': ['a=1', 'b=2'] });
  });

  it('answers many requests over one connection', async () => {
    const test = makeTestHandler();
    const { raw } = await serve(test.handler);
    const body = bodyOf(userChanged());
    const one = `${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
    const last = one.replace('Host: x', 'Host: x\r\nConnection: close');
    const answers = (await raw(one.repeat(20) + last)).toString();
    expect(answers.match(/HTTP\/1\.1 202 /g)).toHaveLength(21);
    expect(test.handler.counters().marked).toBe(21);
  });

  it('sends an empty answer without chunks', async () => {
    const { post } = await serve(makeTestHandler().handler);
    const { headers } = await post('/', bodyOf(userChanged()));
    expect(headers).toMatchObject({ 'content-length': '0', 'x-content-type-options': 'nosniff' });
    expect(headers['transfer-encoding']).toBeUndefined();
  });

  it('is answered 500 without a word where it throws, and 400 where there is no request to make', async () => {
    const { post, raw } = await serve(() => Promise.reject(new Error('secret')));
    const answer = await post('/', 'x');
    expect([answer.status, answer.body.length]).toEqual([500, 0]);
    expect((await raw('TRACE / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).toString()).toMatch(
      /^HTTP\/1\.1 400 /,
    );
    expect((await raw('OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).toString()).toMatch(
      /^HTTP\/1\.1 400 /,
    );
  });

  it('knows an address in absolute form, and one that looks like another host', async () => {
    const urls: string[] = [];
    const { raw } = await serve(async (request) => {
      urls.push(request.url);
      return new Response(null, { status: 204 });
    });
    const ask = (target: string) => raw(`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    await ask('http://host.example/a?b=c');
    await ask('//evil.example/a');
    expect(urls).toEqual(['http://host.example/a?b=c', 'http://localhost//evil.example/a']);
  });
});

describe('a body', () => {
  it('is read no faster than the handler asks for it', async () => {
    let resume = (): void => undefined;
    const held = new Promise<void>((resolve) => (resume = resolve));
    const { port } = await serve(async (request) => {
      await held;
      return new Response(String((await request.arrayBuffer()).byteLength));
    });
    const size = 64 * 1_048_576;
    const socket = connect(port, '127.0.0.1');
    const answer = new Promise<string>((resolve) => socket.on('data', (chunk) => resolve(chunk.toString())));
    socket.write(`${head}Connection: close\r\nContent-Length: ${size}\r\n\r\n`);
    socket.write(Buffer.alloc(size));
    await turns(() => socket.writableLength < size);
    for (let n = 0; n < 2_000; n += 1) await new Promise(setImmediate);
    // What neither side's kernel takes stays with the sender.
    expect(socket.writableLength).toBeGreaterThan(size / 2);
    resume();
    expect(await answer).toContain(String(size));
    socket.destroy();
  });

  it('that is too large is cut off, and the client hears so although it still sends', async () => {
    const test = makeTestHandler();
    const { raw } = await serve(test.handler);
    const chunk = `10000\r\n${' '.repeat(65_536)}\r\n`;
    const endless = await raw(`${head}Transfer-Encoding: chunked\r\n\r\n${chunk.repeat(20)}`);
    expect(endless.toString()).toMatch(/^HTTP\/1\.1 413 [^]*connection: close/i);
    const declared = await raw(`${head}Content-Length: 999999999\r\n\r\n${' '.repeat(1_000_000)}`);
    expect(declared.toString()).toMatch(/^HTTP\/1\.1 413 [^]*connection: close/i);
    expect(test.handler.counters().refused.tooLarge).toBe(2);
  });

  it('that does not come ends when its time is over', async () => {
    let expire = (): void => undefined;
    const waits: number[] = [];
    const { raw } = await serve(makeTestHandler().handler, {
      bodyTimeoutMs: 1_234,
      after: (milliseconds, run) => {
        waits.push(milliseconds);
        expire = run;
        if (waits.length > 1) setImmediate(run);
        return () => undefined;
      },
    });
    const answer = raw(`${head}Content-Length: 100\r\n\r\n{"val`);
    await turns(() => waits.length > 0);
    expire();
    expect((await answer).toString()).toMatch(/^HTTP\/1\.1 400 [^]*connection: close/i);
    expect(waits[0]).toBe(1_234);
  });

  it('that breaks off ends the request and aborts its signal, and the server goes on', async () => {
    const test = makeTestHandler();
    const statuses: number[] = [];
    const signals: AbortSignal[] = [];
    const { port, post } = await serve(async (request) => {
      if (request.headers.has('x-breaks')) signals.push(request.signal);
      const response = await test.handler(request);
      statuses.push(response.status);
      return response;
    });
    for (const sent of ['', '{"value":[']) {
      const socket = connect(port, '127.0.0.1');
      socket.write(`${head}x-breaks: 1\r\nContent-Length: 100\r\n\r\n${sent}`);
      const before = signals.length;
      await turns(() => signals.length > before);
      socket.destroy();
      await turns(() => statuses.length > before);
    }
    expect(statuses).toEqual([400, 400]);
    await turns(() => signals.every(({ aborted }) => aborted));
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
    expect((await post('/', bodyOf(userChanged()))).status).toBe(202);
    expect(test.marks).toHaveLength(1);
  });
});

describe('an answer', () => {
  it('is produced no faster than the client takes it, and ends where the client goes away', async () => {
    let [produced, cancelled] = [0, false];
    const endless = () =>
      new ReadableStream<Uint8Array>(
        {
          pull: async (controller) => {
            await new Promise(setImmediate);
            produced += 65_536;
            controller.enqueue(new Uint8Array(65_536));
          },
          cancel: () => {
            cancelled = true;
          },
        },
        { highWaterMark: 0 },
      );
    const { port } = await serve(async () => new Response(endless()));
    const socket = connect(port, '127.0.0.1');
    socket.pause();
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await turns(() => produced > 0);
    let before = -1;
    for (let quiet = 0; quiet < 2_000; quiet += 1) {
      if (produced !== before) quiet = 0;
      before = produced;
      await new Promise(setImmediate);
    }
    expect(produced).toBeLessThan(32 * 1_048_576);
    socket.destroy();
    await turns(() => cancelled);
    expect(cancelled).toBe(true);
  });
});
