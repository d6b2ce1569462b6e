import { createServer, request as httpRequest } from 'node:http';
import type { RequestOptions } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { toNodeListener } from '../to-node-listener.js';
import type { NodeListenerOptions } from '../to-node-listener.js';

export type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | ReadonlyArray<string> | undefined>>;
  readonly body: Buffer;
};

export type Served = {
  readonly port: number;
  readonly post: (path: string, body?: string | Uint8Array, more?: RequestOptions) => Promise<Answer>;
  /** Sends bytes as they are, and gives back what came until the server closed the connection. */
  readonly raw: (bytes: string | Uint8Array) => Promise<Buffer>;
  readonly close: () => Promise<void>;
};

/** A handler behind a real server on this machine. */
export const serveHandler = async (
  handler: (request: Request) => Promise<Response>,
  options: NodeListenerOptions = {},
): Promise<Served> => {
  const server = createServer(toNodeListener(handler, options));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  const post: Served['post'] = (path, body, more = {}) =>
    new Promise((resolve, reject) => {
      const outgoing = httpRequest({ port, host: '127.0.0.1', path, method: 'POST', ...more }, (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () =>
          resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: Buffer.concat(chunks) }),
        );
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });

  const raw: Served['raw'] = (bytes) =>
    new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
      socket.on('data', (chunk) => chunks.push(chunk));
      socket.on('error', reject);
      socket.on('close', () => resolve(Buffer.concat(chunks)));
    });

  return {
    port,
    post,
    raw,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
