import type { DirectoryEvent } from '@learnamp/directory-sync-domain';
import type { ReadEvent } from '@learnamp/directory-sync-event-sourcing';

export type ErasedPeople = {
  readonly follow: (read: ReadEvent<DirectoryEvent>) => void;
  /** Something that was known of them by now cannot be read any more. */
  readonly has: (userId: string) => boolean;
  readonly isAnybody: () => boolean;
};

/** Whose plans cannot be made again: their events are erased, until they join anew under another key. */
export const makeErasedPeople = (): ErasedPeople => {
  const erased = new Set<string>();
  return {
    follow: (read) => {
      if (read._tag === 'Failed') return;
      const isErased = read._tag === 'Passed' ? read.reason === 'erased' : read.event.erased;
      if (isErased) for (const subject of read.record.metadata.subjects) erased.add(subject);
      else if (read._tag === 'Event' && read.event.type === 'UserJoinedGroup') erased.delete(read.event.data.userId);
    },
    has: (userId) => erased.has(userId),
    isAnybody: () => erased.size > 0,
  };
};
