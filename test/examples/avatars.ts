// #region avatars
import { withAvatars, type LearnAmpPort } from '@learnamp/directory-sync';

/** What the host does with pictures. */
export type AvatarStore = {
  readonly write: (accountId: string, picture: Uint8Array, mediaType: string) => Promise<void>;
  readonly remove: (accountId: string) => Promise<void>;
};

export const withOurAvatars = (rest: LearnAmpPort, store: AvatarStore): LearnAmpPort =>
  withAvatars(rest, {
    set: async ({ learnAmpUserId, bytes, mediaType }) => {
      await store.write(learnAmpUserId, bytes, mediaType);
      return { _tag: 'Succeeded', result: 'updated' };
    },
    clear: async ({ learnAmpUserId }) => {
      await store.remove(learnAmpUserId);
      return { _tag: 'Succeeded', result: 'updated' };
    },
  });
// #endregion avatars
