import type { Account, LearnAmpModel } from '@learnamp/directory-sync-simulator';
import type { ExpectedAccount } from './expected-world.js';
import type { Oracle } from './oracle.js';
import { foldTeam, type Wishes } from './oracle-rules.js';

export type Difference = {
  readonly who: string;
  readonly field: string;
  readonly wanted: unknown;
  readonly found: unknown;
};

const sameData = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Each expected account finds its actual one: by id, or by its address when it is seen for the first time. */
const meet = (oracle: Oracle, learnAmp: LearnAmpModel): ReadonlyMap<ExpectedAccount, Account> => {
  const taken = new Set(oracle.accounts().flatMap(({ id }) => (id === undefined ? [] : [id])));
  const met = new Map<ExpectedAccount, Account>();
  for (const expected of oracle.accounts()) {
    const actual = expected.id === undefined ? learnAmp.accountByEmail(expected.email) : learnAmp.account(expected.id);
    if (actual === undefined || (expected.id === undefined && taken.has(actual.id))) continue;
    expected.id = actual.id;
    taken.add(actual.id);
    met.set(expected, actual);
  }
  return met;
};

const wantedOf = (expected: ExpectedAccount): Readonly<Record<string, unknown>> => {
  const { email, firstName, lastName, jobTitle, department, location, language, hireDate, externalId } = expected;
  return {
    ...{ active: expected.active, email, firstName, lastName, jobTitle, department, location, language, hireDate },
    ...{ externalId, team: expected.team, otherTeams: expected.otherTeams, manager: expected.manager },
    ...{ role: expected.role, timeZone: 'London', invitations: expected.invitations },
    customFields: Object.fromEntries([...expected.customFields].sort()),
  };
};

const teamDifferences = (oracle: Oracle, learnAmp: LearnAmpModel): ReadonlyArray<Difference> => {
  const names = learnAmp.teams().map(({ name }) => name);
  const wanted = oracle.teams();
  return [
    ...[...wanted].flatMap(([key, spelling]) => {
      const found = names.filter((name) => foldTeam(name) === key);
      const right = found.length === 1 && (spelling === undefined || found[0] === spelling);
      return right ? [] : [{ who: 'teams', field: key, wanted: [spelling ?? key], found }];
    }),
    ...names
      .filter((name, index) => names.findIndex((other) => foldTeam(other) === foldTeam(name)) < index)
      .map((found) => ({ who: 'teams', field: foldTeam(found), wanted: 'one of a name', found })),
    ...names
      .filter((name) => !wanted.has(foldTeam(name)) && !oracle.possibleTeams().has(foldTeam(name)))
      .map((found) => ({ who: 'teams', field: foldTeam(found), wanted: 'no such team', found })),
    ...learnAmp
      .teams()
      .filter(({ parentTeamId, managerId, tags }) => parentTeamId !== null || managerId !== null || tags.length > 0)
      .map((found) => ({ who: 'teams', field: found.name, wanted: 'flat, without manager and tags', found })),
  ];
};

/** An account as Learn Amp shows it, in the terms of `wantedOf`. */
const reader = (met: ReadonlyMap<ExpectedAccount, Account>, learnAmp: LearnAmpModel, wishes: Wishes) => {
  const keyOfId = new Map([...met].map(([{ key }, { id }]) => [id, key]));
  const invited = (id: number): number => learnAmp.invitations().filter(({ accountId }) => accountId === id).length;
  const slot = wishes.externalId ?? 'integrationExternalId';
  return (account: Account): Readonly<Record<string, unknown>> => {
    const { email, firstName, lastName, jobTitle, department, location, language, hireDate } = account;
    const team = account.primaryTeamId === null ? undefined : learnAmp.team(account.primaryTeamId)?.name;
    return {
      ...{ active: account.status !== 'deactivated', email, firstName, lastName, jobTitle, department, location },
      ...{ language, hireDate },
      externalId:
        slot === 'integrationExternalId'
          ? account.integrationExternalId
          : (account.customFields[slot.customField] ?? null),
      team: team === undefined ? null : foldTeam(team),
      otherTeams: account.secondaryTeamIds,
      manager: account.managerId === null ? null : (keyOfId.get(account.managerId) ?? `account ${account.managerId}`),
      ...{ role: account.role, timeZone: account.timeZone, invitations: invited(account.id) },
      customFields: Object.fromEntries(Object.entries(account.customFields).sort()),
    };
  };
};

/** Every account by its key: two lives of one company can be held beside each other. */
export const shownAccounts = (
  oracle: Oracle,
  learnAmp: LearnAmpModel,
  wishes: Wishes,
): Readonly<Record<string, unknown>> => {
  const met = meet(oracle, learnAmp);
  const foundOf = reader(met, learnAmp, wishes);
  return Object.fromEntries([...met].map(([{ key }, account]) => [key, foundOf(account)]));
};

/** What Learn Amp holds beside what it ought to hold, everything of everybody. */
export const differences = (oracle: Oracle, learnAmp: LearnAmpModel, wishes: Wishes): ReadonlyArray<Difference> => {
  const met = meet(oracle, learnAmp);
  const foundOf = reader(met, learnAmp, wishes);
  const ofAccounts = oracle.accounts().flatMap((expected): ReadonlyArray<Difference> => {
    const who = expected.person ?? expected.key;
    const actual = met.get(expected);
    if (actual === undefined) return [{ who, field: 'account', wanted: expected.email, found: undefined }];
    const [wanted, found] = [wantedOf(expected), foundOf(actual)];
    return Object.keys(wanted).flatMap((field) =>
      sameData(wanted[field], found[field]) ? [] : [{ who, field, wanted: wanted[field], found: found[field] }],
    );
  });
  const unexpected = learnAmp
    .accounts()
    .filter(({ id }) => ![...met.values()].some((account) => account.id === id))
    .map(({ id, email }) => ({ who: `account ${id}`, field: 'account', wanted: undefined, found: email }));
  return [...ofAccounts, ...unexpected, ...teamDifferences(oracle, learnAmp)];
};
