import type { Account, DirectoryUser, LearnAmpModel } from '@learnamp/directory-sync-simulator';
import { foldTeam, namesOf, type Wishes } from './oracle-rules.js';

/** What one Learn Amp account has to hold. */
export type ExpectedAccount = {
  /** `hand:1002` for one that somebody made by hand, else the object id of the person it was made for. */
  readonly key: string;
  /** Known for those made by hand; for the others once they were seen. */
  id: number | undefined;
  /** The person it belongs to. */
  person: string | undefined;
  email: string;
  firstName: string;
  lastName: string;
  jobTitle: string | null;
  department: string | null;
  location: string | null;
  language: string;
  hireDate: string | null;
  externalId: string | null;
  readonly customFields: Map<string, string>;
  /** Folded. */
  team: string | null;
  otherTeams: ReadonlyArray<number>;
  /** The key of the account it points to. */
  manager: string | null;
  /** The override is one that the sync set. */
  managerIsOurs: boolean;
  active: boolean;
  readonly role: Account['role'];
  invitations: number;
};

export type ExpectedPerson = {
  inScope: boolean;
  everInScope: boolean;
  /** Entered the scope since the step before. */
  entered: boolean;
  /** Attributes that had a value at some time while the person was in scope. */
  readonly everHad: Set<string>;
  manager: string | undefined;
  /** Every address the person was known by when last in scope. */
  addresses: ReadonlyArray<string>;
};

/** What is expected of Learn Amp and known of people, and how it is looked up. */
export type ExpectedWorld = {
  readonly accounts: () => ReadonlyArray<ExpectedAccount>;
  readonly people: () => Iterable<readonly [string, ExpectedPerson]>;
  readonly personOf: (id: string) => ExpectedPerson;
  readonly wasInScope: (id: string | undefined) => boolean;
  readonly inScope: () => ReadonlySet<string>;
  readonly accountOf: (personId: string) => ExpectedAccount | undefined;
  readonly holderOf: (address: string) => ExpectedAccount | undefined;
  readonly externalIdOf: (account: Account) => string | null;
  readonly noteHandmade: (account: Account) => void;
  readonly create: (user: DirectoryUser, email: string) => void;
  readonly adopt: (user: DirectoryUser, account: ExpectedAccount) => void;
};

export const makeExpectedWorld = (learnAmp: LearnAmpModel, wishes: Wishes): ExpectedWorld => {
  const accounts: ExpectedAccount[] = [];
  const people = new Map<string, ExpectedPerson>();
  const slot = wishes.externalId ?? 'integrationExternalId';

  const personOf = (id: string): ExpectedPerson => {
    const known = people.get(id) ?? {
      inScope: false,
      everInScope: false,
      entered: false,
      everHad: new Set<string>(),
      manager: undefined,
      addresses: [],
    };
    people.set(id, known);
    return known;
  };
  const inScope = (): ReadonlySet<string> =>
    new Set([...people].flatMap(([id, person]) => (person.inScope ? [id] : [])));
  const accountOf = (personId: string): ExpectedAccount | undefined =>
    accounts.find(({ person }) => person === personId);
  const holderOf = (address: string): ExpectedAccount | undefined =>
    accounts.find(({ email }) => email.toLowerCase() === address);
  const externalIdOf = (account: Account): string | null =>
    slot === 'integrationExternalId' ? account.integrationExternalId : (account.customFields[slot.customField] ?? null);

  const noteHandmade = (account: Account): void => {
    const { id, email, firstName, lastName, jobTitle, department, location, language, hireDate } = account;
    const team = account.primaryTeamId === null ? undefined : learnAmp.team(account.primaryTeamId)?.name;
    const manager = accounts.find((other) => other.id === account.managerId);
    accounts.push({
      key: `hand:${id}`,
      id,
      person: undefined,
      ...{ email, firstName, lastName, jobTitle, department, location, language, hireDate },
      externalId: externalIdOf(account),
      customFields: new Map(Object.entries(account.customFields)),
      team: team === undefined ? null : foldTeam(team),
      otherTeams: account.secondaryTeamIds,
      manager: manager?.key ?? null,
      managerIsOurs: false,
      active: account.status !== 'deactivated',
      role: account.role,
      invitations: 0,
    });
  };
  const create = (user: DirectoryUser, email: string): void => {
    const { first, last } = namesOf(wishes, user);
    accounts.push({
      key: user.id,
      id: undefined,
      person: user.id,
      email,
      firstName: first,
      lastName: last,
      ...{ jobTitle: null, department: null, location: null, language: 'en', hireDate: null },
      externalId: user.id,
      customFields: new Map(slot === 'integrationExternalId' ? [] : [[slot.customField, user.id]]),
      ...{ team: null, otherTeams: [], manager: null, managerIsOurs: false, active: true, role: 'viewer' },
      invitations: wishes.invitations === 'immediate' ? 1 : 0,
    });
  };

  const adopt = (user: DirectoryUser, account: ExpectedAccount): void => {
    account.person = user.id;
    account.active = true;
    if (account.externalId !== null) return;
    account.externalId = user.id;
    if (slot !== 'integrationExternalId') account.customFields.set(slot.customField, user.id);
  };

  return {
    accounts: () => accounts,
    people: () => people,
    personOf,
    wasInScope: (id) => id !== undefined && people.get(id)?.everInScope === true,
    ...{ inScope, accountOf, holderOf, externalIdOf, noteHandmade, create, adopt },
  };
};
