import type { Outcome } from '@learnamp/directory-sync-domain';
import * as E from 'fp-ts/lib/Either.js';
import type { Answer } from '../http/attempt.js';
import { findByEmail, readAccount } from '../rest/find-account.js';
import { isNotFound } from '../rest/read-answer.js';
import type { RestContext } from '../rest/rest-context.js';
import { readRefusal, type Refusal } from '../wire/read-refusal.js';
import { notLookedUp, rejected } from './outcomes.js';
import type { UpdateCommand } from './user-fields.js';

type Refused = {
  readonly command: UpdateCommand;
  readonly answer: Answer;
  readonly signal?: AbortSignal | undefined;
};

const deferred: Outcome = { _tag: 'Deferred', on: 'manager-inactive' };

/** The custom fields a command sends, by name. */
const customFieldsOf = ({ slot }: RestContext, command: UpdateCommand): ReadonlyArray<string> => {
  if (command.kind === 'SetCustomFields') return command.fields.map(({ name }) => name);
  return command.kind === 'LinkUser' && command.externalId !== null && typeof slot === 'object'
    ? [slot.customField]
    : [];
};

const unknownTeam = (context: RestContext, command: UpdateCommand & { readonly kind: 'SetPrimaryTeam' }): Outcome => {
  context.teams.forget(command.teamId);
  return rejected('unknown_team', ['primaryTeamId']);
};

/** 404 means the account is gone, or that something the body names is not there: only a read can tell. */
const classifyNotFound = async (context: RestContext, { command, signal }: Refused): Promise<Outcome> => {
  const account = await readAccount(context, command.learnAmpUserId, signal);
  if (E.isLeft(account)) return notLookedUp(account.left);
  if (account.right === undefined) return rejected('not_found');
  const customFields = customFieldsOf(context, command);
  if (customFields.length > 0) return rejected('unknown_custom_field', customFields);
  if (command.kind === 'SetPrimaryTeam') return unknownTeam(context, command);
  return command.kind === 'SetOverrideManager' ? deferred : rejected('protocol');
};

/** Somebody of the company, or an account that this company cannot see. */
const classifyTakenEmail = async (context: RestContext, { command, signal }: Refused): Promise<Outcome> => {
  const holder = await findByEmail(context, command.identity.email, signal);
  if (E.isLeft(holder)) return notLookedUp(holder.left);
  if (holder.right === undefined) return rejected('email_used_elsewhere', ['email']);
  return holder.right.learnAmpUserId === command.learnAmpUserId
    ? rejected('validation', ['email'])
    : rejected('duplicate_email', ['email']);
};

const mentions = (refusal: Refusal, ...names: ReadonlyArray<string>): boolean =>
  names.some((name) => refusal.fields.includes(name));

/** A field that may not be empty keeps its value. The answer does not name it, so every one that was to be emptied is named. */
const requiredField = (
  { fields }: UpdateCommand & { readonly kind: 'SetCustomFields' },
  { blank }: Refusal,
): Outcome | undefined => {
  const emptied = fields.filter(({ value }) => value === null || value === '').map(({ name }) => name);
  const aboutValue = blank.some((field) => field === 'value' || field === 'customFields');
  return aboutValue && emptied.length > 0 ? rejected('required_custom_field', emptied) : undefined;
};

/** What the fields it names mean for this kind of command; `undefined` where nothing special. */
const classifyOwnField = (context: RestContext, command: UpdateCommand, refusal: Refusal): Outcome | undefined => {
  switch (command.kind) {
    case 'LinkUser':
      return refusal.taken.includes('integrationExternalId') || (refusal.status === 409 && refusal.fields.length === 0)
        ? rejected('duplicate_external_id', ['integrationExternalId'])
        : undefined;
    case 'SetPrimaryTeam':
      return mentions(refusal, 'primaryTeamId', 'primaryTeamIntegrationExternalId')
        ? unknownTeam(context, command)
        : undefined;
    // Learn Amp takes active users of the company only; the manager may become one later.
    case 'SetOverrideManager':
      return mentions(refusal, 'managerId', 'managerEmail') ? deferred : undefined;
    case 'SetCustomFields':
      return requiredField(command, refusal);
    case 'UpdateProfile':
    case 'ChangeEmail':
    case 'ClearOverrideManager':
      return undefined;
  }
};

/** Why Learn Amp refused one update. Names fields, never what stood in them. */
export const classifyRefusal = async (context: RestContext, refused: Refused): Promise<Outcome> => {
  const { command, answer } = refused;
  if (isNotFound(answer)) return classifyNotFound(context, refused);
  const refusal = readRefusal(answer);
  if (!refusal.readable) return rejected('protocol');
  const own = classifyOwnField(context, command, refusal);
  if (own !== undefined) return own;
  if (refusal.taken.includes('email') || (command.kind === 'ChangeEmail' && answer.status === 409))
    return classifyTakenEmail(context, refused);
  if (refusal.fields.length > 0 && refusal.fields.every((field) => field === 'language'))
    return rejected('unknown_language', ['language']);
  return rejected('validation', refusal.fields);
};
