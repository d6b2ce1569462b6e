import type { Stores } from '@learnamp/directory-sync';

/**
 * What a console leaves in the local database for an engine of another process, and what that engine answers: the version of
 * the configuration file that was saved, and the one that the engine goes on by.
 */
export type SettingsNotes = {
  readonly leaveSaved: (version: string) => Promise<void>;
  readonly saved: () => Promise<string | undefined>;
  readonly leaveFollowed: (version: string) => Promise<void>;
  readonly followed: () => Promise<string | undefined>;
};

export const settingsNotes = (cache: Pick<Stores['cache'], 'get' | 'put'>, connectionId: string): SettingsNotes => {
  const saved = `settings-saved:${connectionId}`;
  const followed = `settings-followed:${connectionId}`;
  return {
    leaveSaved: (version) => cache.put(saved, version),
    saved: () => cache.get(saved),
    leaveFollowed: (version) => cache.put(followed, version),
    followed: () => cache.get(followed),
  };
};
