import type { Command, CommandId } from '@learnamp/directory-sync-domain';
import { commandCodecs, subjectOf } from '@learnamp/directory-sync-domain';
import type { DataKey } from '@learnamp/directory-sync-event-sourcing';
import { canonicalJson, hmacUnder } from '@learnamp/directory-sync-event-sourcing';
import type { DispatchedCommand } from '@learnamp/directory-sync-learn-amp';
import type { CycleContext } from '../observe/cycle-context.js';

/** Command ids are derived from cause and content, so the same command after a lost answer has the same id (design D2). */
const basisOf = (cycle: CycleContext, command: Command): string => {
  const connection = cycle.state.connection();
  if (command.kind === 'EnsureTeam') return connection.preferencesRevision;
  const facts = cycle.state.person(command.userId)?.factRevision ?? '';
  const observed = cycle.state.delivered(command.userId).observedRevision;
  return [facts, connection.preferencesRevision, observed].join('/');
};

const encode = (command: Command): unknown =>
  (commandCodecs[command.kind] as { readonly encode: (value: Command) => unknown }).encode(command);

export const dispatched = (
  cycle: CycleContext,
  command: Command,
  key: DataKey,
): DispatchedCommand & { mac: string } => {
  const subject = subjectOf(command);
  const content = canonicalJson(encode(command));
  const cause = canonicalJson([cycle.connectionId, subject, command.kind, basisOf(cycle, command)]);
  return {
    commandId: hmacUnder(key, 'command-id', `${cause}${content}`) as CommandId,
    mac: hmacUnder(key, 'command-mac', content),
    command,
    unknown: command.kind === 'CreateUser' && cycle.state.delivered(command.userId).createUncertain,
  };
};
