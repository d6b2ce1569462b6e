import { makeEffects } from './effects.js';
import type {
  Account,
  AccountAvatar,
  AccountStatus,
  AvatarWrite,
  Deactivation,
  Invitation,
  LearnAmpModel,
  Team,
  Write,
} from './learn-amp-model.js';

const withoutUndefined = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as T;

export const makeLearnAmpModel = (now: () => Date): LearnAmpModel => {
  const accounts = new Map<number, Account>();
  const teams = new Map<number, Team>();
  const invitations: Invitation[] = [];
  const deactivations: Deactivation[] = [];
  const writes: Write[] = [];
  const elsewhere = new Set<string>();
  const avatars = new Map<number, AccountAvatar>();
  const avatarWrites: AvatarWrite[] = [];
  const effects = makeEffects(now);
  // Indexes by what is unique in a company; kept by `store` and `drop` alone.
  const byEmail = new Map<string, number>();
  const byExternalId = new Map<string, number>();
  const statusBefore = new Map<number, AccountStatus>();
  let lastAccountId = 1000;
  let lastTeamId = 300;

  const drop = (id: number): void => {
    const before = accounts.get(id);
    if (before === undefined) throw new Error(`There is no account ${id}.`);
    byEmail.delete(before.email.toLowerCase());
    if (before.integrationExternalId !== null) byExternalId.delete(before.integrationExternalId);
    accounts.delete(id);
  };
  const store = (account: Account): Account => {
    accounts.set(account.id, account);
    byEmail.set(account.email.toLowerCase(), account.id);
    if (account.integrationExternalId !== null) byExternalId.set(account.integrationExternalId, account.id);
    return account;
  };
  const updateAccount = (id: number, patch: Partial<Omit<Account, 'id'>>): Account => {
    const before = accounts.get(id);
    if (before === undefined) throw new Error(`There is no account ${id}.`);
    const after = { ...before, ...withoutUndefined(patch), updatedAt: now().toISOString() };
    const takenBy = byEmail.get(after.email.toLowerCase());
    if (takenBy !== undefined && takenBy !== id) throw new Error(`The address ${after.email} is taken.`);
    if (after.primaryTeamId !== before.primaryTeamId) effects.forget('membership', id);
    byEmail.delete(before.email.toLowerCase());
    if (before.integrationExternalId !== null) byExternalId.delete(before.integrationExternalId);
    // Stored in place: `Map.set` on a present key keeps the order of ids.
    return store(after);
  };
  const updateTeam = (id: number, patch: Partial<Omit<Team, 'id'>>): Team => {
    const before = teams.get(id);
    if (before === undefined) throw new Error(`There is no team ${id}.`);
    const after = { ...before, ...withoutUndefined(patch) };
    teams.set(id, after);
    return after;
  };
  const owner = (): Account => {
    for (const account of accounts.values()) {
      if (account.role === 'owner' && account.status !== 'deactivated') return account;
    }
    throw new Error('The company has no active owner.');
  };
  const byKey = (index: ReadonlyMap<string, number>, key: string): Account | undefined => {
    const id = index.get(key);
    return id === undefined ? undefined : accounts.get(id);
  };

  return {
    accounts: () => [...accounts.values()],
    account: (id) => accounts.get(id),
    accountByEmail: (email) => byKey(byEmail, email.toLowerCase()),
    accountByExternalId: (externalId) => byKey(byExternalId, externalId),
    teams: () => [...teams.values()],
    team: (id) => teams.get(id),
    teamsNamed: (name) => [...teams.values()].filter((team) => team.name === name),
    invitations: () => [...invitations],
    deactivations: () => [...deactivations],
    writes: () => [...writes],
    owner,
    avatarOf: (id) => avatars.get(id),
    setAvatar: (id, avatar) => {
      if (!accounts.has(id)) throw new Error(`There is no account ${id}.`);
      const before = avatars.get(id);
      const isSame = before !== undefined && avatar !== undefined && Buffer.compare(before.bytes, avatar.bytes) === 0;
      effects.record('avatar', id, avatar !== before && !isSame);
      if (avatar === undefined) avatars.delete(id);
      else avatars.set(id, avatar);
      avatarWrites.push({ accountId: id, avatar });
    },
    avatarWrites: () => [...avatarWrites],
    repeats: effects.repeats,
    effects,
    addAccount: (given) => {
      if (byEmail.has(given.email.toLowerCase())) throw new Error(`The address ${given.email} is taken.`);
      lastAccountId += 1;
      const at = now().toISOString();
      return store({
        id: lastAccountId,
        jobTitle: null,
        department: null,
        location: null,
        language: 'en',
        hireDate: null,
        timeZone: 'London',
        role: 'viewer',
        integrationExternalId: null,
        occupationRole: null,
        status: 'confirmed',
        primaryTeamId: null,
        secondaryTeamIds: [],
        managerId: null,
        customFields: {},
        deactivatedAt: null,
        ...withoutUndefined(given),
        createdAt: at,
        updatedAt: at,
      });
    },
    updateAccount,
    deactivate: (id) => {
      const account = accounts.get(id);
      if (account === undefined) throw new Error(`There is no account ${id}.`);
      if (account.status === 'deactivated') return;
      effects.forget('reactivation', id);
      const at = now().toISOString();
      statusBefore.set(id, account.status);
      updateAccount(id, { status: 'deactivated', deactivatedAt: at, primaryTeamId: null, secondaryTeamIds: [] });
      deactivations.push({ accountId: id, email: account.email, at });
      const heir = owner().id;
      for (const other of accounts.values()) {
        if (other.managerId === id) updateAccount(other.id, { managerId: other.id === heir ? null : heir });
      }
      for (const team of teams.values()) if (team.managerId === id) updateTeam(team.id, { managerId: heir });
    },
    reactivate: (id) => {
      const account = accounts.get(id);
      if (account === undefined) throw new Error(`There is no account ${id}.`);
      if (account.status !== 'deactivated') return;
      effects.forget('deactivation', id);
      updateAccount(id, { status: statusBefore.get(id) ?? 'confirmed', deactivatedAt: null });
    },
    deleteAccount: (id) => {
      drop(id);
      for (const other of accounts.values()) if (other.managerId === id) updateAccount(other.id, { managerId: null });
    },
    addTeam: (given) => {
      lastTeamId += 1;
      const team: Team = {
        id: lastTeamId,
        integrationExternalId: null,
        managerId: null,
        secondaryManagerIds: [],
        parentTeamId: null,
        tags: [],
        ...withoutUndefined(given),
      };
      teams.set(team.id, team);
      return team;
    },
    updateTeam,
    deleteTeam: (id) => {
      const gone = teams.get(id);
      if (gone === undefined) throw new Error(`There is no team ${id}.`);
      teams.delete(id);
      if (gone.integrationExternalId !== null) effects.forget('team', gone.integrationExternalId);
      for (const account of accounts.values()) {
        if (account.primaryTeamId !== id && !account.secondaryTeamIds.includes(id)) continue;
        updateAccount(account.id, {
          primaryTeamId: account.primaryTeamId === id ? null : account.primaryTeamId,
          secondaryTeamIds: account.secondaryTeamIds.filter((other) => other !== id),
        });
      }
    },
    takeElsewhere: (email) => {
      elsewhere.add(email.toLowerCase());
    },
    isTakenElsewhere: (email) => elsewhere.has(email.toLowerCase()),
    recordWrite: (write) => {
      writes.push({ sequence: writes.length + 1, ...write });
    },
    recordInvitation: (account) => {
      invitations.push({ accountId: account.id, email: account.email, at: now().toISOString() });
    },
  };
};
