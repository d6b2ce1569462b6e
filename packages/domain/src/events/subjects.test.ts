import { describe, expect, it } from 'vitest';
import { ann, ben } from '../testing/company.js';
import { account, group, team } from '../testing/made-ids.js';
import type { TeamKey } from '../ids.js';
import { directoryEvents, type DirectoryEvent } from './directory-events.js';

const identity = { email: 'ann@contoso.com', firstName: 'Ann', lastName: 'Archer' };
const at = { userId: ann, learnAmpUserId: account(1) };
const commandId = 'c' as never;
const update = { kind: 'UpdateProfile', ...at, identity, set: {}, clear: [] } as const;
const ensure = { kind: 'EnsureTeam', teamKey: 'sales' as TeamKey, name: 'Sales' } as const;

type Definition = {
  readonly type: string;
  readonly subjects?: (data: unknown) => ReadonlyArray<string>;
  readonly sealing?: { readonly kind: string; readonly owner?: (data: unknown) => string | undefined };
};
const definitionOf = ({ type }: DirectoryEvent): Definition =>
  (directoryEvents as ReadonlyArray<unknown> as ReadonlyArray<Definition>).find((each) => each.type === type)!;
const subjectsOf = (event: DirectoryEvent) => definitionOf(event).subjects?.(event.data) ?? [];
const ownerOf = (event: DirectoryEvent) => definitionOf(event).sealing?.owner?.(event.data);

/** Whom an event names: by these an erasure, a search and the way back of one person find it. */
describe('an event names everybody it is about', () => {
  const conflict = { userId: ann, conflict: 'address-swap', learnAmpUserId: null } as const;
  const items = [
    { commandId, subject: ann, kind: 'UpdateProfile' as const, mac: '' },
    { commandId, subject: ann, kind: 'SetPrimaryTeam' as const, mac: '' },
    { commandId, subject: 'sales', kind: 'EnsureTeam' as const, mac: '' },
  ];
  const unanswered = items.map(({ subject, kind }) => ({ subject, kind }));
  const userIds = [ann, ben];
  const who = { actor: 'x', reason: 'y' };

  it.each<readonly [DirectoryEvent, ReadonlyArray<string>]>([
    [{ type: 'UserLeftGroup', data: { userId: ann, reason: 'removed' } }, [ann]],
    [{ type: 'LeaveConfirmed', data: { userId: ann, by: 'not-found' } }, [ann]],
    [{ type: 'LeaveUnconfirmed', data: { userId: ann, because: 'forbidden' } }, [ann]],
    [{ type: 'GroupMemberAdded', data: { groupId: group(1), memberId: ann, kind: 'user' } }, [ann, group(1)]],
    [{ type: 'GroupMemberRemoved', data: { groupId: group(1), memberId: ann, kind: 'user' } }, [ann, group(1)]],
    [{ type: 'GroupNameChanged', data: { groupId: group(1), from: null, to: 'Sales' } }, [group(1)]],
    [{ type: 'GroupDeleted', data: { groupId: group(1), reason: 'soft' } }, [group(1)]],
    [{ type: 'GroupRestored', data: { groupId: group(1) } }, [group(1)]],
    [{ type: 'JobTitleChanged', data: { userId: ann, from: null, to: 'x' } }, [ann]],
    [{ type: 'CustomAttributeChanged', data: { userId: ann, attribute: 'a', from: null, to: 'x' } }, [ann]],
    [{ type: 'PhotoChanged', data: { userId: ann, from: null, to: 'mark' } }, [ann]],
    [{ type: 'PhotoRemoved', data: { userId: ann } }, [ann]],
    [{ type: 'UserDeleted', data: { userId: ann, reason: 'soft' } }, [ann]],
    [{ type: 'ManagerAssigned', data: { userId: ann, managerId: ben, from: null } }, [ann, ben]],
    [{ type: 'ManagerUnassigned', data: { userId: ann, from: ben } }, [ann, ben]],
    [{ type: 'ManagerUnassigned', data: { userId: ann, from: null } }, [ann]],
    [{ type: 'PersonErased', data: { userId: ann, ...who } }, [ann]],
    [{ type: 'ScopeGroupChanged', data: { from: group(1), to: group(2), actor: 'x' } }, [group(1), group(2)]],
    [{ type: 'SyncRequested', data: { actor: 'x', userId: ann } }, [ann]],
    [{ type: 'SyncRequested', data: { actor: 'x' } }, []],
    [{ type: 'CommandsHeld', data: { kind: 'creations', reason: 'count', userIds, graphTime: '' } }, userIds],
    [{ type: 'HeldCommandsApproved', data: { kind: 'creations', userIds, ...who } }, userIds],
    [{ type: 'HeldCommandsRejected', data: { kind: 'creations', userIds, ...who } }, userIds],
    [{ type: 'HoldDissolved', data: { kind: 'creations', userIds } }, userIds],
    [{ type: 'RetryRequested', data: { userIds, teamKeys: [], ...who } }, userIds],
    [{ type: 'CommandsDispatched', data: { plannerVersion: 1, graphTime: '', items } }, [ann]],
    [{ type: 'CommandsUnanswered', data: { graphTime: '', items: unanswered } }, [ann]],
    [{ type: 'CommandSucceeded', data: { commandId, command: update, result: 'updated' } }, [ann]],
    [{ type: 'CommandSucceeded', data: { commandId, command: ensure, result: 'created' } }, []],
    [{ type: 'CommandRejected', data: { commandId, command: update, code: 'validation', fields: [] } }, [ann]],
    [{ type: 'CommandRejected', data: { commandId, command: ensure, code: 'validation', fields: [] } }, []],
    [
      { type: 'CommandDeferred', data: { userId: ann, kind: 'ChangeEmail', on: 'address-taken', waitingFor: ben } },
      [ann],
    ],
    [{ type: 'CommandParked', data: { userId: ann, kind: 'CreateUser', reason: 'no-name' } }, [ann]],
    [{ type: 'UserLinked', data: { ...at, how: 'created' } }, [ann]],
    [{ type: 'TeamEnsured', data: { teamKey: ensure.teamKey, name: 'Sales', teamId: team(1), how: 'created' } }, []],
    [{ type: 'LearnAmpUserObserved', data: { userId: ann, account: null } }, [ann]],
    [{ type: 'DriftDetected', data: { userId: ann, fields: [] } }, [ann]],
    [{ type: 'IdentityConflictDetected', data: { ...conflict, otherUserId: ben } }, [ann, ben]],
    [{ type: 'IdentityConflictDetected', data: { ...conflict, otherUserId: null } }, [ann]],
  ])('%o', (event, subjects) => {
    expect(subjectsOf(event)).toEqual(subjects);
  });
});

