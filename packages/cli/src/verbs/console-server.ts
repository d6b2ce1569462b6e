import { serve } from '@hono/node-server';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { drainServer } from './drain-server.js';
import type { HttpServer } from './http-server.js';

const HOST = '127.0.0.1';

export const isPortInUse = (problem: unknown): boolean =>
  problem instanceof Error && 'code' in problem && problem.code === 'EADDRINUSE';

export const portInUse = (port: number): string =>
  `Another process listens on ${HOST}:${port} already: choose another --port.`;

/** Serves a handler on this machine's own address. Rejects where the port cannot be had. */
export const openConsoleServer = async (
  fetch: (request: Request) => Promise<Response>,
  port: number,
): Promise<HttpServer> => {
  const server = await new Promise<Server>((resolve, reject) => {
    const listening = serve({ fetch, port, hostname: HOST }, () => resolve(listening)) as Server;
    listening.once('error', reject);
  });
  const { port: bound } = server.address() as AddressInfo;
  return {
    address: `${HOST}:${bound}`,
    close: () => drainServer(server),
  };
};
