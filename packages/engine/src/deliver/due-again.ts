import type { CommandKind, ObjectId } from '@learnamp/directory-sync-domain';
import { isDueAgain, MOST_UNANSWERED, refusalKey, silentKinds } from '@learnamp/directory-sync-domain';
import type { EngineState } from '../state/engine-state.js';

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
    return isDueAgain({ at, times: times - MOST_UNANSWERED + 1 }, graphTime);
  });
  return [...refused, ...silent].map((kind) => refusalKey(userId, kind));
};

/** The same of everybody: costs as much as there are people whom Learn Amp refused something. */
export const dueAgain = (
  state: Pick<EngineState, 'delivered' | 'deliveredIn'>,
  graphTime: string,
): ReadonlyArray<string> => state.deliveredIn('refused').flatMap((userId) => dueAgainOf(state, userId, graphTime));
