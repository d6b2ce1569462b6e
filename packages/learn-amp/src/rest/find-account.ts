import type { LearnAmpAccount, LearnAmpFailure, LearnAmpUserId } from '@learnamp/directory-sync-domain';
import { isActiveStatus } from '@learnamp/directory-sync-domain';
import * as E from 'fp-ts/lib/Either.js';
import { pathSegment } from '../http/path-segment.js';
import type { Exchange } from '../http/send.js';
import { decodeAccount } from '../wire/decode-account.js';
import type { AccountLookup } from '../learn-amp-port.js';
import { listPages, type Listing } from './list-pages.js';
import { readOne } from './read-answer.js';
import type { RestContext } from './rest-context.js';

export type Found = E.Either<LearnAmpFailure, LearnAmpAccount | undefined>;

const scope = 'users:read';
/** Whether a list without a status filter holds deactivated accounts is not documented, so every status is named. */
const everyStatus = ['not_invited', 'invite_scheduled', 'invite_pending', 'confirmed', 'deactivated'].map(
  (status) => ['filters[status][]', status] as const,
);

/** The list of users, expanded, with these filters. */
export const usersListing = (
  { slot }: RestContext,
  filters: ReadonlyArray<readonly [string, string]>,
): Listing<LearnAmpAccount> => ({
  route: 'GET /v1/users',
  path: '/v1/users',
  scope,
  query: [['expanded', 'true'], ...filters],
  key: 'users',
  decode: decodeAccount(slot),
  idOf: (account) => account.learnAmpUserId,
});

const readOneAccount = async (context: RestContext, exchange: Exchange, signal?: AbortSignal): Promise<Found> => {
  const answered = await context.send(exchange, signal);
  if (E.isLeft(answered)) return E.left(answered.left.failure);
  return readOne(exchange.route, decodeAccount(context.slot), answered.right);
};

export const readAccount = (context: RestContext, id: LearnAmpUserId, signal?: AbortSignal): Promise<Found> => {
  const path = `/v1/users/${pathSegment(id)}`;
  return readOneAccount(context, { method: 'GET', route: 'GET /v1/users/{id}', path, scope }, signal);
};

const firstOf = async (
  context: RestContext,
  listing: Listing<LearnAmpAccount>,
  matches: (account: LearnAmpAccount) => boolean,
  signal?: AbortSignal,
): Promise<Found> => {
  for await (const page of listPages(context.send, listing, signal)) {
    if (E.isLeft(page)) return page;
    const match = page.right.find(matches);
    if (match !== undefined) return E.right(match);
  }
  return E.right(undefined);
};

/** A custom field cannot be searched for, so with that slot, or none, nobody is found this way and no request is made. */
export const findByExternalId = (context: RestContext, externalId: string, signal?: AbortSignal): Promise<Found> => {
  if (context.slot !== 'integrationExternalId' || externalId === '') return Promise.resolve(E.right(undefined));
  // A path cannot hold these two: an address resolves them.
  if (externalId === '.' || externalId === '..') {
    const listing = usersListing(context, [['filters[integration_external_id]', externalId], ...everyStatus]);
    return firstOf(context, listing, (account) => account.externalId === externalId, signal);
  }
  const route = 'GET /v1/users/by_integration_external_id/{id}';
  const path = `/v1/users/by_integration_external_id/${pathSegment(externalId)}`;
  return readOneAccount(context, { method: 'GET', route, path, scope }, signal);
};

/** The filter may match more than was asked for, so addresses are compared here, without case. */
export const findByEmail = (context: RestContext, email: string, signal?: AbortSignal): Promise<Found> => {
  const wanted = email.trim().toLowerCase();
  if (wanted === '') return Promise.resolve(E.right(undefined));
  const listing = usersListing(context, [['filters[email]', wanted], ...everyStatus]);
  return firstOf(context, listing, (account) => account.email.trim().toLowerCase() === wanted, signal);
};

/** An owner beside this one who is active. The filter may match more than was asked for, so roles are compared here. */
export const findOtherOwner = (context: RestContext, id: LearnAmpUserId, signal?: AbortSignal): Promise<Found> =>
  firstOf(
    context,
    usersListing(context, [['filters[role]', 'owner']]),
    (account) => account.role === 'owner' && account.learnAmpUserId !== id && isActiveStatus(account.status),
    signal,
  );

export const findAccount = (context: RestContext, lookup: AccountLookup, signal?: AbortSignal): Promise<Found> => {
  switch (lookup.by) {
    case 'id':
      return readAccount(context, lookup.learnAmpUserId, signal);
    case 'externalId':
      return findByExternalId(context, lookup.externalId, signal);
    case 'email':
      return findByEmail(context, lookup.email, signal);
  }
};
