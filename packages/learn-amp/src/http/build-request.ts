import type { HttpRequest } from './attempt.js';
import { encodeBody } from './encode-body.js';
import type { Exchange } from './exchange.js';

/** The request of a call; `undefined` where it would leave the configured address or mean another path. */
export const buildRequest = (
  { base, encoding }: { readonly base: string; readonly encoding: 'form' | 'json' },
  { method, path, query, body }: Exchange,
): HttpRequest | undefined => {
  const search =
    query === undefined
      ? ''
      : `?${new URLSearchParams(query.map(([key, value]): [string, string] => [key, value])).toString()}`;
  const url = base + path + search;
  // The bearer leaves for the configured address alone, and for the path that was meant: an id like ".." changes it.
  const target = new URL(url);
  const root = new URL(base);
  if (target.origin !== root.origin || target.pathname !== root.pathname.replace(/\/$/, '') + path) return undefined;
  if (body === undefined) return { method, url, headers: { accept: 'application/json' } };
  const { contentType, text } = encodeBody(encoding, body);
  return { method, url, headers: { accept: 'application/json', 'content-type': contentType }, body: text };
};
