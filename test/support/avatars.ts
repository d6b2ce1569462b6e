import type { Avatars } from '@learnamp/directory-sync';
import type { Simulator } from '@learnamp/directory-sync-simulator';

const done = { _tag: 'Succeeded', result: 'updated' } as const;

/** What a host does with avatars in process: here, into the simulator's Learn Amp. */
export const avatarsOf = ({ learnAmp }: Pick<Simulator, 'learnAmp'>): Avatars => ({
  set: ({ learnAmpUserId, bytes, mediaType }) => {
    learnAmp.setAvatar(Number(learnAmpUserId), { bytes, mediaType });
    return Promise.resolve(done);
  },
  read: (learnAmpUserId) => {
    learnAmp.effects.look('avatar', learnAmpUserId);
    return Promise.resolve(learnAmp.avatarOf(Number(learnAmpUserId))?.bytes);
  },
  clear: ({ learnAmpUserId }) => {
    learnAmp.setAvatar(Number(learnAmpUserId), undefined);
    return Promise.resolve(done);
  },
});
