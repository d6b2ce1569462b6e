import * as E from 'fp-ts/lib/Either.js';
import { mistake, type Reader } from './reader.js';

const parsed = (input: unknown): URL | undefined => {
  if (typeof input !== 'string' || input.includes('\\') || /\s/.test(input)) return undefined;
  try {
    const url = new URL(input);
    return url.protocol === 'https:' || url.protocol === 'http:' ? url : undefined;
  } catch {
    return undefined;
  }
};

/** This machine and nothing else: 127.0.0.0/8, ::1 and `localhost`. `URL` has already folded spellings such as 127.1. */
export const isLoopback = (input: unknown): boolean => {
  const host = parsed(input)?.hostname;
  return host === 'localhost' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host ?? '');
};

/** What is wrong with the path of an address, or `undefined`. */
export type PathRule = (path: string, loopback: boolean) => string | undefined;

/** An address without a slash at its end. Plain http is for loopback only: what travels there is a bearer. */
export const webAddress =
  (pathRule: PathRule = () => undefined): Reader<string> =>
  (input, path) => {
    const url = parsed(input);
    if (url === undefined) return mistake(path, 'must be a web address, such as https://host.example');
    if (url.username !== '' || url.password !== '') return mistake(path, 'must not contain a user name or password');
    if (url.search !== '' || url.hash !== '') return mistake(path, 'must end before any "?" or "#"');
    const loopback = isLoopback(input);
    if (url.protocol === 'http:' && !loopback)
      return mistake(path, 'must start with https: plain http is accepted for loopback addresses only');
    const trimmed = url.pathname.replace(/\/+$/, '');
    const broken = pathRule(trimmed, loopback);
    return broken === undefined ? E.right(`${url.origin}${trimmed}`) : mistake(path, broken);
  };

export const graphPath: PathRule = (path, loopback) =>
  loopback || /\/(v\d+\.\d+|beta)$/.test(path)
    ? undefined
    : 'must end in the version of the API, such as https://graph.microsoft.com/v1.0';

export const learnAmpPath: PathRule = (path) =>
  /\/v1$/i.test(path) ? 'must not end in /v1: the client adds it' : undefined;

export const authorityPath: PathRule = (path, loopback) =>
  loopback || path === '' ? undefined : 'must have no path: the tenant is added from tenantId';

/** `host:port`, with brackets around an IPv6 host. */
export const listenAddress: Reader<string> = (input, path) => {
  const [, port] =
    (typeof input === 'string' ? /^(?:\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+):(\d{1,5})$/.exec(input) : null) ?? [];
  return typeof input === 'string' && port !== undefined && Number(port) <= 65_535
    ? E.right(input)
    : mistake(path, 'must be a host and a port, such as 127.0.0.1:8080');
};
