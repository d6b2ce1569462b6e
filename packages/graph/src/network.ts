import type { GraphWorld } from './graph-settings.js';
import { loadUndici } from './load-undici.js';

export type Network = { readonly fetch: GraphWorld['fetch']; readonly close: () => Promise<void> };

/**
 * The default network: undici's fetch over connections that are kept alive, bounded in number (to one address; default 16) and in time.
 * `close` ends what is still open.
 */
export const makeNetwork = (options: { readonly connections?: number | undefined } = {}): Network => {
  const { Agent, fetch: undiciFetch } = loadUndici();
  const dispatcher = new Agent({
    connections: options.connections ?? 16,
    keepAliveTimeout: 30_000,
    headersTimeout: 120_000,
    bodyTimeout: 120_000,
    connect: { timeout: 10_000 },
  });
  // undici's own types of Request and RequestInit differ from the built-in ones in name only.
  const fetch = ((input: string, init?: object) =>
    undiciFetch(input, { ...init, dispatcher })) as unknown as GraphWorld['fetch'];
  return { fetch, close: () => dispatcher.destroy() };
};
