import type { CommandKind } from '../commands.js';
import type { Draft } from '../evolve/change-by-type.js';
import type { DirectoryEventOf } from '../events/directory-events.js';
import { without } from './account-shown.js';
import type { DeliveredPerson } from './delivered-person.js';

/** So many cycles in a row in which others were answered, and the person is parked: it is theirs, and it does not pass. */
export const MOST_UNANSWERED = 5;

type Person = Draft<DeliveredPerson>;
type Unanswered = DirectoryEventOf<'CommandsUnanswered'>['data'];

/** The kinds of command that Learn Amp gave no answer to for too long. */
export const silentKinds = ({ unanswered }: Pick<DeliveredPerson, 'unanswered'>): ReadonlyArray<CommandKind> =>
  Object.entries(unanswered).flatMap(([kind, { times }]) => (times >= MOST_UNANSWERED ? [kind as CommandKind] : []));

/** The revision since which Learn Amp has given no answer to this kind of command for too long. */
export const silentSince = (
  { unanswered }: Pick<DeliveredPerson, 'unanswered'>,
  kind: CommandKind,
): string | undefined => {
  const noted = unanswered[kind];
  return noted !== undefined && noted.times >= MOST_UNANSWERED ? noted.revision : undefined;
};

export const noteUnanswered = (draft: Person, { items, graphTime }: Unanswered, revision: string): void => {
  for (const { subject, kind } of items) {
    if (kind === 'EnsureTeam' || subject !== draft.userId) continue;
    const times = (draft.unanswered[kind]?.times ?? 0) + 1;
    draft.unanswered = { ...draft.unanswered, [kind]: { times, at: graphTime, revision } };
  }
};

/** Any answer to a command of this kind, whatever it says. */
export const noteAnswer = (draft: Person, kind: CommandKind): void => {
  draft.unanswered = without(draft.unanswered, kind);
};
