import { randomUUID } from 'node:crypto';
import { isActiveStatus, toObjectId, type LearnAmpAccount } from '@learnamp/directory-sync-domain';
import * as E from 'fp-ts/lib/Either.js';
import type { Answer } from '../http/attempt.js';
import { findByEmail, readAccount, usersListing } from '../rest/find-account.js';
import { isNotFound } from '../rest/read-answer.js';
import type { RestContext } from '../rest/rest-context.js';
import { unwrapList } from '../wire/shown-text.js';
import { failed, noAnswer, note, ok, type LearnAmpCheck } from './learn-amp-check.js';

/** The first page of a list, and what its headers say. */
export type FirstPage = { readonly accounts: ReadonlyArray<LearnAmpAccount>; readonly total: string | null };

type Looked<A> = { readonly checks: ReadonlyArray<LearnAmpCheck>; readonly found: A | undefined };

const only = (check: LearnAmpCheck): Looked<never> => ({ checks: [check], found: undefined });

const readList = (context: RestContext, { body }: Answer): E.Either<string, ReadonlyArray<LearnAmpAccount>> => {
  const listing = usersListing(context, []);
  const list = body._tag === 'Json' ? unwrapList(body.value, listing.key) : undefined;
  if (list === undefined) return E.left('is no list of users');
  const accounts: Array<LearnAmpAccount> = [];
  for (const item of list) {
    const decoded = listing.decode(item);
    if (E.isLeft(decoded)) return decoded;
    accounts.push(decoded.right);
  }
  return E.right(accounts);
};

type Read = { readonly accounts: ReadonlyArray<LearnAmpAccount>; readonly answer: Answer };

/** The first page of the list with these filters, or what is wrong with it. */
const readFirstPage = async (
  context: RestContext,
  filters: ReadonlyArray<readonly [string, string]>,
  { name, signal }: { readonly name: LearnAmpCheck['check']; readonly signal: AbortSignal },
): Promise<E.Either<LearnAmpCheck, Read>> => {
  const listing = usersListing(context, filters);
  const query = [...listing.query, ['page', '1'] as const, ['perPage', '100'] as const];
  const answered = await context.send({ ...listing, method: 'GET', query }, signal);
  if (E.isLeft(answered)) return E.left(noAnswer(name, answered.left.failure));
  const accounts = readList(context, answered.right);
  return E.isLeft(accounts)
    ? E.left(failed(name, `The answer to ${listing.route} ${accounts.left}: check learnAmp.baseUrl.`))
    : E.right({ accounts: accounts.right, answer: answered.right });
};

const paged = ({ headers }: Answer): boolean => /^\d+$/.test(headers.get('total-pages') ?? '');

/** `GET /v1/users`, as it is read in every full cycle. */
export const checkAccounts = async (context: RestContext, signal: AbortSignal): Promise<Looked<FirstPage>> => {
  const read = await readFirstPage(context, [], { name: 'accounts', signal });
  if (E.isLeft(read)) return only(read.left);
  const { accounts, answer } = read.right;
  const total = answer.headers.get('total');
  const check = paged(answer)
    ? ok('accounts', `${total ?? String(accounts.length)} accounts are listed, in pages that say how many they are.`)
    : note('accounts', 'Pages do not say how many they are (Total-Pages): the list is read to its first empty page.');
  return { checks: [check], found: { accounts, total } };
};

/** `GET /v1/users/{id}` of somebody and of nobody. */
export const checkOneAccount = async (
  context: RestContext,
  some: LearnAmpAccount | undefined,
  signal: AbortSignal,
): Promise<LearnAmpCheck> => {
  const path = '/v1/users/999999999999';
  const nobody = await context.send({ method: 'GET', route: 'GET /v1/users/{id}', path, scope: 'users:read' }, signal);
  if (E.isLeft(nobody)) return noAnswer('one-account', nobody.left.failure);
  if (!isNotFound(nobody.right))
    return failed(
      'one-account',
      `An account that is not there is answered with ${String(nobody.right.status)} and not with 404: check learnAmp.baseUrl and any proxy.`,
    );
  if (some === undefined) return ok('one-account', 'Nobody is answered as nobody; there is no account to read.');
  const read = await readAccount(context, some.learnAmpUserId, signal);
  if (E.isLeft(read)) return noAnswer('one-account', read.left);
  if (read.right?.learnAmpUserId !== some.learnAmpUserId)
    return failed(
      'one-account',
      'An account that is listed is not found by its id: the list and GET /v1/users/{id} disagree.',
    );
  return read.right.role === undefined
    ? failed(
        'one-account',
        'An account does not show its role, so owners and admins cannot be told from others: ask Learn Amp.',
      )
    : ok('one-account', 'An account is found by its id and shows its role; nobody is answered as nobody.');
};

