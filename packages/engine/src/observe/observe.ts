import type { DirectoryEventOf, ObjectId } from '@learnamp/directory-sync-domain';
import type { GraphFailure } from '@learnamp/directory-sync-graph';
import { DirectorySyncError } from '../directory-sync.js';
import type { Pending } from '../record/recorder.js';
import { askAhead, type AskedAhead } from './ask-ahead.js';
import { confirmJoiners } from './confirm-joiners.js';
import { ask, noteGraphTime, type CycleContext } from './cycle-context.js';
import { noteLeftOut, recallLeftOut } from './left-out.js';
import { reachNow, readGroups } from './read-groups.js';
import { readRestoredMemberships } from './read-restored.js';
import { readProfiles } from './read-profiles.js';
import { needsUsersCursor, openUsersCursor, readAllUsers, readUserChanges } from './read-users.js';
import { readsWholeTenant } from './share-of-tenant.js';
import { confirmLeavers, joiningNow, recordLeavers, restoredPeople, settleScope } from './settle-scope.js';

const first = (groupId: ObjectId): string => `The group ${groupId}`;

/** The scope group by id, before it is read for the first time, and in each full cycle. */
const checkScopeGroup = async (context: CycleContext, groupId: ObjectId, known: boolean): Promise<boolean> => {
  const read = await ask(context.directory.readGroup(groupId, { signal: context.signal }));
  if (read._tag === 'Readable') {
    noteGraphTime(context, read.graphTime);
    return true;
  }
  if (!known)
    throw read._tag === 'Missing'
      ? new DirectorySyncError(
          'group-not-found',
          `${first(groupId)} does not exist in this tenant: check groupId (the object id of the security group) and tenantId.`,
        )
      : new DirectorySyncError(
          'group-unreadable',
          `${first(groupId)} cannot be read (${read.code}): grant GroupMember.Read.All to the app and consent again.`,
        );
  // A scope that vanished is a fault of configuration, not thousands of leavers: it is frozen until somebody decides.
  const reason = read._tag === 'Missing' ? 'scope-group-deleted' : 'scope-group-unreadable';
  const refused: ReadonlyArray<Pending> =
    reason === 'scope-group-unreadable'
      ? [{ type: 'CredentialFailed', data: { system: 'graph', code: 'group-unreadable' } }]
      : [];
  await context.recorder.record(() =>
    context.state.connection().scopeHold === reason
      ? []
      : [
          ...refused,
          {
            type: 'CommandsHeld',
            data: { kind: 'deactivations', reason, userIds: [], graphTime: context.now().toISOString() },
          },
        ],
  );
  return false;
};

const thaw = async (context: CycleContext): Promise<void> => {
  await context.recorder.record(() => {
    const { scopeHold } = context.state.connection();
    const { groupId } = context;
    // Readable by its id again: what was recorded of its end is over, and this cycle reads it from the beginning.
    if (context.state.membership.isDeleted(groupId)) return [{ type: 'GroupRestored', data: { groupId } }];
    return scopeHold === undefined ? [] : [{ type: 'HoldDissolved', data: { kind: 'deactivations', userIds: [] } }];
  });
};

const wasNeverRead = ({ state }: CycleContext): boolean =>
  Object.values(state.connection().cursors).every(({ source }) => source !== 'groups');

const isReadFromBeginning = (context: CycleContext, changed: boolean): boolean =>
  context.full || changed || wasNeverRead(context);

const isScopeReadable = async (context: CycleContext, changed: boolean): Promise<boolean> => {
  const { scopeHold } = context.state.connection();
  // What froze for want of a permission goes on with the permission: the cursors stand where they stood.
  const withdrawn = scopeHold === 'scope-group-unreadable';
  // A 404 that no delta confirmed may be that of a replica which was behind: nobody is kept waiting for a day by it.
  const doubted = scopeHold === 'scope-group-deleted' && !context.state.membership.isDeleted(context.groupId);
  const fromBeginning = isReadFromBeginning(context, changed);
  if (!fromBeginning && !withdrawn && !doubted) return true;
  const readable = await checkScopeGroup(context, context.groupId, !wasNeverRead(context) && !changed);
  if (readable && (context.full || withdrawn || doubted)) await thaw(context);
  // The groups below go on being followed meanwhile.
  return readable || (doubted && !fromBeginning);
};

const isForbidden = (error: unknown): boolean =>
  error instanceof DirectorySyncError && (error.cause as Partial<GraphFailure> | undefined)?._tag === 'GraphForbidden';

/**
 * The right to read groups may go while users stay readable: then the scope is frozen as it is known, and profiles go on (FC-73).
 */
const readGroupsWhilePermitted = async (
  context: CycleContext,
  groupIds: ReadonlyArray<ObjectId>,
  known: boolean,
  ahead: AskedAhead['groupsBelow'],
): Promise<void> => {
  try {
    await readGroups(context, groupIds, ahead);
  } catch (error) {
    if (!known || !isForbidden(error) || (await checkScopeGroup(context, context.groupId, true))) throw error;
  }
};

/**
 * Observe and record: the cursor of the users first, then the groups of the closure to their end, then the users, then who
 * joins (with their whole profiles) and who leaves (each confirmed by a second read).
 */
