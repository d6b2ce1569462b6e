import type { CommandOf, Outcome } from '@learnamp/directory-sync-domain';
import type { DataKey } from '@learnamp/directory-sync-event-sourcing';
import * as E from 'fp-ts/lib/Either.js';
import type { CycleContext } from '../observe/cycle-context.js';
import type { Fetched } from './fetch-avatar.js';
import { photoHashOf } from './photo-hash.js';

/** Not ours any more, or gone already: nothing is cleared, and from here on it counts as cleared. */
const leftAlone: Outcome = { _tag: 'Succeeded', result: 'noop' };

/** One of ours may be there, under bytes that nobody knows any more: it is neither cleared nor counted as cleared. */
const inDoubt: Outcome = { _tag: 'Rejected', code: 'avatar_in_doubt', fields: [] };

/**
 * Before an avatar is cleared: whether it is the one that came from here. Somebody may have put another in its place, which
 * is not ours to remove (FC-66, I-12). Where the port cannot show avatars that cannot be told. Where it is not known which
 * bytes were sent last (a command without a receipt, a deactivation since), what is shown proves nothing: it is told, and
 * looked at again rarely, until the avatar is gone or the directory has a photo again.
 */
export const checkAvatar = async (
  { learnAmp, logger, signal, state }: Pick<CycleContext, 'learnAmp' | 'logger' | 'signal' | 'state'>,
  { userId, learnAmpUserId }: CommandOf<'ClearAvatar'>,
  key: DataKey,
): Promise<Fetched> => {
  if (learnAmp.readAvatar === undefined) return { _tag: 'Clear' };
  const found = await learnAmp.readAvatar(learnAmpUserId, { signal })();
  if (E.isLeft(found)) {
    logger.debug({ failure: found.left._tag }, 'an avatar could not be read');
    return { _tag: 'NotNow', unreachable: found.left._tag === 'LearnAmpUnreachable' };
  }
  const ours = state.delivered(userId).photo?.contentHash;
  if (found.right === undefined) return { _tag: 'Settled', outcome: leftAlone };
  if (ours === undefined || ours === null) return { _tag: 'Settled', outcome: inDoubt };
  const isOurs = photoHashOf(key, found.right) === ours;
  return isOurs ? { _tag: 'Clear' } : { _tag: 'Settled', outcome: leftAlone };
};
