import type { Outcome, Receipt } from '@learnamp/directory-sync-domain';
import type { DispatchedCommand } from '../learn-amp-port.js';
import type { RestContext } from '../rest/rest-context.js';
import { deactivateUser, reactivateUser } from './account-status.js';
import { createUser } from './create-user.js';
import { ensureTeam } from './ensure-team.js';
import { setCustomFields } from './set-custom-fields.js';
import { slotObjection } from './slot-objection.js';
import { updateAccount } from './update-account.js';
import type { UpdateCommand } from './user-fields.js';

type JointCommand = Exclude<UpdateCommand, { readonly kind: 'SetCustomFields' }>;

/** Custom fields go alone: an unknown one is answered like an unknown user, and would take the rest down with it. */
const joins = (command: DispatchedCommand['command']): command is JointCommand =>
  command.kind === 'LinkUser' ||
  command.kind === 'UpdateProfile' ||
  command.kind === 'ChangeEmail' ||
  command.kind === 'SetPrimaryTeam' ||
  command.kind === 'SetOverrideManager' ||
  command.kind === 'ClearOverrideManager';

/** The update at this place and those right behind it for the same account: one request carries them. */
const jointUpdate = (
  commands: ReadonlyArray<DispatchedCommand>,
  from: number,
): readonly [UpdateCommand, ...ReadonlyArray<UpdateCommand>] | undefined => {
  const first = commands[from]?.command;
  if (first === undefined || !joins(first)) return undefined;
  const following: Array<UpdateCommand> = [];
  for (const { command } of commands.slice(from + 1)) {
    if (!joins(command) || command.learnAmpUserId !== first.learnAmpUserId || command.kind === 'LinkUser') break;
    following.push(command);
  }
  return [first, ...following];
};

/** Before our id is written the slot is looked at once more. */
const update = async (
  context: RestContext,
  commands: readonly [UpdateCommand, ...ReadonlyArray<UpdateCommand>],
  signal?: AbortSignal,
): Promise<ReadonlyArray<Outcome>> => {
  const [first] = commands;
  const objection = first.kind === 'LinkUser' ? await slotObjection(context, first, signal) : undefined;
  return objection === undefined ? updateAccount(context, commands, signal) : [objection];
};

const executeOne = async (
  context: RestContext,
  { command, unknown, approvedByName }: DispatchedCommand,
  signal?: AbortSignal,
): Promise<ReadonlyArray<Outcome>> => {
  if (joins(command)) return update(context, [command], signal);
  switch (command.kind) {
    case 'CreateUser':
      return [await createUser(context, { command, unknown, signal })];
    case 'EnsureTeam':
      return [await ensureTeam(context, { command, unknown, signal })];
    case 'DeactivateUser':
      return [await deactivateUser(context, { command, unknown, approvedByName, signal })];
    case 'ReactivateUser':
      return [await reactivateUser(context, { command, unknown, signal })];
    case 'SetCustomFields':
      return [await setCustomFields(context, { command, unknown, signal })];
    // No public endpoint: a host that has one implements the port itself.
    case 'SetAvatar':
    case 'ClearAvatar':
    case 'SendInvitation':
      return [{ _tag: 'Unsupported' }];
  }
};

/** Runs the commands of one subject in order, up to the first that does not succeed; the rest have no receipt. */
export const execute = async (
  context: RestContext,
  commands: ReadonlyArray<DispatchedCommand>,
  signal?: AbortSignal,
): Promise<ReadonlyArray<Receipt>> => {
  const receipts: Array<Receipt> = [];
  while (receipts.length < commands.length) {
    const from = receipts.length;
    const next = commands[from];
    if (next === undefined) break;
    const joint = jointUpdate(commands, from);
    const outcomes =
      joint === undefined ? await executeOne(context, next, signal) : await update(context, joint, signal);
    for (const [offset, outcome] of outcomes.entries()) {
      const dispatched = commands[from + offset];
      if (dispatched !== undefined) receipts.push({ commandId: dispatched.commandId, outcome });
    }
    if (outcomes.some(({ _tag }) => _tag !== 'Succeeded')) break;
  }
  return receipts;
};
