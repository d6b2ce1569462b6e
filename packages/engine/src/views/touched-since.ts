import type { DirectoryEvent } from '@learnamp/directory-sync-domain';
import type { EventLog, EventStream, Head } from '@learnamp/directory-sync-event-sourcing';
import { LogFailure } from '@learnamp/directory-sync-event-sourcing';
import { logError } from '../failure.js';

/** More events behind than this, and everybody is looked at again: that takes less than reading what was said. */
const FAR_BEHIND = 2_000n;

export type Touched = { readonly subjects: ReadonlySet<string>; readonly types: ReadonlySet<string> };

/** Whom the events between two heads are about, and what types they have; `undefined`: too many, or another log. */
export const touchedSince = async (
  log: EventLog,
  stream: EventStream<DirectoryEvent>,
  { before, now }: { readonly before: Head; readonly now: Head },
): Promise<Touched | undefined> => {
  if (now.revision < before.revision || now.revision - before.revision > FAR_BEHIND) return undefined;
  const [subjects, types] = [new Set<string>(), new Set<string>()];
  try {
    for await (const page of log.pages(stream.name, { from: before.revision + 1n, to: now.revision }))
      for (const { type, metadata } of page) {
        types.add(type);
        for (const subject of metadata.subjects) subjects.add(subject);
      }
  } catch (error) {
    if (error instanceof LogFailure) throw logError(error.failure);
    throw error;
  }
  return { subjects, types };
};
