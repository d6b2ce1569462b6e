import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerRequest, type AnswerOptions } from './answer-request.js';
import { encodeBody, type SimulatedRequest, type SimulatedResponse, type System } from './exchange.js';

/** Requests above this are refused: neither system takes bodies of that size in the calls served here. */
const bodyLimit = 4 * 1024 * 1024;

export type HttpServerOptions = Omit<AnswerOptions, 'later'> & {
  readonly port: number;
  readonly systemOf: (path: string) => System;
};

export type RunningServer = { readonly origin: string; readonly close: () => Promise<void> };

const readBody = async (incoming: IncomingMessage): Promise<Buffer | undefined> => {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of incoming) {
    const bytes = part as Buffer;
    size += bytes.length;
    if (size <= bodyLimit) parts.push(bytes);
  }
  return size > bodyLimit ? undefined : Buffer.concat(parts);
};

const toRequest = (incoming: IncomingMessage, body: Buffer, systemOf: (path: string) => System): SimulatedRequest => {
  const target = incoming.url ?? '/';
  const mark = target.indexOf('?');
  const path = mark < 0 ? target : target.slice(0, mark);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return {
    system: systemOf(path),
    method: incoming.method ?? 'GET',
    path,
    query: new URLSearchParams(mark < 0 ? '' : target.slice(mark + 1)),
    headers,
    body,
    inBatch: false,
  };
};

const head = (outgoing: ServerResponse, { status, headers, body }: SimulatedResponse, length: number): void => {
  const contentType = Buffer.isBuffer(body) ? 'application/octet-stream' : 'application/json';
  const typed = body === undefined ? headers : { 'content-type': contentType, ...headers };
  outgoing.writeHead(status, status === 204 ? typed : { ...typed, 'content-length': String(length) });
};

const send = (outgoing: ServerResponse, response: SimulatedResponse): void => {
  const bytes = encodeBody(response.body);
  head(outgoing, response, bytes.length);
  outgoing.end(response.status === 204 ? undefined : bytes);
};

const sendHalf = (outgoing: ServerResponse, response: SimulatedResponse): void => {
  const bytes = encodeBody(response.body);
  head(outgoing, { ...response, status: response.status === 204 ? 200 : response.status }, Math.max(bytes.length, 2));
  outgoing.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => outgoing.destroy());
};

/** One HTTP server on loopback. `close` cuts open connections, hung ones and delayed ones included. */
export const startHttpServer = async (options: HttpServerOptions): Promise<RunningServer> => {
  const timers = new Set<NodeJS.Timeout>();
  const later = (milliseconds: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(() => {
        timers.delete(timer);
        resolve();
      }, milliseconds);
      timers.add(timer);
    });

  const serve = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const body = await readBody(incoming);
    if (body === undefined) {
      send(outgoing, { status: 413, headers: {}, body: undefined });
      return;
    }
    const request = toRequest(incoming, body, options.systemOf);
    const delivery = await answerRequest({ ...options, later }, request);
    if (delivery.kind === 'whole') send(outgoing, delivery.response);
    else if (delivery.kind === 'half') sendHalf(outgoing, delivery.response);
    else if (delivery.kind === 'cut') outgoing.destroy();
  };

  const server = createServer((incoming, outgoing) => {
    serve(incoming, outgoing).catch((cause: unknown) => {
      // A client that went away is no news; anything else is a defect of the simulator and must be seen.
      if (incoming.destroyed && !incoming.complete) return;
      process.emitWarning(`simulator: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}`);
      outgoing.destroy();
    });
  });
  // Clients keep connections; a server that closes an idle one first would look like a fault nobody planned.
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        for (const timer of timers) clearTimeout(timer);
        timers.clear();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
