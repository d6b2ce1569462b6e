import type { Simulator } from '@learnamp/directory-sync-simulator';

type Account = ReturnType<Simulator['learnAmp']['accounts']>[number];

/** The account of a person, by the object id in its external id. */
export const accountOf = (simulator: Simulator, userId: string): Account | undefined =>
  simulator.learnAmp.accountByExternalId(userId);

/** The name of the account's primary team. */
export const teamOf = (simulator: Simulator, account: Account | undefined): string | undefined =>
  account?.primaryTeamId == null ? undefined : simulator.learnAmp.team(account.primaryTeamId)?.name;

const differs = (field: string, wanted: string | null | undefined, has: string | null | undefined): string[] =>
  wanted == null || wanted === has ? [] : [`${field} is ${has ?? 'empty'} and not ${wanted}`];

const personDifferences = (simulator: Simulator, userId: string, inScope: ReadonlySet<string>): string[] => {
  const user = simulator.directory.user(userId);
  const wanted = user.properties;
  const account = accountOf(simulator, userId);
  if (account === undefined) return ['no account'];
  const address = (wanted.userType === 'Guest' ? wanted.mail : wanted.userPrincipalName) ?? undefined;
  const managerId = user.managerId === undefined || !inScope.has(user.managerId) ? undefined : user.managerId;
  return [
    ...(account.status === 'deactivated' ? ['deactivated'] : []),
    ...differs('e-mail', address?.toLowerCase(), account.email.toLowerCase()),
    ...differs('first name', wanted.givenName, account.firstName),
    ...differs('last name', wanted.surname, account.lastName),
    ...differs('job title', wanted.jobTitle, account.jobTitle),
    ...differs('department', wanted.department, account.department),
    ...differs('primary team', wanted.department, teamOf(simulator, account)),
    ...differs('location', wanted.officeLocation, account.location),
    ...differs('manager', managerId, simulator.learnAmp.account(account.managerId ?? -1)?.integrationExternalId),
  ];
};

/**
 * Compares Learn Amp with the directory person by person, with nothing of the engine: what the group holds on one
 * side, what the accounts hold on the other. Empty when they agree.
 */
export const differences = (simulator: Simulator): ReadonlyArray<string> => {
  const inScope = simulator.directory.reachableUsers();
  const missing = [...inScope].flatMap((userId) =>
    personDifferences(simulator, userId, inScope).map((what) => `${userId}: ${what}`),
  );
  const left = simulator.learnAmp
    .accounts()
    .filter(({ integrationExternalId: id, status }) => id !== null && !inScope.has(id) && status !== 'deactivated')
    .map(({ id }) => `account ${id} is active and its person is not in the group`);
  return [...missing, ...left];
};

/** Everything Learn Amp holds, as one text: equal texts, equal systems. */
export const everythingIn = (simulator: Simulator): string =>
  JSON.stringify([simulator.learnAmp.accounts(), simulator.learnAmp.teams(), simulator.learnAmp.invitations()]);
