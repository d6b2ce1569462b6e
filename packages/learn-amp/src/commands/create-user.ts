import type { CommandOf, LearnAmpAccount, LearnAmpFailure, Outcome } from '@learnamp/directory-sync-domain';
import * as E from 'fp-ts/lib/Either.js';
import type { Answer } from '../http/attempt.js';
import type { Fields } from '../http/encode-body.js';
import type { Exchange, NoAnswer } from '../http/send.js';
import { findByEmail, findByExternalId, type Found } from '../rest/find-account.js';
import { isNotFound, isSuccess, readOne } from '../rest/read-answer.js';
import type { RestContext } from '../rest/rest-context.js';
import { decodeAccount } from '../wire/decode-account.js';
import { readRefusal, type Refusal } from '../wire/read-refusal.js';
import { askTwice } from './ask-twice.js';
import type { Dispatch } from './dispatch.js';
import { notLookedUp, rejected, unanswered, unknown } from './outcomes.js';
import { createFields, withoutField } from './user-fields.js';

type CreateUser = CommandOf<'CreateUser'>;

const route = 'POST /v1/users';

type Met = { readonly account: LearnAmpAccount; readonly by: 'externalId' | 'email' };

/** By external id first, since it names the person; the address only names a mailbox. */
const findPerson = async (
  context: RestContext,
  { externalId, identity }: CreateUser,
  signal?: AbortSignal,
): Promise<E.Either<LearnAmpFailure, Met | undefined>> => {
  const asMet = (by: Met['by']) => E.map((account: LearnAmpAccount | undefined) => account && { account, by });
  const known: Found = externalId === null ? E.right(undefined) : await findByExternalId(context, externalId, signal);
  if (E.isLeft(known) || known.right !== undefined) return asMet('externalId')(known);
  return asMet('email')(await findByEmail(context, identity.email, signal));
};

type Posted = { readonly answer: Answer; readonly refusal: Refusal; readonly withoutLanguage: boolean };

const post = async (context: RestContext, body: Fields, signal?: AbortSignal): Promise<E.Either<NoAnswer, Posted>> => {
  const exchange: Exchange = { method: 'POST', route, path: '/v1/users', body, scope: 'users:create' };
  const answered = await context.send(exchange, signal);
  if (E.isLeft(answered)) return answered;
  const refusal = readRefusal(answered.right);
  const onlyLanguage = refusal.fields.length > 0 && refusal.fields.every((field) => field === 'language');
  // A company offers only some languages. The person matters more, and the account shows which language it has.
  if (!isSuccess(answered.right) && onlyLanguage && body.has('language'))
    return E.map((posted: Posted) => ({ ...posted, withoutLanguage: true }))(
      await post(context, withoutField(body, 'language'), signal),
    );
  return E.right({ answer: answered.right, refusal, withoutLanguage: false });
};

/**
 * Whether an account is what this creation makes. Only asked where no external id can tell (the slot is a custom field or
 * none): an account that looks exactly like ours and has the status of a new one is taken for ours.
 */
const looksCreated = ({ identity, profile, invite }: CreateUser, account: LearnAmpAccount): boolean => {
  const fresh = invite === 'now' ? ['invite_pending', 'confirmed'] : ['not_invited'];
  const same = (sent: string | undefined, shown: string | null | undefined): boolean =>
    sent === undefined || shown === undefined || sent === shown;
  return (
    fresh.includes(account.status) &&
    account.firstName === identity.firstName &&
    account.lastName === identity.lastName &&
    same(profile.jobTitle, account.jobTitle) &&
    same(profile.department, account.department) &&
    same(profile.location, account.location) &&
    same(profile.hireDate, account.hireDate)
  );
};

const isOurs = ({ slot }: RestContext, command: CreateUser, { account, by }: Met): boolean => {
  const { externalId } = command;
  if (by === 'externalId' || (externalId !== null && account.externalId === externalId)) return true;
  if (slot === 'integrationExternalId' && externalId !== null) return false;
  return typeof account.externalId !== 'string' && looksCreated(command, account);
};

/** An account met when an attempt may have made it. */
const outcomeOf = (context: RestContext, command: CreateUser, met: Met): Outcome =>
  isOurs(context, command, met)
    ? { _tag: 'Succeeded', result: 'found', account: met.account }
    : { _tag: 'Exists', account: met.account };

const recover = async (context: RestContext, { command, signal }: Dispatch<CreateUser>): Promise<Outcome> => {
  const found = await askTwice(context.world, signal, async () => {
    const answer = await findPerson(context, command, signal);
    return E.isRight(answer) && answer.right === undefined ? undefined : answer;
  });
  if (found === undefined || E.isLeft(found) || found.right === undefined) return unknown;
  return outcomeOf(context, command, found.right);
};

/**
 * Why it was refused, after nobody in the company was found with this id or address. That look-up was answered, so the
 * base URL is right, and whatever was refused is this person's matter alone.
 */
const classify = ({ slot }: RestContext, answer: Answer, refusal: Refusal): Outcome => {
  if (isNotFound(answer))
    return typeof slot === 'object' ? rejected('unknown_custom_field', [slot.customField]) : rejected('protocol');
  if (!refusal.readable) return rejected('protocol');
  if (refusal.seats) return rejected('no_seats');
  if (refusal.taken.includes('integrationExternalId'))
    return rejected('duplicate_external_id', ['integrationExternalId']);
  if (refusal.taken.includes('email') || (answer.status === 409 && refusal.fields.length === 0))
    return rejected('email_used_elsewhere', ['email']);
  if (refusal.fields.length > 0 && refusal.fields.every((field) => field === 'language'))
    return rejected('unknown_language', ['language']);
  return rejected('validation', refusal.fields);
};

const afterRefusal = async (
  context: RestContext,
  { command, unknown: sentBefore, signal }: Dispatch<CreateUser>,
  refused: { readonly answer: Answer; readonly refusal: Refusal },
): Promise<Outcome> => {
  const found = await findPerson(context, command, signal);
  if (E.isLeft(found)) return notLookedUp(found.left);
  if (found.right === undefined) return classify(context, refused.answer, refused.refusal);
  return sentBefore ? outcomeOf(context, command, found.right) : { _tag: 'Exists', account: found.right.account };
};

/**
 * Creates first and looks only after a refusal: most people are new, so most take one request. Where an earlier attempt
 * may have arrived it looks first, so that nobody gets a second account or a second invitation.
 */
export const createUser = async (context: RestContext, dispatch: Dispatch<CreateUser>): Promise<Outcome> => {
  const { command, signal } = dispatch;
  // The API cannot date an invitation; sending it today instead would be a mail nobody asked for.
  if (typeof command.invite === 'object') return { _tag: 'Unsupported' };
  if (dispatch.unknown) {
    const found = await findPerson(context, command, signal);
    if (E.isLeft(found)) return notLookedUp(found.left);
    if (found.right !== undefined) return outcomeOf(context, command, found.right);
  }
  const posted = await post(context, createFields(context.slot, command), signal);
  if (E.isLeft(posted)) return posted.left.maybeApplied ? recover(context, dispatch) : unanswered(posted.left);
  const { answer, withoutLanguage } = posted.right;
  if (!isSuccess(answer)) return afterRefusal(context, dispatch, posted.right);
  const account = readOne(route, decodeAccount(context.slot), answer);
  if (E.isLeft(account) || account.right === undefined) return recover(context, dispatch);
  const dropped = withoutLanguage ? { dropped: ['language' as const] } : {};
  return { _tag: 'Succeeded', result: 'created', account: account.right, ...dropped };
};
