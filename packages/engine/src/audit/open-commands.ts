import type { Command, CommandKind } from '@learnamp/directory-sync-domain';
import { canonicalJson } from '@learnamp/directory-sync-event-sourcing';

/** A command that was sent. `command` is absent where the log sent something that no plan made here asks for. */
export type Sent = { readonly kind: CommandKind; readonly subject: string; readonly command?: Command | undefined };

/** What one event changed about what is to be sent. */
export type Following = {
  /** Asked for from this event on: the plan after it, less the plan before it. */
  readonly commands: ReadonlyArray<Command>;
  /** Asked for before, and no longer, although it was not sent. */
  readonly fellAway: ReadonlyArray<Command>;
  readonly sent: ReadonlyArray<Sent>;
};

export type Change = { readonly commands: Command[]; readonly fellAway: Command[]; readonly sent: Sent[] };

export const noChange = (): Change => ({ commands: [], fellAway: [], sent: [] });

/**
 * What is asked for and not sent yet, by subject. Invariant: commands told as asked for, less those told as fallen away and
 * those told as sent, are what stands here.
 */
export const makeOpenCommands = () => {
  const open = new Map<string, ReadonlyMap<string, Command>>();
  const keep = (subject: string, commands: ReadonlyMap<string, Command>): void => {
    if (commands.size === 0) open.delete(subject);
    else open.set(subject, commands);
  };
  return {
    /** What a plan asks for now. */
    plan: (subject: string, commands: ReadonlyArray<Command>, change: Change): void => {
      const before = open.get(subject);
      if (before === undefined && commands.length === 0) return;
      const after = new Map(commands.map((command) => [canonicalJson(command), command]));
      for (const [text, command] of after) if (before?.has(text) !== true) change.commands.push(command);
      for (const [text, command] of before ?? []) if (!after.has(text)) change.fellAway.push(command);
      keep(subject, after);
    },
    send: (subject: string, kind: CommandKind, change: Change): void => {
      const before = open.get(subject) ?? new Map<string, Command>();
      const found = [...before].find(([, command]) => command.kind === kind);
      change.sent.push({ kind, subject, command: found?.[1] });
      if (found === undefined) return;
      keep(subject, new Map([...before].filter(([text]) => text !== found[0])));
    },
    subjects: (): Iterable<string> => open.keys(),
  };
};

export type OpenCommands = ReturnType<typeof makeOpenCommands>;
