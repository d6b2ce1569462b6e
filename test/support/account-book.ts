import {
  isActiveStatus,
  type AccountStatus,
  type LearnAmpAccount,
  type LearnAmpTeam,
  type LearnAmpUserId,
  type TeamId,
} from '@learnamp/directory-sync';

/** What an account is made of; the rest is empty. */
export type NewAccount = Change & { readonly email: string };
export type Change = Partial<Omit<LearnAmpAccount, 'learnAmpUserId'>>;

/**
 * The accounts and teams of one company in memory, found by what is unique in it, at any size.
 *
 * Invariants: every account is in each index under what it holds now; at most one account has an address (without case)
 * or an external id.
 */
export const makeAccountBook = () => {
  const accounts = new Map<string, LearnAmpAccount>();
  const byEmail = new Map<string, LearnAmpUserId>();
  const byExternalId = new Map<string, LearnAmpUserId>();
  const reports = new Map<string, Set<LearnAmpUserId>>();
  const owners = new Set<LearnAmpUserId>();
  const teams = new Map<string, LearnAmpTeam>();
  const statusBefore = new Map<string, AccountStatus>();
  let lastId = 1000;
  let active = 0;

  const unindex = (account: LearnAmpAccount): void => {
    byEmail.delete(account.email.toLowerCase());
    if (typeof account.externalId === 'string') byExternalId.delete(account.externalId);
    reports.get(account.managerLearnAmpUserId ?? '')?.delete(account.learnAmpUserId);
    owners.delete(account.learnAmpUserId);
    if (isActiveStatus(account.status)) active -= 1;
  };

  const store = (account: LearnAmpAccount): LearnAmpAccount => {
    const id = account.learnAmpUserId;
    const before = accounts.get(id);
    if (before !== undefined) unindex(before);
    accounts.set(id, account);
    byEmail.set(account.email.toLowerCase(), id);
    if (typeof account.externalId === 'string') byExternalId.set(account.externalId, id);
    const manager = account.managerLearnAmpUserId;
    if (typeof manager === 'string') reports.set(manager, (reports.get(manager) ?? new Set()).add(id));
    if (account.role === 'owner') owners.add(id);
    if (isActiveStatus(account.status)) active += 1;
    return account;
  };

  const find = (id: LearnAmpUserId | undefined): LearnAmpAccount | undefined =>
    id === undefined ? undefined : accounts.get(id);
  const owner = (besides?: LearnAmpUserId): LearnAmpAccount | undefined =>
    [...owners]
      .map(find)
      .find((one) => one !== undefined && one.learnAmpUserId !== besides && isActiveStatus(one.status));

  return {
    all: () => accounts.values(),
    size: () => accounts.size,
    active: () => active,
    find,
    byEmail: (email: string) => find(byEmail.get(email.trim().toLowerCase())),
    byExternalId: (externalId: string) => find(byExternalId.get(externalId)),
    owner,
    add: (given: NewAccount): LearnAmpAccount => {
      lastId += 1;
      return store({
        learnAmpUserId: String(lastId) as LearnAmpUserId,
        firstName: null,
        lastName: null,
        status: 'confirmed',
        externalId: null,
        role: 'viewer',
        jobTitle: null,
        department: null,
        location: null,
        language: 'en',
        hireDate: null,
        primaryTeam: null,
        managerLearnAmpUserId: null,
        customFields: {},
        ...given,
      });
    },
    change: (account: LearnAmpAccount, change: Change): LearnAmpAccount => store({ ...account, ...change }),
    /** As Learn Amp does it: team memberships go, and whom the person managed falls to the owner. */
    deactivate: (account: LearnAmpAccount): LearnAmpAccount => {
      statusBefore.set(account.learnAmpUserId, account.status);
      const heir = owner(account.learnAmpUserId)?.learnAmpUserId ?? null;
      for (const id of [...(reports.get(account.learnAmpUserId) ?? [])]) {
        const report = find(id);
        if (report !== undefined) store({ ...report, managerLearnAmpUserId: id === heir ? null : heir });
      }
      const now = find(account.learnAmpUserId) ?? account;
      return store({ ...now, status: 'deactivated', primaryTeam: null });
    },
    reactivate: (account: LearnAmpAccount): LearnAmpAccount =>
      store({ ...account, status: statusBefore.get(account.learnAmpUserId) ?? 'confirmed' }),
    remove: (account: LearnAmpAccount): void => {
      unindex(account);
      accounts.delete(account.learnAmpUserId);
    },
    teams: () => [...teams.values()],
    team: (id: TeamId) => teams.get(id),
    addTeam: (name: string, externalId: string | null = null): LearnAmpTeam => {
      lastId += 1;
      const team: LearnAmpTeam = { teamId: String(lastId) as TeamId, name, externalId };
      teams.set(team.teamId, team);
      return team;
    },
    dropTeam: (id: TeamId): void => void teams.delete(id),
  };
};

export type AccountBook = ReturnType<typeof makeAccountBook>;
