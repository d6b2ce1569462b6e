/**
 * The guard that stands between what Graph sent and where the token goes.
 *
 * Guarantee: a URL that passes has the configured scheme, host and port written out exactly as configured (no user
 * information, no look-alike, no other spelling of the same host), a path below the configured one without any form of
 * `..`, and, for a link of a delta round, the same resource. It is decided on the text, not on what a URL parser makes
 * of it: parsers repair back-slashes, tabs and `%2e` silently, and two parsers repair differently.
 * The query stays opaque: `$skiptoken` and `$deltatoken` are Graph's own, in any spelling
 * (https://learn.microsoft.com/graph/delta-query-overview).
 */
import * as E from 'fp-ts/lib/Either.js';
import type { GraphFailure } from './directory-source.js';
import { parseBaseUrl } from './graph-base.js';
import type { GraphBase } from './graph-base.js';

export type UnsafeLink = Extract<GraphFailure, { readonly _tag: 'UnsafeLink' }>;
export type DeltaResource = 'users' | 'groups';

const LONGEST = 64 * 1024;
const FORBIDDEN = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff\\#]/;
const SHAPE = /^(https?):\/\/([^/?\s]+)(\/[^?\s]*)?(\?.*)?$/i;
/** What a path segment may hold once its escapes are undone: enough for `users`, `$batch`, ids and `delta()`. */
const SEGMENT = /^[A-Za-z0-9_$()'=,~-][A-Za-z0-9_.$()'=,~-]*$/;
const DELTA_FUNCTION = /^(microsoft\.graph\.)?delta(\(\))?$/i;

const hostOf = (link: string): string => {
  const host = URL.canParse(link) ? new URL(link).host : '';
  return host === '' ? '(no host)' : host;
};

const decoded = (segment: string): string | undefined => {
  try {
    const plain = decodeURIComponent(segment);
    return SEGMENT.test(plain) ? plain : undefined;
  } catch {
    return undefined;
  }
};

/** The segments below the base path, or `undefined` where the URL does not lie there. */
const segmentsBelow = (base: GraphBase, url: string): ReadonlyArray<string> | undefined => {
  if (url.length > LONGEST || FORBIDDEN.test(url) || url !== url.trim()) return undefined;
  const [, scheme, authority, path = ''] = SHAPE.exec(url) ?? [];
  if (scheme === undefined || authority === undefined) return undefined;
  if (`${scheme}://${authority}`.toLowerCase() !== base.origin) return undefined;
  if (!path.startsWith(`${base.path}/`)) return undefined;
  const segments = path
    .slice(base.path.length + 1)
    .split('/')
    .map(decoded);
  return segments.every((segment) => segment !== undefined) ? segments : undefined;
};

const refuse = (url: string): E.Either<UnsafeLink, never> => E.left({ _tag: 'UnsafeLink', host: hostOf(url) });

/** For every request: the token may go to this URL. */
export const guardTarget = (base: GraphBase, url: string): E.Either<UnsafeLink, string> =>
  segmentsBelow(base, url) === undefined ? refuse(url) : E.right(url);

/** For every link received or stored: the token may go there, and it continues the delta round of this resource. */
export const guardDeltaLink = (
  base: GraphBase,
  resource: DeltaResource,
  link: string,
): E.Either<UnsafeLink, string> => {
  const [first, second, ...more] = segmentsBelow(base, link) ?? [];
  const same =
    first?.toLowerCase() === resource && second !== undefined && DELTA_FUNCTION.test(second) && more.length === 0;
  return same ? E.right(link) : refuse(link);
};

/** A `Location` may be relative to the host; it is made absolute by writing it behind the origin, and guarded as any link. */
export const guardLocation = (
  base: GraphBase,
  resource: DeltaResource,
  location: string,
): E.Either<UnsafeLink, string> =>
  guardDeltaLink(base, resource, location.startsWith('/') ? base.origin + location : location);

/**
 * Whether a delta link may be followed with this `baseUrl`: the link itself, unchanged, or `UnsafeLink` with its host only.
 *
 * @example guardLink('https://graph.microsoft.com/v1.0', 'users', 'https://graph.microsoft.com.evil.example/v1.0/users/delta')
 * // left({ _tag: 'UnsafeLink', host: 'graph.microsoft.com.evil.example' })
 */
export const guardLink = (baseUrl: string, resource: DeltaResource, link: string): E.Either<UnsafeLink, string> =>
  guardDeltaLink(parseBaseUrl(baseUrl), resource, link);