/** With their key everything of theirs becomes unreadable: what is sealed for nobody stays readable for ever. */
describe('what is said of somebody is sealed with their own key', () => {
  it.each<DirectoryEvent>([
    { type: 'MailChanged', data: { userId: ann, from: null, to: 'x' } },
    { type: 'CustomAttributeChanged', data: { userId: ann, attribute: 'a', from: null, to: 'x' } },
    { type: 'PhotoChanged', data: { userId: ann, from: null, to: 'mark' } },
    { type: 'CommandSucceeded', data: { commandId, command: update, result: 'updated' } },
    { type: 'CommandRejected', data: { commandId, command: update, code: 'validation', fields: [] } },
    { type: 'CommandDeferred', data: { userId: ann, kind: 'ChangeEmail', on: 'address-taken', waitingFor: ben } },
    { type: 'CommandParked', data: { userId: ann, kind: 'CreateUser', reason: 'no-name' } },
    { type: 'LearnAmpUserObserved', data: { userId: ann, account: null } },
    { type: 'DriftDetected', data: { userId: ann, fields: [] } },
  ])('%o', (event) => {
    expect(ownerOf(event)).toBe(ann);
  });

  it('and what is said of a team with none', () => {
    expect(
      ownerOf({ type: 'CommandSucceeded', data: { commandId, command: ensure, result: 'created' } }),
    ).toBeUndefined();
  });
});

it('whoever was erased still joined, with nothing that tells who they were', () => {
  const definition = directoryEvents.find(({ type }) => type === 'UserJoinedGroup');
  expect(definition?.erased?.([ann])).toEqual({
    userId: ann,
    attributes: {},
    accountEnabled: true,
    managerId: null,
    path: [],
  });
});
