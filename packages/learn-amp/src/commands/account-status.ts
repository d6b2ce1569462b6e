import type { CommandOf, LearnAmpAccount, ObjectId, Outcome } from '@learnamp/directory-sync-domain';
import { isProtectedRole, toObjectId } from '@learnamp/directory-sync-domain';
import * as E from 'fp-ts/lib/Either.js';
import type { Answer } from '../http/attempt.js';
import { pathSegment } from '../http/path-segment.js';
import type { Exchange } from '../http/send.js';
import { findOtherOwner, readAccount } from '../rest/find-account.js';
import { isNotFound, isSuccess } from '../rest/read-answer.js';
import type { RestContext } from '../rest/rest-context.js';
import { readRefusal } from '../wire/read-refusal.js';
import type { Dispatch } from './dispatch.js';
import { notLookedUp, rejected, unanswered, unknown } from './outcomes.js';

type Change = { readonly to: 'deactivate' | 'reactivate'; readonly id: string };

const changeExchange = ({ to, id }: Change): Exchange => ({
  method: 'PUT',
  route: `PUT /v1/users/{id}/${to}`,
  path: `/v1/users/${pathSegment(id)}/${to}`,
  scope: `users:${to}`,
});

/** Success has no body to speak of. A page with status 200 is a proxy's, and the change may or may not have been made. */
const changed = ({ body }: Answer): Outcome =>
  body._tag === 'NotJson' ? unknown : { _tag: 'Succeeded', result: 'updated' };

const refusedBy = (answer: Answer): Outcome => {
  const refusal = readRefusal(answer);
  if (!refusal.readable) return rejected('protocol');
  if (refusal.seats) return rejected('no_seats');
  return refusal.owner ? rejected('last_owner') : rejected('validation', refusal.fields);
};

/** Somebody gave the account to another person of the directory by hand since it was linked (FC-46). */
const isOfAnother = ({ externalId }: LearnAmpAccount, userId: ObjectId): boolean => {
  const owner = toObjectId(externalId ?? '');
  return owner !== undefined && owner !== userId;
};

const sendDeactivation = async (
  context: RestContext,
  { command, signal }: Dispatch<CommandOf<'DeactivateUser'>>,
): Promise<Outcome> => {
  const answered = await context.send(changeExchange({ to: 'deactivate', id: command.learnAmpUserId }), signal);
  if (E.isLeft(answered)) return unanswered(answered.left);
  if (isSuccess(answered.right)) return changed(answered.right);
  return isNotFound(answered.right) ? rejected('not_found') : refusedBy(answered.right);
};

/** What the account says against it right now; `undefined`: nothing. */
const objection = (
  { command, unknown, approvedByName }: Dispatch<CommandOf<'DeactivateUser'>>,
  account: LearnAmpAccount | undefined,
): Outcome | undefined => {
  if (account === undefined) return rejected('not_found');
  if (account.status === 'deactivated') return { _tag: 'Succeeded', result: unknown ? 'found' : 'noop', account };
  if (isProtectedRole(account.role) && approvedByName !== true) return rejected('protected', ['role']);
  return isOfAnother(account, command.userId)
    ? rejected('duplicate_external_id', ['integrationExternalId'])
    : undefined;
};

/** Learn Amp's own refusal of the last owner is not documented, so nothing relies on it. */
const deactivateOwner = async (
  context: RestContext,
  dispatch: Dispatch<CommandOf<'DeactivateUser'>>,
): Promise<Outcome> => {
  const other = await findOtherOwner(context, dispatch.command.learnAmpUserId, dispatch.signal);
  if (E.isLeft(other)) return notLookedUp(other.left);
  return other.right === undefined ? rejected('last_owner', ['role']) : sendDeactivation(context, dispatch);
};

/**
 * Deactivates, after reading the account: tasks, enrolments and team memberships go at once and do not come back, so an
 * owner or admin is refused here unless somebody approved it by name, the last active owner always, as is an account that
 * carries another person's object id by now; one who is deactivated already is left alone.
 */
export const deactivateUser = async (
  context: RestContext,
  dispatch: Dispatch<CommandOf<'DeactivateUser'>>,
): Promise<Outcome> => {
  const { command, signal } = dispatch;
  const account = await readAccount(context, command.learnAmpUserId, signal);
  if (E.isLeft(account)) return notLookedUp(account.left);
  const refused = objection(dispatch, account.right);
  if (refused !== undefined) return refused;
  if (account.right?.role !== 'owner') return sendDeactivation(context, dispatch);
  return context.ownersInTurn('deactivation', () => deactivateOwner(context, dispatch));
};

/** Reactivates without reading first; a refusal is read to see whether there was anything to do. */
export const reactivateUser = async (
  context: RestContext,
  { command, signal }: Dispatch<CommandOf<'ReactivateUser'>>,
): Promise<Outcome> => {
  const answered = await context.send(changeExchange({ to: 'reactivate', id: command.learnAmpUserId }), signal);
  if (E.isLeft(answered)) return unanswered(answered.left);
  if (isSuccess(answered.right)) return changed(answered.right);
  const account = await readAccount(context, command.learnAmpUserId, signal);
  if (E.isLeft(account)) return notLookedUp(account.left);
  if (account.right === undefined) return rejected('not_found');
  if (account.right.status !== 'deactivated') return { _tag: 'Succeeded', result: 'noop', account: account.right };
  return isNotFound(answered.right) ? rejected('protocol') : refusedBy(answered.right);
};
