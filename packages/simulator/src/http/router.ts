import type { SimulatedRequest, SimulatedResponse } from './exchange.js';

export type RouteArguments = { readonly request: SimulatedRequest; readonly parameters: ReadonlyArray<string> };
export type RouteHandler = (args: RouteArguments) => SimulatedResponse | Promise<SimulatedResponse>;

export type Route = {
  readonly method: string;
  /** Fixed segments, or `:` for a parameter; segments are compared without case, as both systems do. */
  readonly segments: ReadonlyArray<string>;
  readonly handle: RouteHandler;
};

/** `get('users/:/manager', …)`: the path without the leading slash. */
export const route = (method: string, path: string, handle: RouteHandler): Route => ({
  method,
  segments: path.split('/'),
  handle,
});

export type Matched =
  | { readonly kind: 'found'; readonly handle: RouteHandler; readonly parameters: ReadonlyArray<string> }
  | { readonly kind: 'wrong-method' }
  | { readonly kind: 'none' };

const parametersOf = (pattern: ReadonlyArray<string>, given: ReadonlyArray<string>): string[] | undefined => {
  if (pattern.length !== given.length) return undefined;
  const parameters: string[] = [];
  for (const [index, segment] of pattern.entries()) {
    const value = given[index] ?? '';
    if (segment === ':') {
      if (value === '') return undefined;
      parameters.push(value);
    } else if (segment.toLowerCase() !== value.toLowerCase()) return undefined;
  }
  return parameters;
};

/** The first route that fits wins, so fixed paths stand before parameters. */
export const matchRoute = (routes: ReadonlyArray<Route>, method: string, segments: ReadonlyArray<string>): Matched => {
  let known = false;
  for (const candidate of routes) {
    const parameters = parametersOf(candidate.segments, segments);
    if (parameters === undefined) continue;
    if (candidate.method === method) return { kind: 'found', handle: candidate.handle, parameters };
    known = true;
  }
  return known ? { kind: 'wrong-method' } : { kind: 'none' };
};

/** Splits before decoding, so `%2F` stays inside its segment. `undefined` for a malformed escape. */
export const pathSegments = (path: string): ReadonlyArray<string> | undefined => {
  try {
    return path
      .replace(/^\/+/, '')
      .replace(/\/+$/, '')
      .split('/')
      .map((segment) => decodeURIComponent(segment));
  } catch {
    return undefined;
  }
};
