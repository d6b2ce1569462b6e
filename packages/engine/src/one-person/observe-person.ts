import type { ObjectId } from '@learnamp/directory-sync-domain';
import type { MembershipCheck } from '@learnamp/directory-sync-graph';
import { ask, noteGraphTime, type CycleContext } from '../observe/cycle-context.js';
import { noteLeftOut, recallLeftOut } from '../observe/left-out.js';
import { reachNow } from '../observe/read-groups.js';
import { readRestoredMemberships } from '../observe/read-restored.js';
import { readProfiles } from '../observe/read-profiles.js';
import type { PersonSyncOutcome } from './person-sync.js';

/** Why nothing is sent. */
export type Stays = { readonly outcome: Exclude<PersonSyncOutcome, 'synced'>; readonly says: string };

const nothing = 'Nothing was recorded and nothing was sent.';

const undecided = (says: string): Stays => ({ outcome: 'undecided', says });

/** Absence is never concluded from here: one answer about one person is no complete read. */
const notAMember = (wasInScope: boolean): Stays => ({
  outcome: 'not-a-member',
  says: wasInScope
    ? `Microsoft Graph does not call the person a member of the scope group any more. ${nothing} The next sync reads the groups to their end, asks a second time, and decides about the account under the hold.`
    : `The person is not a member of the scope group, nor of a group nested in it. ${nothing}`,
});

const notFound = (isKnown: boolean): Stays =>
  isKnown
    ? {
        outcome: 'not-a-member',
        says: `Microsoft Graph knows no such account any more. ${nothing} The next sync confirms it, and decides about the account under the hold.`,
      }
    : {
        outcome: 'unknown-person',
        says: `Neither this connection nor Microsoft Graph knows anybody of this object id. ${nothing}`,
      };

const staysBy = (context: CycleContext, userId: ObjectId, check: MembershipCheck | undefined): Stays | undefined => {
  const person = context.state.person(userId);
  switch (check?._tag) {
    case 'StillMember':
      return undefined;
    case 'NotMember':
      return notAMember(person?.inScope === true);
    case 'UserNotFound':
      return notFound(person?.everInScope === true);
    default:
      return undecided(`Microsoft Graph did not say whether the person is a member of the scope group. ${nothing}`);
  }
};

/** Which followed groups list somebody who is to join; `undefined`: one does. */
const findPlace = async (context: CycleContext, userId: ObjectId): Promise<Stays | undefined> => {
  if (context.state.connection().scopeHold !== undefined)
    return undecided(`Nobody joins while the scope is frozen; "directory-sync held" says why. ${nothing}`);
  await readRestoredMemberships(context, [userId]);
  if (reachNow(context, context.groupId).holderOf(userId) !== undefined) return undefined;
  return undecided(
    'The person is a member through a group that was not read yet: the next sync follows it. Nothing was sent.',
  );
};

/**
 * One person from Graph by direct reads: membership, for whoever joins the groups that list them, and the whole profile. What is
 * news is recorded. No cursor moves, nobody leaves and nobody is taken out of a group, and nobody else is read.
 */
export const observePerson = async (context: CycleContext, userId: ObjectId): Promise<Stays | undefined> => {
  const { directory, groupId, signal, state } = context;
  const group = await ask(directory.readGroup(groupId, { signal }));
  if (group._tag !== 'Readable')
    return undecided(`The scope group ${groupId} is not there or cannot be read. ${nothing}`);
  noteGraphTime(context, group.graphTime);
  await recallLeftOut(context);
  const [check] = await ask(directory.checkMembership([userId], groupId, { signal }));
  const stays = staysBy(context, userId, check);
  if (stays !== undefined) return stays;
  if (state.person(userId)?.inScope !== true) {
    const placeless = await findPlace(context, userId);
    if (placeless !== undefined) return placeless;
  }
  const unread = await readProfiles(context, [userId], reachNow(context, groupId));
  await noteLeftOut(context);
  if (unread.refused.length > 0 || unread.notFound.length > 0)
    return undecided('The profile could not be read: it is asked for again by the next sync. Nothing was sent.');
  if (state.person(userId)?.inScope === true) return undefined;
  return undecided('The profile says too little for the person to join. Nothing was sent.');
};
