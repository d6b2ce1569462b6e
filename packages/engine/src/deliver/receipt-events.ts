import type { Command, DirectoryEvent, LearnAmpAccount, Outcome } from '@learnamp/directory-sync-domain';
import type { DispatchedCommand } from '@learnamp/directory-sync-learn-amp';

const linkEvents = (
  command: Command,
  outcome: Extract<Outcome, { _tag: 'Succeeded' }>,
): ReadonlyArray<DirectoryEvent> => {
  if (command.kind === 'LinkUser') {
    const { userId, learnAmpUserId } = command;
    return [{ type: 'UserLinked', data: { userId, learnAmpUserId, how: 'adopted' } }];
  }
  if (command.kind === 'CreateUser' && outcome.account !== undefined) {
    const how = outcome.result === 'found' ? 'found' : 'created';
    const { learnAmpUserId } = outcome.account;
    return [{ type: 'UserLinked', data: { userId: command.userId, learnAmpUserId, how } }];
  }
  if (command.kind === 'EnsureTeam' && outcome.teamId !== undefined) {
    const { teamKey, name } = command;
    const how = outcome.result === 'created' ? 'created' : 'existing';
    return [{ type: 'TeamEnsured', data: { teamKey, name, teamId: outcome.teamId, how } }];
  }
  return [];
};

/** An owner or admin, seen only when the account was read right before the deactivation: waits for a person by name. */
const protections: ReadonlyMap<string, 'protected' | 'last-owner'> = new Map([
  ['protected', 'protected'],
  ['last_owner', 'last-owner'],
]);

const observed = (command: Command, account: LearnAmpAccount | null): ReadonlyArray<DirectoryEvent> =>
  command.kind === 'EnsureTeam' ? [] : [{ type: 'LearnAmpUserObserved', data: { userId: command.userId, account } }];

const rejection = (
  { command, commandId }: DispatchedCommand,
  { code, fields }: Extract<Outcome, { _tag: 'Rejected' }>,
  graphTime: string,
): ReadonlyArray<DirectoryEvent> => {
  // Read by its id and not there: deleted by hand. What is seen is the fact, and it settles what was sent.
  if (code === 'not_found') return observed(command, null);
  const rejected: DirectoryEvent = { type: 'CommandRejected', data: { commandId, command, code, fields: [...fields] } };
  const reason = protections.get(code);
  if (command.kind !== 'DeactivateUser' || reason === undefined) return [rejected];
  const userIds = [command.userId];
  return [rejected, { type: 'CommandsHeld', data: { kind: 'deactivations', reason, userIds, graphTime } }];
};

/** The facts of one receipt. None: no answer, or nothing was done; the slot stays unknown and is looked up first. */
export const receiptEvents = (
  sent: DispatchedCommand,
  outcome: Outcome,
  graphTime: string,
): ReadonlyArray<DirectoryEvent> => {
  const { command, commandId } = sent;
  switch (outcome._tag) {
    case 'Succeeded': {
      const { result, account, dropped, photoHash } = outcome;
      const data = {
        commandId,
        command,
        result,
        ...(account === undefined ? {} : { account }),
        ...(dropped === undefined ? {} : { dropped }),
        ...(photoHash === undefined ? {} : { photoHash }),
      };
      return [{ type: 'CommandSucceeded', data }, ...linkEvents(command, outcome)];
    }
    case 'Exists':
      return observed(command, outcome.account);
    case 'Rejected':
      return rejection(sent, outcome, graphTime);
    case 'Deferred': {
      if (command.kind === 'EnsureTeam') return [];
      const waitingFor = command.kind === 'SetOverrideManager' ? command.managerUserId : null;
      return [
        { type: 'CommandDeferred', data: { userId: command.userId, kind: command.kind, on: outcome.on, waitingFor } },
      ];
    }
    case 'Unsupported':
      return [{ type: 'CommandRejected', data: { commandId, command, code: 'protocol', fields: ['unsupported'] } }];
    case 'Unknown':
    case 'Failed':
      return [];
  }
};
