import type { Server } from 'node:http';

const DRAIN_MS = 2_000;

/** Takes no more requests, gives those under way a moment to be answered, and frees the port. */
export const drainServer = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
