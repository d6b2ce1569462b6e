/**
 * One round may speak of a person several times, in any order and on any page: as deleted and as there, or with one value
 * and another (graph.md 1.2). Whoever is told in ways that do not agree is read directly, and the read decides.
 */
import type { DirectoryEvent, ObjectId, Reach, UserObservation } from '@learnamp/directory-sync-domain';
import { detectUser, initialPerson, mergeMentions } from '@learnamp/directory-sync-domain';
import type { ProfileRead } from '@learnamp/directory-sync-graph';
import { ask, type CycleContext } from './cycle-context.js';

/** Direct reads of people in one round for this reason. Beyond, the last mention holds; leaving and joining are confirmed all the same. */
const MOST_READS = 1_000;

type Settling = {
  /** Those within reach join from the pages of this round. */
  readonly reach: Reach | undefined;
  /** Begun by a process that is gone, with what it had been told: everything new is read. */
  readonly resumed: boolean;
};

const isOfManager = ({ type }: DirectoryEvent): boolean => type === 'ManagerAssigned' || type === 'ManagerUnassigned';

const observed = (read: ProfileRead, last: UserObservation | undefined): ReadonlyArray<UserObservation> => {
  switch (read._tag) {
    case 'Found':
      return [read.user];
    case 'NotFound':
      // Which of the two ends it is only the mention tells.
      return [last?._tag === 'UserRemoved' ? last : { _tag: 'UserRemoved', userId: read.userId, reason: 'soft' }];
    case 'Unreadable':
      return last === undefined ? [] : [last];
  }
};

/** What was told of people by the earlier pages of one round: of those who are known, and of those who may join from it. */
const makeTold = (context: CycleContext, { reach, resumed }: Settling) => {
  const mentioned = new Set<ObjectId>();
  const managers = new Set<ObjectId>();
  const removed = new Set<ObjectId>();
  const isKnown = (userId: ObjectId): boolean => context.state.person(userId)?.everInScope === true;
  return {
    isOurs: (userId: ObjectId): boolean => isKnown(userId) || reach?.holderOf(userId) !== undefined,
    /** Whether the page says what an earlier one of the round did not say. What was said is recorded by now. */
    contradicts: (seen: UserObservation): boolean => {
      const { userId } = seen;
      if (removed.has(userId) !== (seen._tag === 'UserRemoved') && mentioned.has(userId)) return true;
      if (!isKnown(userId) || !(resumed || mentioned.has(userId))) return false;
      const events = detectUser(context.state.person(userId) ?? initialPerson(userId), seen, context.tracked());
      return events.some((event) => resumed || !isOfManager(event) || managers.has(userId));
    },
    note: (seen: UserObservation): void => {
      const { userId } = seen;
      mentioned.add(userId);
      if (seen._tag === 'UserRemoved') removed.add(userId);
      else {
        removed.delete(userId);
        if (seen.manager._tag !== 'NotMentioned') managers.add(userId);
      }
    },
  };
};

/** For each page of a round: one observation per person, and of those who are told differently what a read says. */
export const makePeopleSettler = (context: CycleContext, settling: Settling) => {
  const told = makeTold(context, settling);
  let reads = 0;
  return async (
    page: ReadonlyArray<UserObservation>,
    unreadable: ReadonlyArray<ObjectId>,
  ): Promise<ReadonlyArray<UserObservation>> => {
    const { observations, contradicted, disagreeing } = mergeMentions(page);
    const doubted = new Set(
      [
        ...[...contradicted, ...disagreeing, ...unreadable],
        ...observations.filter(told.contradicts).map(({ userId }) => userId),
      ].filter(told.isOurs),
    );
    const last = new Map(page.filter(({ userId }) => doubted.has(userId)).map((item) => [item.userId, item]));
    reads += doubted.size;
    const asked = reads > MOST_READS ? [] : [...doubted];
    const answers =
      asked.length === 0 ? [] : await ask(context.directory.readProfiles(asked, { signal: context.signal }));
    const known = new Set(answers.flatMap((read) => (read._tag === 'Unreadable' ? [] : [doubtedId(read)])));
    // Whose entry does not decode and who cannot be read otherwise stays as recorded, and is reported.
    for (const userId of unreadable) if (told.isOurs(userId) && !known.has(userId)) context.unreadable.add(userId);
    const settled =
      asked.length === 0 ? [...last.values()] : answers.flatMap((read) => observed(read, last.get(doubtedId(read))));
    const all = [...observations.filter(({ userId }) => !doubted.has(userId)), ...settled];
    for (const seen of all) if (told.isOurs(seen.userId)) told.note(seen);
    return all;
  };
};

const doubtedId = (read: ProfileRead): ObjectId => (read._tag === 'Found' ? read.user.userId : read.userId);
