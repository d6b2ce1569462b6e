import type * as E from 'fp-ts/lib/Either.js';
import { parseBaseUrl } from '../graph-base.js';
import type { UnsafeLink } from '../link-guard.js';
import { guardLink, guardListLink, guardLocation, guardPhotoRedirect } from '../link-guard.js';
import { group, user } from './ids.js';

/** Each kind of link that an answer may lead on with, as the text of a link and what the guard says of it. */
export type LinkKind = {
  readonly name: string;
  /** Below the base. */
  readonly path: string;
  /** Another thing of the same Graph: another resource, another tenant's group, another person. */
  readonly other: string;
  /** Whether it may be relative to the host. */
  readonly location?: true;
  readonly guard: (baseUrl: string, link: string) => E.Either<UnsafeLink, string>;
};

const nested = (n: number): string => `groups/${group(n)}/transitiveMembers/microsoft.graph.group`;

export const linkKinds: ReadonlyArray<LinkKind> = [
  {
    name: 'a link of users/delta',
    path: 'users/delta',
    other: 'groups/delta',
    guard: (base, l) => guardLink(base, 'users', l),
  },
  {
    name: 'a link of groups/delta',
    path: 'groups/delta',
    other: `groups/${group(2)}/members/delta`,
    guard: (base, link) => guardLink(base, 'groups', link),
  },
  {
    name: 'the Location of a 410 of users/delta',
    path: 'users/delta',
    other: 'users',
    location: true,
    guard: (base, link) => guardLocation(parseBaseUrl(base), 'users', link),
  },
  {
    name: 'the Location of a 410 of groups/delta',
    path: 'groups/delta',
    other: 'users/delta',
    location: true,
    guard: (base, link) => guardLocation(parseBaseUrl(base), 'groups', link),
  },
  {
    name: 'the next page of nested groups',
    path: nested(1),
    other: nested(2),
    guard: (base, link) => guardListLink(parseBaseUrl(base), `${base}/${nested(1)}?$count=true&$select=id`, link),
  },
  {
    name: 'the next page of subscriptions',
    path: 'subscriptions',
    other: `users/${user(2)}`,
    guard: (base, link) => guardListLink(parseBaseUrl(base), `${base}/subscriptions`, link),
  },
  {
    name: 'the redirect of a photo',
    path: `users/${user(1)}/photos/504x504/$value`,
    other: `users/${user(2)}/photos/504x504/$value`,
    location: true,
    guard: (base, link) => guardPhotoRedirect(parseBaseUrl(base), user(1), link),
  },
];
