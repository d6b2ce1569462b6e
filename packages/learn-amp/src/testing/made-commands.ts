import type { CommandOf, LearnAmpUserId, ObjectId, TeamId, TeamKey } from '@learnamp/directory-sync-domain';

export const objectId = '0b8c8a9e-0000-4000-8000-000000000001' as ObjectId;
const identity = { email: 'ada@contoso.com', firstName: 'Ada', lastName: 'Byron' };

export const createUser = (given: Partial<CommandOf<'CreateUser'>> = {}): CommandOf<'CreateUser'> => ({
  kind: 'CreateUser',
  userId: objectId,
  identity,
  externalId: objectId,
  profile: { jobTitle: 'Engineer', department: 'R&D', location: 'Köln', language: 'de', hireDate: '2024-02-29' },
  invite: 'none',
  ...given,
});

/** Commands about one account. */
export const commandsFor = (id: number) => {
  const person = { userId: objectId, learnAmpUserId: String(id) as LearnAmpUserId };
  return {
    link: (externalId: string | null = objectId): CommandOf<'LinkUser'> => ({
      kind: 'LinkUser',
      ...person,
      externalId,
      identity,
    }),
    update: (
      set: CommandOf<'UpdateProfile'>['set'],
      clear: CommandOf<'UpdateProfile'>['clear'] = [],
    ): CommandOf<'UpdateProfile'> => ({ kind: 'UpdateProfile', ...person, identity, set, clear }),
    email: (to: string): CommandOf<'ChangeEmail'> => ({
      kind: 'ChangeEmail',
      ...person,
      from: identity.email,
      identity: { ...identity, email: to },
    }),
    team: (teamId: number): CommandOf<'SetPrimaryTeam'> => ({
      kind: 'SetPrimaryTeam',
      ...person,
      identity,
      teamKey: 'sales' as TeamKey,
      teamId: String(teamId) as TeamId,
    }),
    manager: (managerId: number): CommandOf<'SetOverrideManager'> => ({
      kind: 'SetOverrideManager',
      ...person,
      identity,
      managerUserId: '0b8c8a9e-0000-4000-8000-000000000002' as ObjectId,
      managerLearnAmpUserId: String(managerId) as LearnAmpUserId,
    }),
    noManager: (): CommandOf<'ClearOverrideManager'> => ({ kind: 'ClearOverrideManager', ...person, identity }),
    fields: (fields: Readonly<Record<string, string | null>>): CommandOf<'SetCustomFields'> => ({
      kind: 'SetCustomFields',
      ...person,
      identity,
      fields: Object.entries(fields).map(([name, value]) => ({ name, value })),
    }),
    deactivate: (): CommandOf<'DeactivateUser'> => ({ kind: 'DeactivateUser', ...person, reason: 'left_scope' }),
    reactivate: (): CommandOf<'ReactivateUser'> => ({ kind: 'ReactivateUser', ...person, reason: 'returned' }),
    avatar: (): CommandOf<'SetAvatar'> => ({ kind: 'SetAvatar', ...person, photo: 'a mark' }),
  };
};

export const ensureTeam = (name: string, key = name.toLowerCase()): CommandOf<'EnsureTeam'> => ({
  kind: 'EnsureTeam',
  teamKey: key as TeamKey,
  name,
});
