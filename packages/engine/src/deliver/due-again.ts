import type { CommandKind, ObjectId } from '@learnamp/directory-sync-domain';
import { isDueAgain, MOST_UNANSWERED, refusalKey, silentKinds } from '@learnamp/directory-sync-domain';
import type { EngineState } from '../state/engine-state.js';

/** After which one that gave no answer is tried for the first time: an outage of some kinds of command is over soon. */
const HOUR = 3_600_000;

/** Of one person: the refusals that Learn Amp is asked about once more in a round that closed at this time, by `refusalKey`. */
export const dueAgainOf = (
  state: Pick<EngineState, 'delivered'>,
  userId: ObjectId,
  graphTime: string,
): ReadonlyArray<string> => {
  const delivered = state.delivered(userId);
  const refused = Object.entries(delivered.rejected).flatMap(([kind, refusal]) =>
    isDueAgain(refusal, graphTime) ? [kind as CommandKind] : [],
  );
  const silent = silentKinds(delivered).filter((kind) => {
    const { times = 0, at = '' } = delivered.unanswered[kind] ?? {};
    const parked = times - MOST_UNANSWERED;
    return parked === 0 ? Date.parse(graphTime) - Date.parse(at) >= HOUR : isDueAgain({ at, times: parked }, graphTime);
  });
  return [...refused, ...silent].map((kind) => refusalKey(userId, kind));
};

/** The same of everybody: costs as much as there are people whom Learn Amp refused something. */
export const dueAgain = (
  state: Pick<EngineState, 'delivered' | 'deliveredIn'>,
  graphTime: string,
): ReadonlyArray<string> => state.deliveredIn('refused').flatMap((userId) => dueAgainOf(state, userId, graphTime));
