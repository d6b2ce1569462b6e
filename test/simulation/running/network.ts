/** What no server can do to a request: the network itself. */
export type NetworkTrouble = {
  readonly system: 'graph' | 'learnAmp';
  /** Only requests that change something. */
  readonly writes?: boolean;
  /** The n-th request from now on. */
  readonly nth: number;
  /** From the n-th on, each. */
  readonly goesOn?: boolean;
  /** The request arrived and was carried out; its answer did not come. */
  readonly applied: boolean;
  readonly code: 'UND_ERR_HEADERS_TIMEOUT' | 'ECONNRESET' | 'ENOTFOUND' | 'UND_ERR_CONNECT_TIMEOUT';
};

export type Network = {
  readonly arm: (trouble: NetworkTrouble) => { readonly hits: () => number };
  readonly fetch: typeof globalThis.fetch;
  readonly heal: () => void;
};

type Armed = { readonly trouble: NetworkTrouble; matched: number; hits: number };

/** As undici rejects. */
const failure = (code: NetworkTrouble['code']): TypeError =>
  new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) });

export const makeNetwork = (
  fetch: typeof globalThis.fetch,
  systemOf: (url: string) => NetworkTrouble['system'],
): Network => {
  let armed: Armed[] = [];
  const strikes = (entry: Armed, url: string, method: string): boolean => {
    const { system, writes = false, nth, goesOn = false } = entry.trouble;
    if (system !== systemOf(url) || (writes && method === 'GET')) return false;
    entry.matched += 1;
    return goesOn ? entry.matched >= nth : entry.matched === nth;
  };
  return {
    arm: (trouble) => {
      const entry: Armed = { trouble, matched: 0, hits: 0 };
      armed.push(entry);
      return { hits: () => entry.hits };
    },
    fetch: async (input, init) => {
      const url = input instanceof Request ? input.url : String(input);
      const struck = armed.filter((entry) => strikes(entry, url, init?.method ?? 'GET'))[0];
      if (struck === undefined) return fetch(input, init);
      struck.hits += 1;
      if (struck.trouble.applied) await (await fetch(input, init)).arrayBuffer().catch(() => undefined);
      throw failure(struck.trouble.code);
    },
    heal: () => {
      armed = [];
    },
  };
};
