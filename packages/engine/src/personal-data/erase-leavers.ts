import type { ObjectId } from '@learnamp/directory-sync-domain';
import { havePassed } from '@learnamp/directory-sync-domain';
import type { Connection, OpenState } from '../connection/open-connection.js';
import { erasedEvent } from './erase-person.js';
import { tryToFinishErasures } from './finish-erasures.js';

/** So many in one cycle at most: the next ones are erased by the next full cycle. */
export const ERASED_AT_ONCE = 500;

const byTime = ([a, since]: readonly [ObjectId, string], [b, other]: readonly [ObjectId, string]): number =>
  since < other || (since === other && a < b) ? -1 : 1;

/** Who has been out for long enough at a Graph time: those who left first come first. */
export const dueLeavers = (
  leavers: Iterable<readonly [userId: ObjectId, since: string]>,
  months: number,
  graphTime: string,
): ReadonlyArray<ObjectId> =>
  [...leavers]
    .filter(([, since]) => havePassed(months, since, graphTime))
    .sort(byTime)
    .slice(0, ERASED_AT_ONCE)
    .map(([userId]) => userId);

/**
 * Retention: erases people whose deactivation was delivered, or who left without ever having an account, at least so many
 * months ago. Time is Graph's, as it was recorded then and as Graph tells it now, so a wrong clock of this machine erases
 * nobody. Resolves with how many were erased.
 */
export const eraseLeavers = async (
  connection: Connection,
  { state, recorder }: OpenState,
  graphTime: string | undefined,
): Promise<number> => {
  const { eraseLeaversAfterMonths: months } = connection.options.preferences;
  if (months === null || graphTime === undefined) return 0;
  const by = { actor: 'retention', reason: `left ${months} months ago or more` };
  let erased = 0;
  await recorder.record(() => {
    // Of whom an event cannot be read it is not known whether an account is still active: only by hand, by who looked.
    const leavers = [...state.leavers()].filter(([userId]) => state.unreadable(userId) === undefined);
    const due = dueLeavers(leavers, months, graphTime);
    erased = due.length;
    return due.map((userId) => erasedEvent(connection, state, userId, by));
  });
  if (erased === 0) return 0;
  connection.logger.info({ connectionId: connection.options.connectionId, erased }, 'Leavers were erased.');
  await tryToFinishErasures(connection, state);
  return erased;
};
