import type { DirectoryEvent, ObjectId } from '@learnamp/directory-sync-domain';
import type { EventStream, OwnedKey } from '@learnamp/directory-sync-event-sourcing';
import { LogFailure } from '@learnamp/directory-sync-event-sourcing';
import { logError } from '../failure.js';

export type Doomed = {
  readonly keyIds: ReadonlyArray<string>;
  /** One of them also sealed something after the erasure: whoever came back meanwhile has to be read anew. */
  readonly usedSince: boolean;
};

type Used = { readonly before: ReadonlySet<string>; readonly since: ReadonlySet<string> };

const keysUsed = async (stream: EventStream<DirectoryEvent>, userId: ObjectId, erasedAt: bigint): Promise<Used> => {
  const [before, since] = [new Set<string>(), new Set<string>()];
  try {
    for await (const page of stream.pagesBySubject(userId))
      for (const read of page) {
        const { revision, metadata } = read._tag === 'Failed' ? read.failure.record : read.record;
        if (metadata.keyId !== undefined) (revision <= erasedAt ? before : since).add(metadata.keyId);
      }
  } catch (error) {
    if (error instanceof LogFailure) throw logError(error.failure);
    throw error;
  }
  return { before, since };
};

/**
 * Which of a person's keys an erasure destroys: all, but one that only seals what was recorded after it. Whoever was erased
 * and hired again keeps the new history, also where the erasure is finished late.
 */
export const doomedKeys = async (
  stream: EventStream<DirectoryEvent>,
  userId: ObjectId,
  erasedAt: bigint,
  owned: ReadonlyArray<OwnedKey>,
): Promise<Doomed> => {
  const standing = owned.filter(({ state }) => state !== 'destroyed').map(({ keyId }) => keyId);
  if (standing.length === 0) return { keyIds: [], usedSince: false };
  const { before, since } = await keysUsed(stream, userId, erasedAt);
  const keyIds = standing.filter((keyId) => before.has(keyId) || !since.has(keyId));
  return { keyIds, usedSince: keyIds.some((keyId) => since.has(keyId)) };
};
