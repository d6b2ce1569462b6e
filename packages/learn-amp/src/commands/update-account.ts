import type { LearnAmpAccount, LearnAmpUserId, Outcome } from '@learnamp/directory-sync-domain';
import * as E from 'fp-ts/lib/Either.js';
import type { Answer } from '../http/attempt.js';
import type { Fields } from '../http/encode-body.js';
import { pathSegment } from '../http/path-segment.js';
import type { Exchange, NoAnswer } from '../http/send.js';
import { readAccount } from '../rest/find-account.js';
import { isNotFound, isSuccess, readOne } from '../rest/read-answer.js';
import type { RestContext } from '../rest/rest-context.js';
import { decodeAccount } from '../wire/decode-account.js';
import { readRefusal } from '../wire/read-refusal.js';
import { classifyRefusal } from './classify-refusal.js';
import { notLookedUp, rejected, unanswered, unknown } from './outcomes.js';
import { updateFields, withoutField, type UpdateCommand } from './user-fields.js';

const route = 'PUT /v1/users/{id}';

type Put = { readonly answer: Answer; readonly withoutLanguage: boolean };

/** Sends the fields; where the language alone was refused, the rest goes again without it. */
const put = async (
  context: RestContext,
  { id, fields }: { readonly id: LearnAmpUserId; readonly fields: Fields },
  signal?: AbortSignal,
): Promise<E.Either<NoAnswer, Put>> => {
  const path = `/v1/users/${pathSegment(id)}`;
  const exchange: Exchange = { method: 'PUT', route, path, body: fields, scope: 'users:update' };
  const answered = await context.send(exchange, signal);
  const asSent = E.map((answer: Answer): Put => ({ answer, withoutLanguage: false }))(answered);
  if (E.isLeft(answered) || isSuccess(answered.right)) return asSent;
  const { fields: named } = readRefusal(answered.right);
  const onlyLanguage = named.length > 0 && named.every((field) => field === 'language');
  if (!onlyLanguage || !fields.has('language')) return asSent;
  const rest = await put(context, { id, fields: withoutField(fields, 'language') }, signal);
  return E.map((sent: Put): Put => ({ ...sent, withoutLanguage: true }))(rest);
};

/** The account in a successful answer. An empty body is fine; one that shows something else leaves the outcome open. */
const shownIn = (
  { slot }: RestContext,
  id: LearnAmpUserId,
  answer: Answer,
): E.Either<'unusable', LearnAmpAccount | undefined> => {
  if (answer.body._tag === 'Empty') return E.right(undefined);
  const account = readOne(route, decodeAccount(slot), answer);
  return E.isRight(account) && account.right?.learnAmpUserId === id ? account : E.left('unusable');
};

const succeeded = (
  command: UpdateCommand,
  { withoutLanguage }: Put,
  account: LearnAmpAccount | undefined,
): Outcome => ({
  _tag: 'Succeeded',
  result: 'updated',
  ...(account === undefined ? {} : { account }),
  ...(withoutLanguage && command.kind === 'UpdateProfile' && command.set.language !== undefined
    ? { dropped: ['language' as const] }
    : {}),
});

/** One command by itself, so that a refusal is its own. */
const updateOne = async (context: RestContext, command: UpdateCommand, signal?: AbortSignal): Promise<Outcome> => {
  const id = command.learnAmpUserId;
  const answered = await put(context, { id, fields: updateFields(context.slot, [command]) }, signal);
  if (E.isLeft(answered)) return unanswered(answered.left);
  const { answer } = answered.right;
  if (!isSuccess(answer)) return classifyRefusal(context, { command, answer, signal });
  const shown = shownIn(context, id, answer);
  return E.isLeft(shown) ? unknown : succeeded(command, answered.right, shown.right);
};

/** After a joint update was refused: each command apart, up to the first that does not succeed. */
const updateApart = async (
  context: RestContext,
  commands: ReadonlyArray<UpdateCommand>,
  signal?: AbortSignal,
): Promise<ReadonlyArray<Outcome>> => {
  const outcomes: Array<Outcome> = [];
  for (const command of commands) {
    const outcome = await updateOne(context, command, signal);
    outcomes.push(outcome);
    if (outcome._tag !== 'Succeeded') break;
  }
  return outcomes;
};

/**
 * Sets fields of one account by its id. Several commands go as one request, which sets all or nothing; outcomes are in the order
 * of the commands, and those after a failure are left out. A lost answer leaves all of them open, for all of them were sent.
 */
export const updateAccount = async (
  context: RestContext,
  commands: readonly [UpdateCommand, ...ReadonlyArray<UpdateCommand>],
  signal?: AbortSignal,
): Promise<ReadonlyArray<Outcome>> => {
  const [first] = commands;
  if (commands.length === 1) return [await updateOne(context, first, signal)];
  const id = first.learnAmpUserId;
  const answered = await put(context, { id, fields: updateFields(context.slot, commands) }, signal);
  if (E.isLeft(answered)) return answered.left.maybeApplied ? commands.map(() => unknown) : [unanswered(answered.left)];
  const { answer } = answered.right;
  if (isSuccess(answer)) {
    const shown = shownIn(context, id, answer);
    return commands.map((command) => (E.isLeft(shown) ? unknown : succeeded(command, answered.right, shown.right)));
  }
  if (isNotFound(answer)) {
    const account = await readAccount(context, id, signal);
    if (E.isLeft(account)) return [notLookedUp(account.left)];
    if (account.right === undefined) return [rejected('not_found')];
  }
  return updateApart(context, commands, signal);
};
