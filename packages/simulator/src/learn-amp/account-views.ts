import type { LearnAmpContext } from './learn-amp-context.js';
import type { Account, AccountStatus, Team } from './learn-amp-model.js';

type View = Readonly<Record<string, unknown>>;

/** Replies show the status as text for people. */
const shownStatus: Readonly<Record<AccountStatus, string>> = {
  not_invited: 'Not yet invited',
  invite_scheduled: 'Invite scheduled',
  invite_pending: 'Invite pending',
  confirmed: 'Confirmed',
  deactivated: 'Deactivated',
};

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const shownDate = (iso: string): string =>
  `${Number(iso.slice(8, 10))} ${months[Number(iso.slice(5, 7)) - 1] ?? ''} ${iso.slice(2, 4)}`;

/** The short form: in lists, and of the people named inside other people. */
export const briefAccount = (account: Account): View => ({
  id: account.id,
  firstName: account.firstName,
  lastName: account.lastName,
  jobTitle: account.jobTitle,
  email: account.email,
  timeZone: account.timeZone,
  language: account.language,
  role: account.role,
  integrationExternalId: account.integrationExternalId,
  hireDate: account.hireDate,
  profileUrl: `https://made-up.learnamp.example/en/users/${account.id}`,
  status: {
    status: shownStatus[account.status],
    time: `${account.status === 'invite_pending' ? 'Sent' : 'On'} ${shownDate(account.deactivatedAt ?? account.createdAt)}`,
  },
});

export const teamMembers = (learnAmp: LearnAmpContext, team: Team): ReadonlyArray<Account> =>
  learnAmp.model
    .accounts()
    .filter(({ primaryTeamId, secondaryTeamIds }) => primaryTeamId === team.id || secondaryTeamIds.includes(team.id));

export const briefTeam = (learnAmp: LearnAmpContext, team: Team): View => {
  const manager = team.managerId === null ? undefined : learnAmp.model.account(team.managerId);
  return {
    id: team.id,
    name: team.name,
    integrationExternalId: team.integrationExternalId,
    teamUsersCount: teamMembers(learnAmp, team).length,
    apiTeamPath: `/v1/teams/${team.id}.json`,
    apiTeamUsersPath: `/v1/teams/${team.id}/users.json`,
    manager: manager === undefined ? null : briefAccount(manager),
  };
};

/** The whole person, as a single read, a write and an expanded list show it. */
export const wholeAccount = (learnAmp: LearnAmpContext, account: Account): View => {
  const manager = account.managerId === null ? undefined : learnAmp.model.account(account.managerId);
  const primary = account.primaryTeamId === null ? undefined : learnAmp.model.team(account.primaryTeamId);
  const secondary = account.secondaryTeamIds.flatMap((id) => learnAmp.model.team(id) ?? []);
  return {
    ...briefAccount(account),
    occupationRole: account.occupationRole,
    avatar: `https://images.example/w_100/v1/${account.id}.jpg`,
    manager: manager === undefined ? null : briefAccount(manager),
    location: account.location,
    department: account.department,
    primaryTeam: primary === undefined ? null : briefTeam(learnAmp, primary),
    secondaryTeams: secondary.map((team) => briefTeam(learnAmp, team)),
    ...(learnAmp.behaviour.customFieldsEnabled
      ? {
          customFields: learnAmp.behaviour.customFields.map(({ name }) => ({
            name,
            value: account.customFields[name] ?? null,
          })),
        }
      : {}),
  };
};

export const wholeTeam = (learnAmp: LearnAmpContext, team: Team): View => {
  const parent = team.parentTeamId === null ? undefined : learnAmp.model.team(team.parentTeamId);
  return {
    ...briefTeam(learnAmp, team),
    secondaryManagers: team.secondaryManagerIds.flatMap((id) => {
      const found = learnAmp.model.account(id);
      return found === undefined ? [] : [briefAccount(found)];
    }),
    users: teamMembers(learnAmp, team).map(briefAccount),
    subTeams: learnAmp.model
      .teams()
      .filter(({ parentTeamId }) => parentTeamId === team.id)
      .map((sub) => briefTeam(learnAmp, sub)),
    parentTeam: parent === undefined ? null : briefTeam(learnAmp, parent),
    tags: team.tags,
  };
};
