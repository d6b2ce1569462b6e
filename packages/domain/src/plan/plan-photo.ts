import type { Command } from '../commands.js';
import type { DeliveredPerson } from '../delivery/delivered-person.js';
import type { DirectoryPerson } from '../directory/directory-person.js';
import type { LearnAmpUserId } from '../ids.js';
import type { PlanContext } from './plan-context.js';

type Linked = {
  readonly person: Pick<DirectoryPerson, 'userId' | 'photo'>;
  readonly delivered: Pick<DeliveredPerson, 'photo'>;
  readonly learnAmpUserId: LearnAmpUserId;
};

/**
 * The avatar a linked account needs: the photo's mark against the mark that was last sent. A photo that was removed leaves
 * the avatar alone, unless the company wants it cleared; then only one that this engine set goes, never one put there by hand.
 */
export const planPhoto = (
  { preferences }: Pick<PlanContext, 'preferences'>,
  { person: { userId, photo }, delivered, learnAmpUserId }: Linked,
): ReadonlyArray<Command> => {
  if (!preferences.syncPhotos || photo === undefined) return [];
  const sent = delivered.photo;
  if (photo === null)
    return preferences.clearRemovedPhotos && sent ? [{ kind: 'ClearAvatar', userId, learnAmpUserId }] : [];
  return sent?.mark === photo ? [] : [{ kind: 'SetAvatar', userId, learnAmpUserId, photo }];
};
