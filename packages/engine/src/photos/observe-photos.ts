import type { DirectoryEvent, ObjectId } from '@learnamp/directory-sync-domain';
import type { DataKey } from '@learnamp/directory-sync-event-sourcing';
import { hmacUnder } from '@learnamp/directory-sync-event-sourcing';
import type { PhotoRead } from '@learnamp/directory-sync-graph';
import * as E from 'fp-ts/lib/Either.js';
import { DirectorySyncError } from '../directory-sync.js';
import { logError } from '../failure.js';
import { ask, type CycleContext } from '../observe/cycle-context.js';
import type { PhotoLane } from './photo-lane.js';

/** Of one request; a lane that waits longer for Graph ends, and the next one goes on. Milliseconds. */
export const PHOTO_PATIENCE_MS = 30_000;

/** Somebody whose photo may become an avatar now: in scope, with an active account of their own. */
export const isVisited = ({ state }: CycleContext, userId: ObjectId): boolean => {
  const person = state.person(userId);
  if (person?.inScope !== true || person.erased) return false;
  const { link, gone, status } = state.delivered(userId);
  return link !== undefined && !gone && status !== 'deactivated';
};

/**
 * A photo that was there and is not is looked for twice before it counts as removed: one 404 of one replica is no evidence
 * (design D4). Where none was known there is nothing to lose, so the first word stands.
 */
const readTwice = async (cycle: CycleContext, userIds: ReadonlyArray<ObjectId>): Promise<ReadonlyArray<PhotoRead>> => {
  const options = { signal: cycle.signal, priority: 'low', patienceMs: PHOTO_PATIENCE_MS } as const;
  const first = await ask(cycle.directory.photos.read(userIds, options));
  const doubted = first.flatMap(({ _tag, userId }) =>
    _tag === 'NoPhoto' && typeof cycle.state.person(userId)?.photo === 'string' ? [userId] : [],
  );
  if (doubted.length === 0) return first;
  const again = await ask(cycle.directory.photos.read(doubted, options));
  const second = new Map(again.map((read) => [read.userId, read]));
  return first.map((read) => second.get(read.userId) ?? read);
};

const changeOf = (
  cycle: CycleContext,
  keys: ReadonlyMap<string, DataKey>,
  read: PhotoRead,
): ReadonlyArray<DirectoryEvent> => {
  const { userId } = read;
  // Erased or gone from the scope meanwhile: nothing is recorded of them.
  const known = isVisited(cycle, userId) ? cycle.state.person(userId) : undefined;
  if (known === undefined) return [];
  const { photo = null } = known;
  if (read._tag === 'NoPhoto') return photo === null ? [] : [{ type: 'PhotoRemoved', data: { userId } }];
  const key = keys.get(userId);
  if (read._tag === 'Unreadable' || key === undefined) return [];
  const to = hmacUnder(key, 'photo-etag', read.etag);
  return photo === to ? [] : [{ type: 'PhotoChanged', data: { userId, from: photo, to } }];
};

/** Reads which photos these people have and records what is new. Returns those of whom that is known now, and their keys. */
export const observePhotos = async (
  { cycle, keys }: PhotoLane,
  userIds: ReadonlyArray<ObjectId>,
): Promise<{ readonly known: ReadonlyArray<ObjectId>; readonly keys: ReadonlyMap<string, DataKey> }> => {
  const reads = await readTwice(cycle, userIds);
  const unreadable = reads.flatMap((read) => (read._tag === 'Unreadable' ? [read.detail] : []));
  if (unreadable.length > 0) cycle.logger.debug({ people: unreadable.length, first: unreadable[0] }, 'photos unread');
  if (unreadable.length === reads.length)
    throw new DirectorySyncError('graph-protocol', `Microsoft Graph shows nobody's photo (${unreadable[0] ?? ''}).`);
  const found = await keys.current(reads.flatMap(({ _tag, userId }) => (_tag === 'Unreadable' ? [] : [userId])))();
  if (E.isLeft(found)) throw logError(found.left);
  await cycle.recorder.record(() => reads.flatMap((read) => changeOf(cycle, found.right, read)));
  return { known: reads.flatMap(({ _tag, userId }) => (_tag === 'Unreadable' ? [] : [userId])), keys: found.right };
};
