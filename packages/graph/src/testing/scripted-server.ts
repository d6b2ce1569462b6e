/** A plain HTTP server on loopback that answers as a test says and remembers what it was asked. */
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Asked = {
  readonly method: string;
  /** Path and query exactly as they came over the wire. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
};

export type Reply = {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly text?: string;
  readonly bytes?: Uint8Array;
  /** Cuts the connection: before anything is sent, or after the given part of a longer body. */
  readonly cut?: 'at-once' | 'in-the-body';
  /** Never answers. */
  readonly silent?: true;
};

export type Script = (asked: Asked, nth: number) => Reply;

export type ScriptedServer = {
  readonly origin: string;
  readonly asked: Array<Asked>;
  readonly close: () => Promise<void>;
};

const bodyOf = ({ json, text, bytes }: Reply): Buffer =>
  Buffer.from(bytes ?? (json === undefined ? (text ?? '') : JSON.stringify(json)));

export const startServer = async (script: Script): Promise<ScriptedServer> => {
  const asked: Array<Asked> = [];
  const server: Server = createServer((request, response) => {
    const parts: Array<Buffer> = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const seen = { method, url, headers, body: Buffer.concat(parts).toString('utf8') };
      const reply = script(seen, asked.push(seen));
      if (reply.silent) return;
      if (reply.cut === 'at-once') {
        request.socket.destroy();
        return;
      }
      const body = bodyOf(reply);
      const type = reply.json === undefined ? 'text/plain' : 'application/json';
      response.writeHead(reply.status ?? 200, { 'content-type': type, ...reply.headers });
      if (reply.cut === 'in-the-body') {
        response.write(body.subarray(0, Math.floor(body.length / 2)), () => request.socket.destroy());
      } else response.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${String(port)}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
