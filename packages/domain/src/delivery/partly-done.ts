import type { Command } from '../commands.js';
import type { Draft } from '../evolve/change-by-type.js';
import type { DirectoryEventOf } from '../events/directory-events.js';
import { without } from './account-shown.js';
import { applyCommand } from './apply-command.js';
import type { DeliveredPerson } from './delivered-person.js';

type Person = Draft<DeliveredPerson>;

const languageSent = (command: Command): string | undefined => {
  if (command.kind === 'CreateUser') return command.profile.language;
  return command.kind === 'UpdateProfile' ? command.set.language : undefined;
};

/** Where the rest was done without the language, the account keeps the one it has. */
export const noteLanguage = (
  draft: Person,
  { command, dropped }: DirectoryEventOf<'CommandSucceeded'>['data'],
  held: string | null | undefined,
): void => {
  const sent = languageSent(command);
  if (sent === undefined) return;
  draft.refusedLanguage = undefined;
  if (dropped?.includes('language') !== true) return;
  draft.refusedLanguage = sent;
  draft.profile = { ...without(draft.profile, 'language'), ...(held === undefined ? {} : { language: held }) };
};

/** Custom fields of which some were refused by name: the others were written, and those alone stay refused. */
export const refusedPart = (
  draft: Person,
  command: Command,
  fields: ReadonlyArray<string>,
  revision: string,
): Command => {
  if (command.kind !== 'SetCustomFields') return command;
  const isNamed = ({ name }: { readonly name: string }): boolean => fields.includes(name);
  const refused = command.fields.filter(isNamed);
  if (refused.length === 0) return command;
  const written = command.fields.filter((field) => !isNamed(field));
  if (written.length > 0) applyCommand(draft, { ...command, fields: written }, revision);
  return { ...command, fields: refused };
};
