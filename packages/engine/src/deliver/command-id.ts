import type { Command, CommandId } from '@learnamp/directory-sync-domain';
import { commandCodecs, isApprovedByName, subjectOf } from '@learnamp/directory-sync-domain';
import type { DataKey } from '@learnamp/directory-sync-event-sourcing';
import { canonicalJson, hmacUnder } from '@learnamp/directory-sync-event-sourcing';
import type { DispatchedCommand } from '@learnamp/directory-sync-learn-amp';
import type { CycleContext } from '../observe/cycle-context.js';

/** Where a command is planned: the connection, and everything that is known by then. */
export type PlannedAt = {
  readonly connectionId: string;
  readonly state: Pick<CycleContext['state'], 'connection' | 'person' | 'delivered'>;
};

/** Command ids are derived from cause and content, so the same command after a lost answer has the same id (design D2). */
const basisOf = ({ state }: PlannedAt, command: Command): string => {
  const connection = state.connection();
  // One that was deleted by hand and is made again is another command, or it would be taken for done.
  if (command.kind === 'EnsureTeam')
    return [connection.preferencesRevision, ...[connection.goneTeams[command.teamKey] ?? []].flat()].join('/');
  const facts = state.person(command.userId)?.factRevision ?? '';
  const observed = state.delivered(command.userId).observedRevision;
  return [facts, connection.preferencesRevision, observed].join('/');
};

const contentOf = (command: Command): string =>
  canonicalJson((commandCodecs[command.kind] as { readonly encode: (value: Command) => unknown }).encode(command));

const macOf = (key: DataKey, content: string): string => hmacUnder(key, 'command-mac', content);

const idOf = (
  at: PlannedAt,
  command: Command,
  { key, content }: { readonly key: DataKey; readonly content: string },
) => {
  const cause = canonicalJson([at.connectionId, subjectOf(command), command.kind, basisOf(at, command)]);
  return hmacUnder(key, 'command-id', `${cause}${content}`) as CommandId;
};

/** Binds the content of a command to the record of its dispatch, which does not hold it. */
export const commandMac = (key: DataKey, command: Command): string => macOf(key, contentOf(command));

export const commandIdOf = (at: PlannedAt, command: Command, key: DataKey): CommandId =>
  idOf(at, command, { key, content: contentOf(command) });

export const dispatched = (at: PlannedAt, command: Command, key: DataKey): DispatchedCommand & { mac: string } => {
  // Once for both: it is most of what a command costs here.
  const content = contentOf(command);
  const named = { commandId: idOf(at, command, { key, content }), mac: macOf(key, content), command };
  if (command.kind === 'EnsureTeam') return { ...named, unknown: false };
  const delivered = at.state.delivered(command.userId);
  return {
    ...named,
    unknown: command.kind === 'CreateUser' && delivered.createUncertain,
    ...(isApprovedByName(delivered, command.kind) ? { approvedByName: true as const } : {}),
  };
};
