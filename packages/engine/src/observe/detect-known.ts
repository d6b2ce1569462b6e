import type { DirectoryEvent, DirectoryPerson, UserObservation } from '@learnamp/directory-sync-domain';
import { detectUser, isOfDirectory, joinScope } from '@learnamp/directory-sync-domain';
import type { CycleContext } from './cycle-context.js';

/** Who has an event of the directory that cannot be read, and is read to the end anew, is recorded as a whole: that makes it good. */
const recordedAnew = (
  { state, tracked }: CycleContext,
  person: DirectoryPerson,
  seen: UserObservation,
): DirectoryEvent | undefined => {
  const unreadable = state.unreadable(seen.userId);
  if (unreadable === undefined || !isOfDirectory(unreadable.type)) return undefined;
  return person.inScope && seen._tag === 'UserObserved' && seen.complete
    ? joinScope(seen, tracked(), person.path)
    : undefined;
};

/** What an observation says that is not known of somebody yet. */
export const detectKnown = (
  context: CycleContext,
  person: DirectoryPerson,
  seen: UserObservation,
): ReadonlyArray<DirectoryEvent> => {
  const anew = recordedAnew(context, person, seen);
  return anew === undefined ? detectUser(person, seen, context.tracked()) : [anew];
};

/** Not in the scope, or by a joining that nobody can read any more (domain, `scopeDifference`). */
export const isToJoin = ({ inScope, erased }: DirectoryPerson): boolean => !inScope || erased;
