import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { drainServer } from './drain-server.js';
import type { Health } from './health.js';

export type HttpServer = {
  /** As it listens, such as `127.0.0.1:8080`. */
  readonly address: string;
  /** Takes no more requests, gives those under way a moment to be answered, and frees the port. */
  readonly close: () => Promise<void>;
};

export type HttpServerParts = {
  readonly host: string;
  readonly port: number;
  /** Path of the public address; `undefined`: no notifications are taken. */
  readonly path: string | undefined;
  readonly notifications: RequestListener;
  readonly health: () => Promise<Health>;
};

const HEAD_MS = 10_000;
/** Graph opens a handful; each holds a few kilobytes. */
const CONNECTIONS = 1_000;

const answer = (response: ServerResponse, status: number, body: unknown): void => {
  const text = `${JSON.stringify(body)}\n`;
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(text);
};

const pathOf = ({ url = '/' }: IncomingMessage): string => (url.split('?')[0] ?? '').replace(/\/+$/, '');

const answerHealth = async (response: ServerResponse, health: HttpServerParts['health']): Promise<void> => {
  const { status, body } = await health();
  answer(response, status, body);
};

/** Notifications under the path of the public address, `GET /healthz`, and nothing else. Rejects where it cannot listen. */
export const openHttpServer = async (parts: HttpServerParts): Promise<HttpServer> => {
  const wanted = parts.path?.replace(/\/+$/, '');
  const server = createServer((request, response) => {
    const path = pathOf(request);
    const asks = request.method === 'GET' || request.method === 'HEAD';
    if (asks && path === '/healthz') void answerHealth(response, parts.health);
    else if (path === wanted) parts.notifications(request, response);
    else answer(response, 404, { error: 'not found' });
  });
  server.maxConnections = CONNECTIONS;
  server.headersTimeout = HEAD_MS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(parts.port, parts.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const { address, family, port } = server.address() as AddressInfo;
  return {
    address: family === 'IPv6' ? `[${address}]:${port}` : `${address}:${port}`,
    close: () => drainServer(server),
  };
};
