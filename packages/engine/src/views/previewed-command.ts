import type { Command, CommandOf, ObjectId } from '@learnamp/directory-sync-domain';
import { isProtectedRole, riskOf } from '@learnamp/directory-sync-domain';
import type { EngineState } from '../state/engine-state.js';
import type { PreviewedCommand, PreviewTotals } from '../sync-report.js';
import { commandFields } from '../why/command-fields.js';
import { commandReason } from './command-reason.js';
import { describeCommand } from './describe-command.js';

const nameOf = (state: EngineState, userId: ObjectId | undefined): string | undefined =>
  userId === undefined ? undefined : (state.person(userId)?.attributes.displayName ?? undefined);

const roleOf = (state: EngineState, userId: ObjectId | undefined): PreviewedCommand['role'] => {
  const role = userId === undefined ? undefined : state.delivered(userId).role;
  if (role === 'owner') return 'owner';
  return isProtectedRole(role) ? 'admin' : undefined;
};

/** Before it is answered: what Learn Amp is known to hold is what it meets. */
export const previewedCommand = (
  state: EngineState,
  command: Command,
  drifted: ReadonlyArray<string> = [],
): PreviewedCommand => {
  const userId = command.kind === 'EnsureTeam' ? undefined : command.userId;
  const delivered = state.delivered(userId ?? ('' as ObjectId));
  return {
    kind: command.kind,
    userId,
    displayName: nameOf(state, userId),
    role: roleOf(state, userId),
    held: false,
    reason: commandReason(command, drifted),
    risk: riskOf(command),
    ...commandFields(command, delivered),
    summary: describeCommand(command),
  };
};

const heldDeactivation = (state: EngineState, userId: ObjectId): CommandOf<'DeactivateUser'> | undefined => {
  const { link } = state.delivered(userId);
  const person = state.person(userId);
  if (link === undefined || person === undefined) return undefined;
  const left = person.leave?.reason === 'deleted' ? 'deleted' : 'left_scope';
  return { kind: 'DeactivateUser', userId, learnAmpUserId: link, reason: person.inScope ? 'disabled' : left };
};

/** What waits for approval and is not sent. */
export const previewedHolds = (state: EngineState): ReadonlyArray<PreviewedCommand> =>
  state.deliveredIn('held').flatMap((userId): ReadonlyArray<PreviewedCommand> => {
    const { hold } = state.delivered(userId);
    if (hold === undefined) return [];
    const holdReason = hold.reason;
    if (hold.kind === 'deactivations') {
      const command = heldDeactivation(state, userId);
      const summary = 'deactivate: waits for approval';
      return command === undefined ? [] : [{ ...previewedCommand(state, command), held: true, holdReason, summary }];
    }
    return [
      {
        kind: 'CreateUser',
        userId,
        displayName: nameOf(state, userId),
        role: undefined,
        held: true,
        holdReason,
        reason: 'joined',
        risk: 'visible',
        before: {},
        after: {},
        summary: 'create: waits for approval',
      },
    ];
  });

const counted = <K extends string>(
  commands: ReadonlyArray<PreviewedCommand>,
  keyOf: (command: PreviewedCommand) => K,
): Readonly<Partial<Record<K, number>>> => {
  const counts: Partial<Record<K, number>> = {};
  for (const command of commands) counts[keyOf(command)] = (counts[keyOf(command)] ?? 0) + 1;
  return counts;
};

const peopleWith = (commands: ReadonlyArray<PreviewedCommand>, role: 'owner' | 'admin'): number =>
  new Set(commands.flatMap((command) => (command.role === role ? [command.userId] : []))).size;

export const previewTotals = (commands: ReadonlyArray<PreviewedCommand>): PreviewTotals => {
  const sent = commands.filter(({ held }) => !held);
  const leaving = commands.filter(({ kind }) => kind === 'DeactivateUser');
  return {
    send: sent.length,
    held: commands.length - sent.length,
    byKind: counted(sent, ({ kind }) => kind),
    byReason: counted(sent, ({ reason }) => reason),
    byRisk: counted(sent, ({ risk }) => risk),
    owners: peopleWith(leaving, 'owner'),
    admins: peopleWith(leaving, 'admin'),
  };
};
