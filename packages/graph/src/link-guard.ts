/**
 * The guard that stands between what Graph sent and where the token goes.
 *
 * Guarantee: a URL that passes has the configured scheme, host and port (no user information, no look-alike, no other
 * spelling of the same host but its case and the port that goes without saying), a path below the configured one without
 * any form of `..`, and for a link that goes on with something, the same thing: the delta round of the same resource, the
 * same list, the photo of the same person. It is decided on the text, not on what a URL parser makes
 * of it: parsers repair back-slashes, tabs and `%2e` silently, and two parsers repair differently.
 * The query stays opaque: `$skiptoken` and `$deltatoken` are Graph's own, in any spelling
 * (https://learn.microsoft.com/graph/delta-query-overview).
 */
import type { ObjectId } from '@learnamp/directory-sync-domain';
import * as E from 'fp-ts/lib/Either.js';
import type { GraphFailure } from './directory-source.js';
import { originOf, parseBaseUrl } from './graph-base.js';
import type { GraphBase } from './graph-base.js';

export type UnsafeLink = Extract<GraphFailure, { readonly _tag: 'UnsafeLink' }>;
export type DeltaResource = 'users' | 'groups';

const LONGEST = 64 * 1024;
/** Controls, half characters, what turns the direction of a text or is not seen in it, and what parsers repair. */
const FORBIDDEN = /[\p{Cc}\p{Cf}\p{Surrogate}\u2028\u2029\\#]/u;
const SHAPE = /^(https?):\/\/([^/?\s]+)(\/[^?\s]*)?(\?.*)?$/i;
/** What a path segment may hold once its escapes are undone: enough for `users`, `$batch`, ids and `delta()`. */
const SEGMENT = /^[A-Za-z0-9_$()'=,~-][A-Za-z0-9_.$()'=,~-]*$/;
const DELTA_FUNCTION = /^(microsoft\.graph\.)?delta(\(\))?$/i;

/** A host as a parser writes it, with its port: nothing else of a link is shown or recorded. */
const HOST = /^[a-z0-9._:[\]-]{1,260}$/;

const hostOf = (link: string): string => {
  const host = URL.canParse(link) ? new URL(link).host : '';
  return HOST.test(host) ? host : '(no host)';
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
  if (originOf(scheme, authority) !== base.origin) return undefined;
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

const sameSegments = (one: ReadonlyArray<string>, other: ReadonlyArray<string>): boolean =>
  one.length === other.length && one.every((segment, index) => segment.toLowerCase() === other[index]?.toLowerCase());

/** For the next page of a list that was asked for by `listUrl`: the token may go there, and it is the same list. */
export const guardListLink = (base: GraphBase, listUrl: string, link: string): E.Either<UnsafeLink, string> => {
  const [asked, next] = [segmentsBelow(base, listUrl), segmentsBelow(base, link)];
  return asked !== undefined && next !== undefined && sameSegments(asked, next) ? E.right(link) : refuse(link);
};

const absolute = (base: GraphBase, location: string): string =>
  location.startsWith('/') ? base.origin + location : location;

/** Where the photo of a person is redirected to: the token may go there, and it is a photo of the same person. */
export const guardPhotoRedirect = (
  base: GraphBase,
  userId: ObjectId,
  location: string,
): E.Either<UnsafeLink, string> => {
  const url = absolute(base, location);
  // `users('…')` is another way to write `users/…`.
  const [users, id, photo, ...more] = (segmentsBelow(base, url) ?? []).flatMap((segment, index) => {
    const plain = segment.toLowerCase();
    const [, keyed] = (index === 0 && /^users\('([^']+)'\)$/.exec(plain)) || [];
    return keyed === undefined ? [plain] : ['users', keyed];
  });
  const same = users === 'users' && id === userId && (photo === 'photo' || photo === 'photos');
  return same && more.length <= 2 && more.at(-1) === '$value' ? E.right(url) : refuse(location);
};

/** A `Location` may be relative to the host; it is made absolute by writing it behind the origin, and guarded as any link. */
export const guardLocation = (
  base: GraphBase,
  resource: DeltaResource,
  location: string,
): E.Either<UnsafeLink, string> => guardDeltaLink(base, resource, absolute(base, location));

/**
 * Whether a delta link may be followed with this `baseUrl`: the link itself, unchanged, or `UnsafeLink` with its host only.
 *
 * @example guardLink('https://graph.microsoft.com/v1.0', 'users', 'https://graph.microsoft.com.evil.example/v1.0/users/delta')
 * // left({ _tag: 'UnsafeLink', host: 'graph.microsoft.com.evil.example' })
 */
export const guardLink = (baseUrl: string, resource: DeltaResource, link: string): E.Either<UnsafeLink, string> =>
  guardDeltaLink(parseBaseUrl(baseUrl), resource, link);
