import type { ObjectId } from '@learnamp/directory-sync-domain';
import { pathTo } from '@learnamp/directory-sync-domain';
import type { EngineState } from '../state/engine-state.js';
import type { WhyLooked, WhyReason } from './why.js';

type Looking = {
  readonly state: EngineState;
  readonly userId: ObjectId;
  /** The configured one: what is in force is in the log, once there is one. */
  readonly scopeGroupId: ObjectId;
  readonly lastSyncAt: string | null;
};

const cursorsOf = (state: EngineState): WhyLooked['cursors'] =>
  Object.values(state.connection().cursors).map(({ cursor, delta, page, resync }) => ({
    cursor,
    readToEndAt: delta?.issuedAt ?? null,
    unfinished: delta === undefined || page !== undefined || resync !== undefined,
  }));

const membership = (isMember: boolean, path: ReadonlyArray<ObjectId>): WhyReason =>
  isMember
    ? {
        reason: 'not-a-member',
        applies: 'no',
        says: `the recorded edges make them a member, through ${path.join(' > ')}`,
      }
    : {
        reason: 'not-a-member',
        applies: 'possible',
        says: 'they are not a member of the group, nor of one nested in it: add them in Entra; --live asks now',
      };

/** Ends of a sync that say: what is to be read may not be read, or is not there. */
const unreadable: ReadonlySet<string> = new Set(['group-not-found', 'group-unreadable', 'graph-credentials']);

const readability = (state: EngineState): WhyReason => {
  const { scopeHold, lastAbort } = state.connection();
  const told = scopeHold ?? (lastAbort !== undefined && unreadable.has(lastAbort) ? lastAbort : undefined);
  return told === undefined
    ? {
        reason: 'group-not-readable',
        applies: 'possible',
        says: 'a nested group with hidden membership shows nobody without Member.Read.Hidden',
      }
    : {
        reason: 'group-not-readable',
        applies: 'yes',
        says: `the scope group cannot be read (${told}): grant GroupMember.Read.All, or configure a group that exists`,
      };
};

const finished = (state: EngineState): WhyReason => {
  const cursors = cursorsOf(state);
  const { lastAbort } = state.connection();
  if (lastAbort !== undefined)
    return {
      reason: 'read-not-finished',
      applies: 'yes',
      says: `the last sync did not complete (${lastAbort}): run "directory-sync sync" again`,
    };
  const isOpen = cursors.length === 0 || cursors.some(({ unfinished }) => unfinished);
  return isOpen
    ? {
        reason: 'read-not-finished',
        applies: 'yes',
        says: 'not every source was read to its end: run "directory-sync sync" again',
      }
    : { reason: 'read-not-finished', applies: 'no', says: 'every source was read to its end' };
};

const reasonsOf = ({ state, userId, scopeGroupId }: Looking): ReadonlyArray<WhyReason> => {
  const path = pathTo(userId, state.membership.reach(state.connection().groupId ?? scopeGroupId));
  const isMember = path.length > 0;
  return [
    membership(isMember, path),
    readability(state),
    { reason: 'licence', applies: 'no', says: 'licences do not matter: nobody is left out for lack of one' },
    isMember
      ? {
          reason: 'profile-not-readable',
          applies: 'yes',
          says: 'a member whose profile Microsoft Graph does not show yet: nobody joins without one, it is asked again',
        }
      : {
          reason: 'profile-not-readable',
          applies: 'possible',
          says: 'a member whose profile cannot be read does not join: grant User.Read.All',
        },
    finished(state),
    state.connection().paused
      ? { reason: 'paused', applies: 'yes', says: 'the connection is paused: run "directory-sync resume"' }
      : { reason: 'paused', applies: 'no', says: 'the connection is not paused' },
  ];
};

/** What was looked at for somebody who never came into scope, and why nothing came of it. */
export const lookedAt = (looking: Looking): WhyLooked => {
  const { state, scopeGroupId, lastSyncAt } = looking;
  return {
    scopeGroupId: state.connection().groupId ?? scopeGroupId,
    cursors: cursorsOf(state),
    inScope: state.inScopeCount(),
    lastSyncAt,
    reasons: reasonsOf(looking),
  };
};
