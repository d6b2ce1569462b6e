import type { Agent } from 'undici';
import type { GraphWorld } from './graph-settings.js';
import { loadUndici } from './load-undici.js';

export type Network = { readonly fetch: GraphWorld['fetch']; readonly close: () => Promise<void> };

/**
 * The default network: undici's fetch over connections that are kept alive, bounded in number (to one address; default 16) and in time.
 * `close` ends what is still open.
 */
export const makeNetwork = (options: { readonly connections?: number | undefined } = {}): Network => {
  let agent: Agent | undefined;
  let closed = false;
  // With the first request: half of what is done with a connection asks for nothing.
  const open = (): Agent => {
    const { Agent: Dispatcher } = loadUndici();
    agent ??= new Dispatcher({
      connections: options.connections ?? 16,
      keepAliveTimeout: 30_000,
      headersTimeout: 120_000,
      bodyTimeout: 120_000,
      connect: { timeout: 10_000 },
    });
    return agent;
  };
  const fetch = async (input: string, init?: object): Promise<unknown> => {
    if (closed) throw new TypeError('fetch failed: the network was closed');
    return loadUndici().fetch(input, { ...init, dispatcher: open() });
  };
  return {
    // undici's own types of Request and RequestInit differ from the built-in ones in name only.
    fetch: fetch as unknown as GraphWorld['fetch'],
    close: async () => {
      closed = true;
      await agent?.destroy();
    },
  };
};