export const observe = async (context: CycleContext): Promise<void> => {
  const current = context.state.connection().groupId ?? context.groupId;
  const followed = current === context.groupId ? [current] : [current, context.groupId];
  await recallLeftOut(context);
  const over = new AbortController();
  const signal = context.signal === undefined ? over.signal : AbortSignal.any([context.signal, over.signal]);
  const roots = isReadFromBeginning(context, followed.length > 1) ? followed : [];
  try {
    const ahead = askAhead(context, { users: needsUsersCursor(context), roots }, signal);
    await observeWith(context, { current, followed }, ahead);
    await context.begunRounds.allReached();
  } finally {
    // What was asked ahead and is not needed any more.
    over.abort();
  }
};

type Scope = { readonly current: ObjectId; readonly followed: ReadonlyArray<ObjectId> };

const observeWith = async (context: CycleContext, { current, followed }: Scope, ahead: AskedAhead): Promise<void> => {
  const { state } = context;
  const changed = current !== context.groupId;
  const readable = await isScopeReadable(context, changed);
  const opened = await openUsersCursor(context, ahead);
  await noteLeftOut(context);
  const anyoneKnown = state.inScopeCount() > 0;
  // Over known people the new cursor is recorded only once all of them were read again: a change in between is in that read.
  if (opened !== undefined && !anyoneKnown) await context.recorder.record(() => [opened]);
  if (readable)
    await readGroupsWhilePermitted(context, followed, !changed && !wasNeverRead(context), ahead.groupsBelow);
  const everybodyRead = await readPeople(context, { opened, anyoneKnown, countUsers: ahead.countUsers });

  const change: DirectoryEventOf<'ScopeGroupChanged'> | undefined = changed
    ? { type: 'ScopeGroupChanged', data: { from: current, to: context.groupId, actor: 'configuration' } }
    : undefined;
  if (state.connection().scopeHold === undefined || change !== undefined)
    await readJoiners(context, { everybodyRead, scopeChanged: changed });
  await recordLeavers(context, context.groupId, change);
  await noteLeftOut(context);
  await confirmLeavers(context, context.groupId);
  settleScope(context, context.groupId);
};

/** Who joins: by the recorded edges, and of the restored whoever Graph calls a member. Their profiles are read in whole. */
const readJoiners = async (
  context: CycleContext,
  read: { readonly everybodyRead: boolean; readonly scopeChanged: boolean },
): Promise<void> => {
  const { groupId } = context;
  const joining = joiningNow(context, groupId, read);
  const restored = new Set(context.full ? [] : restoredPeople(context));
  const confirmed = await confirmJoiners(context, [...new Set([...joining, ...restored])], reachNow(context, groupId));
  await readRestoredMemberships(
    context,
    confirmed.filter((userId) => restored.has(userId)),
  );
  const reach = reachNow(context, groupId);
  await readProfiles(
    context,
    confirmed.filter((userId) => reach.holderOf(userId) !== undefined),
    reach,
  );
};

/**
 * A cursor of the users was lost, and somebody whom the recorded edges list is not found: the news of a deletion may have
 * gone with it. A fresh read of the groups tells, since it lists no deleted member; in a full cycle that has just been done.
 */
const doubtGroups = async (context: CycleContext): Promise<void> => {
  if (context.full) return;
  await context.recorder.record(() =>
    Object.values(context.state.connection().cursors).flatMap((cursor): ReadonlyArray<Pending> =>
      cursor.source === 'groups' && cursor.resync === undefined
        ? [{ type: 'ResyncRequired', data: { source: 'groups', cursor: cursor.cursor, reason: 'people-unread' } }]
        : [],
    ),
  );
};

type Opened = {
  readonly opened: Pending | undefined;
  readonly anyoneKnown: boolean;
  readonly countUsers: AskedAhead['countUsers'];
};

/** Resolves with whether everybody was read from the beginning, not only what is new. */
const readPeople = async (context: CycleContext, { opened, anyoneKnown, countUsers }: Opened): Promise<boolean> => {
  const { state } = context;
  const reach = reachNow(context, context.groupId);
  const { holderOf } = reach;
  const readAgain = async (userIds: ReadonlyArray<ObjectId>): Promise<ReadonlyArray<ObjectId>> => {
    // Whom no group lists any more leaves by that, and needs no profile.
    const listed = userIds.filter((userId) => holderOf(userId) !== undefined);
    const { refused, notFound } = await readProfiles(context, listed, reach);
    if (notFound.length > 0) await doubtGroups(context);
    return [...refused, ...notFound];
  };
  const rereadAll = async (cursor: Pending): Promise<void> => {
    const unread = await readAgain(state.inScopeIds());
    // What changed for somebody who could not be read would be lost with the old cursor: it stays until everybody was read.
    if (unread.length === 0) await context.recorder.record(() => [cursor]);
  };
  if (opened === undefined) {
    if ((await readUserChanges(context)) === 'reached') return false;
    const cursor = await openUsersCursor(context);
    if (cursor !== undefined) await rereadAll(cursor);
    return true;
  }
  if (await readsWholeTenant(context, state.membership.usersIn(reach).size, countUsers)) {
    const { seen, managersTold } = await readAllUsers(context, reach);
    // Without a manager, or with one that the delta left out (it is unreliable there): only a direct read tells (FC-64).
    const unread = await readAgain(
      state.inScopeIds().filter((userId) => !seen.has(userId) || !managersTold.has(userId)),
    );
    if (unread.some((userId) => !seen.has(userId)))
      await context.recorder.record(() => [
        { type: 'ResyncRequired', data: { source: 'users', cursor: 'users', reason: 'people-unread' } },
      ]);
  } else if (anyoneKnown) await rereadAll(opened);
  return true;
};
