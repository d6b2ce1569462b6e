import type { LearnAmpAccount, ObjectId } from '@learnamp/directory-sync-domain';
import type { DirectorySource, GraphFailure } from '@learnamp/directory-sync-graph';
import type { AccountLookup, LearnAmpPort } from '@learnamp/directory-sync-learn-amp';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import {
  graphRefusal,
  groupWords,
  learnAmpRefusal,
  membershipWords,
  step,
  userWords,
  type Said,
} from '../why/ask-live.js';
import type { LiveStep } from '../why/why.js';

type Note = (step: LiveStep) => void;

const high = { priority: 'high' } as const;

const graph = <A>(
  note: Note,
  name: LiveStep['step'],
  asked: TaskEither<GraphFailure, A>,
  say: (answer: A) => Said,
): TaskEither<GraphFailure, A> => {
  return async () => {
    const answer = await asked();
    if (E.isRight(answer)) note(step(name, say(answer.right)));
    else if (answer.left._tag !== 'GraphAborted') note(step(name, graphRefusal(answer.left)));
    return answer;
  };
};

/**
 * The directory, each of whose answers is a step. Of memberships that are not listed nothing is ever known: from here nobody
 * is taken out of a group.
 */
export const tracedDirectory = (source: DirectorySource, note: Note): DirectorySource => ({
  ...source,
  readGroup: (groupId, options) =>
    graph(note, 'scope-group', source.readGroup(groupId, { ...high, ...options }), groupWords),
  checkMembership: (userIds, groupId, options) =>
    graph(note, 'membership', source.checkMembership(userIds, groupId, { ...high, ...options }), ([check]) =>
      membershipWords(check),
    ),
  readProfiles: (userIds, options) =>
    graph(note, 'user', source.readProfiles(userIds, { ...high, ...options }), ([read]) => userWords(read)),
  readMemberships: (members, options) => async () => {
    const asked = graph(note, 'direct-groups', source.readMemberships(members, { ...high, ...options }), ([read]) =>
      read?._tag === 'Found'
        ? { outcome: 'yes', says: `listed by ${read.groupIds.size} groups or other objects` }
        : { outcome: 'failed', says: 'the groups that list the person were not answered for' },
    );
    const answer = await asked();
    if (E.isLeft(answer)) return answer;
    return E.right(answer.right.map((read) => (read._tag === 'Found' ? { ...read, complete: false } : read)));
  },
});

const lookedBy = (lookup: AccountLookup): string => {
  switch (lookup.by) {
    case 'id':
      return `by the id ${lookup.learnAmpUserId}`;
    case 'externalId':
      return 'by the object id';
    case 'email':
      return 'by the address';
  }
};

const accountWords = (lookup: AccountLookup, account: LearnAmpAccount | undefined): Said => {
  if (account === undefined) return { outcome: 'no', says: `no account was found ${lookedBy(lookup)}` };
  const { learnAmpUserId, status } = account;
  return { outcome: 'yes', says: `${lookedBy(lookup)}: the account ${learnAmpUserId} (${status})` };
};

/** Learn Amp, each of whose answers to a look-up is a step; what is sent is told by its receipt. */
export const tracedLearnAmp = (port: LearnAmpPort, userId: ObjectId, note: Note): LearnAmpPort => ({
  ...port,
  findAccount: (lookup, options) => async () => {
    const found = await port.findAccount(lookup, options)();
    // A look-up for nobody: whether Learn Amp is there at all.
    if (lookup.by === 'externalId' && lookup.externalId !== userId) return found;
    if (E.isRight(found)) note(step('account', accountWords(lookup, found.right)));
    else if (found.left._tag !== 'LearnAmpAborted') note(step('account', learnAmpRefusal(found.left)));
    return found;
  },
});
