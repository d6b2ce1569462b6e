import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { Simulator } from '@learnamp/directory-sync-simulator';
import { onTestFinished } from 'vitest';
import type { CommandLine } from './command-line.js';

const bodyOf = async (message: IncomingMessage): Promise<string> => {
  let text = '';
  for await (const chunk of message.setEncoding('utf8')) text += String(chunk);
  return text;
};

export type Monolith = { readonly port: number; readonly token: string };

/**
 * What a monolith beside which the engine runs has to do, and no more: its own API answers under `/v1` to the sidecar's token, one
 * path is handed on to the sidecar, and two actions start the command line.
 */
export const openMonolith = async (
  port: number,
  sidecarPort: number,
  { learnAmpUrl, learnAmpToken }: Simulator,
  commandLine: () => CommandLine | undefined,
): Promise<Monolith> => {
  const token = 'the-token-of-the-sidecar';
  const handOn = async (message: IncomingMessage, to: string, authorization?: string) =>
    fetch(to, {
      method: message.method ?? 'GET',
      headers: {
        'content-type': message.headers['content-type'] ?? 'application/json',
        ...(authorization === undefined ? {} : { authorization }),
      },
      ...(message.method === 'GET' ? {} : { body: await bodyOf(message) }),
    });
  const shown = async (verb: string): Promise<Response> => {
    const ended = await commandLine()?.run([verb, '--json']);
    return new Response(ended?.stdout, { headers: { 'content-type': 'application/json' } });
  };
  const answer = async (message: IncomingMessage): Promise<Response> => {
    const target = message.url ?? '/';
    if (target.startsWith('/v1/'))
      return message.headers.authorization === `Bearer ${token}`
        ? handOn(message, `${learnAmpUrl}${target}`, `Bearer ${learnAmpToken()}`)
        : new Response(null, { status: 401 });
    if (target.startsWith('/directory-sync/notifications'))
      return handOn(message, `http://127.0.0.1:${sidecarPort}${target}`);
    if (target === '/directory-sync/sync') return shown('sync');
    if (target === '/directory-sync') return shown('status');
    return new Response(null, { status: 404 });
  };
  const server = createServer((message, response) => {
    void answer(message)
      .catch(() => new Response(null, { status: 502 }))
      .then(async (answered) =>
        response
          .writeHead(answered.status, { 'content-type': answered.headers.get('content-type') ?? 'text/plain' })
          .end(Buffer.from(await answered.arrayBuffer())),
      );
  });
  await once(server.listen(port, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port, token };
};
