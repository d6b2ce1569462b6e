import type { Command, CommandKind } from '@learnamp/directory-sync-domain';
import { commandCodecs, subjectOf } from '@learnamp/directory-sync-domain';
import { describeCommand } from '../views/describe-command.js';
import type { Sent } from './open-commands.js';

/** One command, in words and as it would be sent. */
export type CommandView = {
  readonly kind: CommandKind;
  /** A person's object id, or a team's key. */
  readonly subject: string;
  readonly summary: string;
  /** Its content. `null` where the log says only that it was sent, and no plan of this version asks for it. */
  readonly command: unknown;
};

const encode = (command: Command): unknown =>
  (commandCodecs[command.kind] as { readonly encode: (value: Command) => unknown }).encode(command);

export const commandView = (command: Command): CommandView => ({
  kind: command.kind,
  subject: subjectOf(command),
  summary: describeCommand(command),
  command: encode(command),
});

export const sentView = ({ kind, subject, command }: Sent): CommandView =>
  command === undefined
    ? { kind, subject, summary: 'its content does not follow from the log', command: null }
    : commandView(command);