const foreignIds = (accounts: ReadonlyArray<LearnAmpAccount>): number =>
  accounts.filter(({ externalId }) => typeof externalId === 'string' && toObjectId(externalId) === undefined).length;

/** The slot our id is written into. */
export const checkExternalId = async (
  context: RestContext,
  { accounts }: FirstPage,
  signal: AbortSignal,
): Promise<LearnAmpCheck> => {
  if (context.slot !== 'integrationExternalId')
    return ok('external-id', 'The external id of Learn Amp is not used (preference externalId).');
  const path = `/v1/users/by_integration_external_id/${randomUUID()}`;
  const route = 'GET /v1/users/by_integration_external_id/{id}';
  const nobody = await context.send({ method: 'GET', route, path, scope: 'users:read' }, signal);
  if (E.isLeft(nobody)) return noAnswer('external-id', nobody.left.failure);
  if (!isNotFound(nobody.right))
    return failed(
      'external-id',
      `Nobody is looked up by external id with ${String(nobody.right.status)} and not with 404: this Learn Amp may not know external ids; set the preference externalId to "none".`,
    );
  const foreign = foreignIds(accounts);
  return foreign > 0
    ? note(
        'external-id',
        `${String(foreign)} of the first ${String(accounts.length)} accounts carry an external id of another integration: it is never overwritten; set the preference externalId to a custom field or to "none".`,
      )
    : ok('external-id', 'Accounts are looked up by external id, and no other integration uses it on the first page.');
};

/** `filters[email]`, in another case than the account's. */
export const checkEmail = async (
  context: RestContext,
  some: LearnAmpAccount | undefined,
  signal: AbortSignal,
): Promise<LearnAmpCheck> => {
  if (some === undefined) return ok('email', 'There is no account to look up by address.');
  const found = await findByEmail(context, some.email.toUpperCase(), signal);
  if (E.isLeft(found)) return noAnswer('email', found.left);
  return found.right?.learnAmpUserId === some.learnAmpUserId
    ? ok('email', 'An account is found by its address, whatever its case.')
    : failed(
        'email',
        'A listed account is not found by its address (filters[email]): existing accounts would not be adopted; ask Learn Amp.',
      );
};

/** The filter for deactivated accounts, and texts of statuses that nobody here knows. */
export const checkStatuses = async (
  context: RestContext,
  { accounts }: FirstPage,
  signal: AbortSignal,
): Promise<LearnAmpCheck> => {
  const gone = await readFirstPage(context, [['filters[status][]', 'deactivated']], { name: 'statuses', signal });
  if (E.isLeft(gone)) return gone.left;
  const active = gone.right.accounts.filter(({ status }) => isActiveStatus(status)).length;
  if (active > 0)
    return failed(
      'statuses',
      `The list of deactivated accounts shows ${String(active)} that are not: the text of the status has changed; ask Learn Amp.`,
    );
  const unknown = accounts.filter(({ status }) => status === 'unknown').length;
  return unknown > 0
    ? note(
        'statuses',
        `${String(unknown)} of the first ${String(accounts.length)} accounts have a status that is not known here: they count as active.`,
      )
    : ok('statuses', 'Deactivated accounts are told from active ones.');
};

/** The last owner is never deactivated, and this is how the others are found. */
export const checkOwners = async (context: RestContext, signal: AbortSignal): Promise<LearnAmpCheck> => {
  const owners = await readFirstPage(context, [['filters[role]', 'owner']], { name: 'owners', signal });
  if (E.isLeft(owners)) return owners.left;
  const count = owners.right.accounts.filter(({ role, status }) => role === 'owner' && isActiveStatus(status)).length;
  return count > 0
    ? ok('owners', `${String(count)} active ${count === 1 ? 'owner is' : 'owners are'} found by role.`)
    : note(
        'owners',
        'No owner is found by role (filters[role]): an owner who leaves is never deactivated, also when it is approved.',
      );
};
