import type { NotErasable, ObjectId } from '@learnamp/directory-sync-domain';
import { whyNotErasable } from '@learnamp/directory-sync-domain';
import type { Connection } from '../connection/open-connection.js';
import type { Actor } from '../directory-sync.js';
import type { Pending } from '../record/recorder.js';
import { decisiveSamples } from '../state/counts.js';
import type { EngineState } from '../state/engine-state.js';
import { notErasable, unfinishedErasure, type Erasure } from './erasure.js';
import { finishErasures } from './finish-erasures.js';

/** The event of one erasure, with what the hold counted until now. */
export const erasedEvent = (
  { options, world }: Pick<Connection, 'options' | 'world'>,
  state: EngineState,
  userId: ObjectId,
  by: Actor,
): Pending => {
  const graphTime = state.connection().graphTime ?? world.now().toISOString();
  const { windowHours } = options.preferences.deactivationHold;
  const activeBefore = decisiveSamples(state.samples(), { graphTime, windowHours });
  return { type: 'PersonErased', data: { userId, actor: by.actor, reason: by.reason, activeBefore } };
};

type Standing = Erasure['outcome'] | { readonly because: NotErasable };

const standingOf = (state: EngineState, userId: ObjectId): Standing => {
  const person = state.person(userId);
  if (person?.everInScope !== true) return 'nothing-known';
  const { link } = state.delivered(userId);
  // Keys destroyed in a restored backup: nothing is known of the account any more, and the event for it is missing.
  if (person.erased && !person.inScope)
    return link === undefined && person.leave === undefined ? 'already-erased' : 'erased';
  const because = whyNotErasable(person, state.delivered(userId));
  if (because !== undefined) return { because };
  return 'erased';
};

/**
 * Records the erasure, then destroys the keys, then wipes what is on this machine: in that order, so that no key is missing
 * without the reason standing in the log. A repeat records nothing, and finishes what an earlier call left undone.
 */
export const erasePerson = async (connection: Connection, userId: ObjectId, by: Actor): Promise<Erasure> => {
  const { state, recorder } = await connection.open();
  await recorder.refresh();
  let standing: Standing = 'nothing-known';
  await recorder.administer(() => {
    standing = standingOf(state, userId);
    return standing === 'erased' ? [erasedEvent(connection, state, userId, by)] : [];
  });
  const outcome = standing as Standing;
  if (typeof outcome !== 'string') throw notErasable(userId, outcome.because);
  await finishErasures(connection, state).catch((cause: unknown) => {
    throw unfinishedErasure(cause);
  });
  return { userId, outcome };
};
