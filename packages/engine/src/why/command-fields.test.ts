import type { Command, CommandKind, LearnAmpUserId, ObjectId, TeamId, TeamKey } from '@learnamp/directory-sync-domain';
import { initialDelivered } from '@learnamp/directory-sync-domain';
import { expect, it } from 'vitest';
import { commandFields } from './command-fields.js';

const userId = 'aaaaaaaa-0000-4000-8000-000000000001' as ObjectId;
const person = { userId, learnAmpUserId: '11' as LearnAmpUserId };
const identity = { email: 'ann@contoso.example', firstName: 'Ann', lastName: 'Lee' };
const sales = 'sales' as TeamKey;

const held = {
  ...initialDelivered(userId),
  ...{ email: 'ann.lee@contoso.example', firstName: 'Annie', lastName: 'Lee', status: 'confirmed' as const },
  profile: { jobTitle: 'Clerk', department: 'Press' },
  customFields: { Staff: '7' },
  teamKey: 'press' as TeamKey,
  managerLearnAmpUserId: '3' as LearnAmpUserId,
  photo: { mark: 'old', contentHash: null },
};

/** One of each kind that writes over something, with what stood there and what stands there then. */
const overwriting: ReadonlyArray<readonly [Command, object, object]> = [
  [
    { kind: 'UpdateProfile', ...person, identity, set: { jobTitle: 'Editor' }, clear: ['department'] },
    { firstName: 'Annie', jobTitle: 'Clerk', department: 'Press' },
    { firstName: 'Ann', jobTitle: 'Editor', department: null },
  ],
  [
    { kind: 'ChangeEmail', ...person, from: 'ann.lee@contoso.example', identity },
    { email: 'ann.lee@contoso.example' },
    { email: 'ann@contoso.example' },
  ],
  [{ kind: 'DeactivateUser', ...person, reason: 'left_scope' }, { status: 'confirmed' }, { status: 'deactivated' }],
  [{ kind: 'ReactivateUser', ...person, reason: 'returned' }, { status: 'confirmed' }, { status: 'active' }],
  [
    { kind: 'SetPrimaryTeam', ...person, identity, teamKey: sales, teamId: '1' as TeamId },
    { primaryTeam: 'press' },
    { primaryTeam: 'sales' },
  ],
  [
    {
      kind: 'SetOverrideManager',
      ...person,
      identity,
      managerUserId: userId,
      managerLearnAmpUserId: person.learnAmpUserId,
    },
    { managerLearnAmpUserId: '3' },
    { managerLearnAmpUserId: '11', managerUserId: userId },
  ],
  [
    { kind: 'ClearOverrideManager', ...person, identity },
    { managerLearnAmpUserId: '3' },
    { managerLearnAmpUserId: null },
  ],
  [
    { kind: 'SetCustomFields', ...person, identity, fields: [{ name: 'Staff', value: '8' }] },
    { Staff: '7' },
    { Staff: '8' },
  ],
  [{ kind: 'SetAvatar', ...person, photo: 'new' }, { photo: 'old' }, { photo: 'new' }],
  [{ kind: 'ClearAvatar', ...person }, { photo: 'old' }, { photo: null }],
];

const made: ReadonlyArray<Command> = [
  { kind: 'CreateUser', userId, identity, externalId: userId, profile: {}, invite: 'now' },
  { kind: 'LinkUser', ...person, externalId: userId, identity },
  { kind: 'EnsureTeam', teamKey: sales, name: 'Sales' },
  { kind: 'SendInvitation', ...person },
];

it.each(overwriting)('$kind tells what stood there before and what it sets', (command, before, after) => {
  expect(commandFields(command, held)).toEqual({ before, after });
});

it.each(made)('$kind tells what it makes', (command) => {
  expect(Object.keys(commandFields(command, held).after).length).toBeGreaterThan(0);
});

it('no kind is left out', () => {
  const kinds = [...overwriting.map(([{ kind }]) => kind), ...made.map(({ kind }) => kind)];
  expect(new Set<CommandKind>(kinds).size).toBe(14);
});
