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
import { namesOf, reachOf } from '../views/person-view.js';

/** The moment of which both sides are asked for, and on whose behalf. */
export type PersonSidesOptions = {
  /** As they stood behind this event of the log. Default: now. */
  readonly revision?: bigint | undefined;
  /** What Learn Amp is to hold by these. Default: the present ones, also for a past moment. */
  readonly preferences?: Preferences | undefined;
  /** On whose behalf; recorded in the access log. */
  readonly by?: Viewer | undefined;
};

/** The way in which somebody was in the scope, by their own events. */
type PastWay = { joinedBy: ReadonlyArray<ObjectId> };
type Past = { readonly state: EngineState; readonly way: PastWay };

/**
 * The nesting of groups is no part of one person's events, but the way they came in by is recorded. It is the way of the moment as
 * long as the group at its end still listed them; of somebody who was moved within the scope none is told.
 */
const pastPath = ({ state, way: { joinedBy } }: Past, userId: ObjectId): ReadonlyArray<ObjectId> => {
  const last = joinedBy.at(-1);
  if (last === undefined || state.person(userId)?.inScope !== true) return [];
  for (const [memberId] of state.membership.membersOf(last)) if (memberId === userId) return joinedBy;
  return [];
};

const withWay = (
  sides: PersonAt | undefined,
  groupPath: ReadonlyArray<ObjectId> | undefined,
  present: EngineState,
): PersonAt | undefined => {
  if (sides?.directory === null || sides === undefined) return sides;
  const path = groupPath ?? sides.directory.groupPath;
  const groupNames = namesOf(path, present.membership.nameOf);
  return { ...sides, directory: { ...sides.directory, groupPath: path, groupNames } };
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
const foldedTo = async ({ stream }: Connection, userId: ObjectId, to: bigint): Promise<Past> => {
  const state = makeEngineState();
  const way: PastWay = { joinedBy: [] };
  try {
    for await (const page of stream.pagesBySubject(userId, { to })) {
      const last = page.at(-1);
      if (last === undefined) continue;
      const { revision, metadata } = last._tag === 'Failed' ? last.failure.record : last.record;
      const events = page.flatMap((read) => eventIn(stream.name, read));
      state.apply(events, { revision, hash: metadata.hash });
      for (const event of events) if (event.type === 'UserJoinedGroup') way.joinedBy = event.data.path;
    }
  } catch (error) {
    if (error instanceof LogFailure) throw logError(error.failure);
    throw error;
  }
  return { state, way };
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
  if (revision === undefined) return withWay(sidesIn(connection, present, userId, asked), undefined, present);
  const past = await foldedTo(connection, userId, revision);
  return withWay(sidesIn(connection, past.state, userId, asked), pastPath(past, userId), present);
};
