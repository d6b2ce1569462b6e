import type { ObjectId } from '@learnamp/directory-sync-domain';
import { DirectorySyncError } from '../directory-sync.js';
import { stopIfAborted } from '../observe/cycle-context.js';
import { makeAvatarDelivery, type AvatarDelivery } from './deliver-avatars.js';
import { isVisited, observePhotos } from './observe-photos.js';
import type { PhotoLane } from './photo-lane.js';
import { keepPlace, readPlace, stillToVisit } from './photo-place.js';

/** People whose photos are looked at before the place is kept: five batches. */
const STEP = 100;

/** What is no trouble of photos: it ends the cycle, as anywhere else. */
const endsCycle: ReadonlySet<DirectorySyncError['code']> = new Set([
  'stopped',
  'fenced',
  'log-unavailable',
  'key-store-mismatch',
]);

const cannotSet = ({ cycle }: PhotoLane): boolean =>
  cycle.learnAmp.avatars !== true && cycle.state.connection().unsupported.includes('SetAvatar');

/** A port that can set avatars is believed, whatever an earlier one answered. */
const noteCapability = async ({ cycle }: PhotoLane): Promise<void> => {
  if (cycle.learnAmp.avatars !== true) return;
  const { unsupported } = cycle.state.connection();
  const left = unsupported.filter((kind) => kind !== 'SetAvatar' && kind !== 'ClearAvatar');
  if (left.length === unsupported.length) return;
  await cycle.recorder.record(() => [{ type: 'LearnAmpCapabilitiesObserved', data: { unsupported: left } }]);
};

/** `false`: the turn was given back before the end. */
const visit = async (lane: PhotoLane, avatars: AvatarDelivery, userIds: ReadonlyArray<ObjectId>): Promise<boolean> => {
  const people = userIds.filter((userId) => isVisited(lane.cycle, userId));
  if (people.length === 0) return true;
  const { known, keys } = await observePhotos(lane, people);
  return avatars.deliver(known, keys);
};

const walk = async (lane: PhotoLane, avatars: AvatarDelivery): Promise<'done' | 'more'> => {
  const { cycle, cache } = lane;
  const kept = await readPlace(cache, cycle.connectionId);
  const from = lane.resumes === true ? kept.from : kept.at;
  // Where this one begins is kept before its first step: it may have to give its turn back within that.
  if (lane.resumes !== true) await keepPlace(cache, cycle.connectionId, { at: kept.at, from });
  const ids = [...cycle.state.inScope()].map(({ userId }) => userId).sort();
  const people = stillToVisit(ids, { at: kept.at, from });
  for (let begin = 0; begin < people.length; begin += STEP) {
    if (lane.yields()) return 'more';
    stopIfAborted(cycle);
    const step = people.slice(begin, begin + STEP);
    const goOn = () => keepPlace(cache, cycle.connectionId, { at: step.at(-1) ?? '', from });
    try {
      if (!(await visit(lane, avatars, step))) return 'more';
    } catch (error) {
      // Behind those who made trouble: they come last in the next lane, and keep it from nobody.
      if (error instanceof DirectorySyncError && !endsCycle.has(error.code)) await goOn();
      throw error;
    }
    await goOn();
    if (cannotSet(lane)) break;
  }
  return 'done';
};

/**
 * The photo lane (design D13): once round everybody in scope who has an active account. Which photo somebody has is asked in
 * batches at low priority and recorded; what differs from the avatar that was last sent is fetched and sent.
 *
 * Guarantees: nothing of it fails the cycle or keeps its other deliveries waiting (they are done before); a photo service or
 * an avatar store without an answer ends the lane with a line in the log, and the next lane goes on behind that place. Where
 * avatars are off, or the port cannot set them, nobody's photo is asked for.
 */
export const runPhotoLane = async (lane: PhotoLane): Promise<'done' | 'more'> => {
  const { cycle } = lane;
  if (!cycle.preferences.syncPhotos || cycle.learnAmp.avatars === false || cannotSet(lane)) return 'done';
  await noteCapability(lane);
  const avatars = makeAvatarDelivery(lane);
  try {
    return await walk(lane, avatars);
  } catch (error) {
    if (!(error instanceof DirectorySyncError) || endsCycle.has(error.code)) throw error;
    cycle.logger.warn({ code: error.code }, 'Photos were not finished; the next lane goes on.');
    return 'done';
  } finally {
    avatars.finish();
  }
};
