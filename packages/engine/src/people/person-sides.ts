import type { DirectoryEvent, ObjectId, Preferences } from '@learnamp/directory-sync-domain';
import type { ReadEvent } from '@learnamp/directory-sync-event-sourcing';
import { LogFailure } from '@learnamp/directory-sync-event-sourcing';
import { recordAccess } from '../access/record-access.js';
import type { Viewer } from '../access/access.js';
import { personAt } from '../audit/person-at.js';
import type { PersonAt } from '../audit/state-views.js';
import type { Connection } from '../connection/open-connection.js';
import { planContextOf } from '../deliver/plan-now.js';
import { logError } from '../failure.js';
import { inPlaceOf } from '../record/read-stream.js';
import { makeEngineState, type EngineState } from '../state/engine-state.js';
import type { Envelope } from '../state/fold-events.js';
import { reachOf } from '../views/person-view.js';

/** The moment of which both sides are asked for, and on whose behalf. */
export type PersonSidesOptions = {
  /** As they stood behind this event of the log. Default: now. */
  readonly revision?: bigint | undefined;
  /** What Learn Amp is to hold by these. Default: the present ones, also for a past moment. */
  readonly preferences?: Preferences | undefined;
  /** On whose behalf; recorded in the access log. */
  readonly by?: Viewer | undefined;
};

const sidesIn = (
  { options }: Connection,
  state: EngineState,
  userId: ObjectId,
  { revision, preferences = options.preferences }: PersonSidesOptions,
): PersonAt | undefined => {
  const person = state.person(userId);
  if (person === undefined) return undefined;
  const context = planContextOf(state, preferences);
  const reach = revision === undefined ? reachOf(state, options.groupId) : undefined;
  return personAt({ context, reach }, userId, { person, delivered: state.delivered(userId) });
};

const eventIn = (stream: string, read: ReadEvent<DirectoryEvent>): ReadonlyArray<Envelope> => {
  if (read._tag === 'Event') return [read.event];
  const instead = read._tag === 'Failed' ? inPlaceOf(stream, read.failure) : undefined;
  return instead === undefined ? [] : [instead];
};

/** A fold of what the log says of this one person: it costs as much as that, however long the log is. */
const foldedTo = async ({ stream }: Connection, userId: ObjectId, to: bigint): Promise<EngineState> => {
  const state = makeEngineState();
  try {
    for await (const page of stream.pagesBySubject(userId, { to })) {
      const last = page.at(-1);
      if (last === undefined) continue;
      const { revision, metadata } = last._tag === 'Failed' ? last.failure.record : last.record;
      const events = page.flatMap((read) => eventIn(stream.name, read));
      state.apply(events, { revision, hash: metadata.hash });
    }
  } catch (error) {
    if (error instanceof LogFailure) throw logError(error.failure);
    throw error;
  }
  return state;
};

/** One person as both sides stand, or stood. `undefined`: nothing was known of them. */
export const personSides = async (
  connection: Connection,
  userId: ObjectId,
  asked: PersonSidesOptions,
): Promise<PersonAt | undefined> => {
  const { revision, by } = asked;
  const present = await connection.present();
  await recordAccess(connection, { view: 'people', userIds: [userId], count: 1, by });
  if (revision === undefined) return sidesIn(connection, present, userId, asked);
  return sidesIn(connection, await foldedTo(connection, userId, revision), userId, asked);
};
