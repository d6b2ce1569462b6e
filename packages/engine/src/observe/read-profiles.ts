import type { DirectoryEvent, DirectoryPerson, ObjectId, Reach, UserObserved } from '@learnamp/directory-sync-domain';
import { initialPerson, joinScope, pathTo } from '@learnamp/directory-sync-domain';
import { extended } from '@learnamp/directory-sync-event-sourcing';
import type { ProfileRead } from '@learnamp/directory-sync-graph';
import { chunksOf } from '../chunks-of.js';
import { DirectorySyncError } from '../directory-sync.js';
import type { Pending } from '../record/recorder.js';
import { ask, type CycleContext } from './cycle-context.js';
import { detectKnown, isToJoin } from './detect-known.js';

const joinEvents = (
  context: CycleContext,
  { userId, deleted }: DirectoryPerson,
  seen: UserObserved,
  reach: Reach,
): ReadonlyArray<DirectoryEvent> => {
  const joined = joinScope(seen, context.tracked(), pathTo(userId, reach));
  if (joined === undefined) return [];
  return deleted === undefined ? [joined] : [{ type: 'UserRestored', data: { userId } }, joined];
};

export type Unread = { readonly refused: ReadonlyArray<ObjectId>; readonly notFound: ReadonlyArray<ObjectId> };

/** Everybody refused: that is a permission, not so many people. One alone may be a fault of that one. */
const refuseIfNobody = (reads: ReadonlyArray<ProfileRead>): void => {
  if (reads.length < 2 || reads.some(({ _tag }) => _tag !== 'Unreadable')) return;
  throw new DirectorySyncError(
    'graph-credentials',
    'Microsoft Graph shows no profile of any of the people who were asked for: grant User.Read.All to the app and consent again. Nobody was changed.',
  );
};

/** A direct read names no deleted manager: whoever is named is back, though the news of it was lost with a cursor. */
const managersBack = (context: CycleContext, reads: ReadonlyArray<ProfileRead>): ReadonlyArray<Pending> => {
  const named = new Set(
    reads.flatMap((read) => {
      const manager = read._tag === 'Found' && read.user.manager._tag === 'Known' ? read.user.manager.managerId : null;
      return manager !== null && context.state.person(manager)?.deleted === 'soft' ? [manager] : [];
    }),
  );
  // Who was read in the same breath speaks for himself.
  for (const read of reads) if (read._tag === 'Found') named.delete(read.user.userId);
  return [...named].map((userId) => ({ type: 'UserRestored', data: { userId } }));
};

/** What direct reads say of people: of whoever is to join everything, of others what is new. */
export const recordProfiles = async (
  context: CycleContext,
  reads: ReadonlyArray<ProfileRead>,
  reach: Reach,
): Promise<void> => {
  await context.recorder.record(() => [
    ...managersBack(context, reads),
    ...reads.flatMap((read): ReadonlyArray<Pending> => {
      if (read._tag !== 'Found') return [];
      const person = context.state.person(read.user.userId) ?? initialPerson(read.user.userId);
      const events = isToJoin(person)
        ? joinEvents(context, person, read.user, reach)
        : detectKnown(context, person, read.user);
      return events.map((event) => extended(event, { graphRequestId: read.requestId }));
    }),
  ]);
};

/** Three times the four requests of twenty that are on their way at once: none of them goes alone. */
const CHUNK = 240;

/**
 * Profiles by id: those who join, and in a read from the beginning everybody in scope. Resolves with those who could not be
 * read: a refusal, or a 404 of somebody whom the group lists, says nothing about the person (design D4). They are asked again.
 */
export const readProfiles = async (
  context: CycleContext,
  userIds: ReadonlyArray<ObjectId>,
  reach: Reach,
): Promise<Unread> => {
  const unread = { refused: [] as ObjectId[], notFound: [] as ObjectId[] };
  let done = 0;
  for (const asked of chunksOf(userIds, CHUNK)) {
    context.progress({ step: 'profiles', done, total: userIds.length });
    const reads = await ask(context.directory.readProfiles(asked, { signal: context.signal }));
    refuseIfNobody(reads);
    for (const read of reads) {
      if (read._tag === 'Unreadable') unread.refused.push(read.userId);
      if (read._tag === 'NotFound') unread.notFound.push(read.userId);
    }
    await recordProfiles(context, reads, reach);
    done += asked.length;
  }
  if (userIds.length > 0) context.progress({ step: 'profiles', done, total: userIds.length });
  for (const userId of unread.refused) context.unreadable.add(userId);
  return unread;
};
