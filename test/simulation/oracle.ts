import type { Account, DirectoryModel, DirectoryUser, LearnAmpModel } from '@learnamp/directory-sync-simulator';
import { type ExpectedAccount, makeExpectedWorld } from './expected-world.js';
import { makeHoldRule } from './oracle-hold.js';
import {
  addressOf,
  everythingBelow,
  foldTeam,
  languageOf,
  namesOf,
  sourcesOf,
  teamName,
  valueAt,
  valueOf,
  type Wishes,
} from './oracle-rules.js';

export type Oracle = {
  /** An account somebody makes by hand: before the first sync, or later for a person without one. */
  readonly noteHandmade: (account: Account) => void;
  readonly noteTakenElsewhere: (address: string) => void;
  /**
   * The directory as it stands when a sync completes. `anew`: what changed was not told, everything was read from the
   * beginning.
   */
  readonly observe: (now: Date, anew?: boolean) => void;
  /** Somebody approved that these go: they do, with the next sync. */
  readonly approve: (personIds: ReadonlyArray<string>) => void;
  /** Several people could have had one address: whoever came first has it, and nobody says who that is. */
  readonly wasTied: () => boolean;
  /** Leavers whose deactivation waits for a person. */
  readonly held: () => ReadonlySet<string>;
  readonly accounts: () => ReadonlyArray<ExpectedAccount>;
  readonly accountOf: (personId: string) => ExpectedAccount | undefined;
  readonly inScope: () => ReadonlySet<string>;
  /** By folded name, with the spelling where it is decided. */
  readonly teams: () => ReadonlyMap<string, string | undefined>;
  /** Teams of people whose account could not be made: made before that was known, or not. */
  readonly possibleTeams: () => ReadonlySet<string>;
  /**
   * People in scope whose account or address could not be made to follow, with who stands in their way, where that is
   * somebody who is to move on: each must be reported, or wait for one who is.
   */
  readonly unserved: () => ReadonlyMap<string, string | undefined>;
};

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const clearable = ['jobTitle', 'department', 'location', 'hireDate'] as const;

/** Accounts as they ought to be, step by step, from the directory and the wishes alone (and what was there by hand). */
export const makeOracle = (
  directory: DirectoryModel,
  learnAmp: LearnAmpModel,
  wishes: Wishes,
  scopeGroupId: string,
): Oracle => {
  const world = makeExpectedWorld(learnAmp, wishes);
  const { accountOf, adopt, create, externalIdOf, holderOf, inScope, noteHandmade, personOf } = world;
  const elsewhere = new Set<string>();
  const teams = new Map<string, string | undefined>();
  const possibleTeams = new Set<string>();
  let tied = false;

  for (const { name } of learnAmp.teams()) teams.set(foldTeam(name), name);
  for (const account of learnAmp.accounts()) noteHandmade(account);

  const isBlocked = ({ properties }: DirectoryUser): boolean =>
    wishes.deactivateBlockedAccounts === true && properties.accountEnabled === false;

  /** An account made by hand that may become this person's. */
  const adoptable = (user: DirectoryUser, account: ExpectedAccount): boolean => {
    if (account.person !== undefined) return false;
    if (account.externalId?.toLowerCase() === user.id) return true;
    return wishes.adoptByEmail !== false && (account.externalId === null || !guid.test(account.externalId));
  };

  /** Where several may have one address, any of them may get it, but one only: whom Learn Amp shows. */
  const chosen = (rivals: ReadonlyArray<DirectoryUser>, address: string): DirectoryUser | undefined => {
    tied ||= rivals.length > 1;
    const actual = learnAmp.accountByEmail(address);
    const owner = actual === undefined ? undefined : externalIdOf(actual)?.toLowerCase();
    return (
      rivals.find(({ id }) => (actual !== undefined && accountOf(id)?.id === actual.id) || id === owner) ?? rivals[0]
    );
  };

  /** Gives every person in scope the address the directory says, as far as it is free, until nothing changes any more. */
  const settleAddresses = (users: ReadonlyArray<DirectoryUser>): void => {
    for (const user of users) {
      const own = world
        .accounts()
        .find((account) => account.externalId?.toLowerCase() === user.id && account.person === undefined);
      if (own !== undefined && accountOf(user.id) === undefined && addressOf(wishes, user) !== undefined)
        adopt(user, own);
    }
    for (let changed = true; changed;) {
      changed = false;
      const claims = new Map<string, DirectoryUser[]>();
      for (const user of users) {
        const address = addressOf(wishes, user);
        const own = accountOf(user.id);
        if (address === undefined || own?.email.toLowerCase() === address) continue;
        const holder = holderOf(address);
        const possible = holder === undefined ? !elsewhere.has(address) : own === undefined && adoptable(user, holder);
        if (possible) claims.set(address, [...(claims.get(address) ?? []), user]);
      }
      for (const [address, rivals] of claims) {
        const winner = chosen(rivals, address);
        if (winner === undefined) continue;
        const [own, holder] = [accountOf(winner.id), holderOf(address)];
        if (own !== undefined) own.email = address;
        else if (holder === undefined) create(winner, address);
        else adopt(winner, holder);
        changed = true;
        break;
      }
    }
  };

  const fill = (user: DirectoryUser, account: ExpectedAccount): void => {
    const { everHad } = personOf(user.id);
    const blanksClear = wishes.blanks !== 'keep';
    const { first, last } = namesOf(wishes, user);
    account.firstName = first;
    account.lastName = last;
    for (const field of clearable) {
      const value = valueOf(wishes, user, field);
      if (value !== undefined) account[field] = value;
      else if (blanksClear && sourcesOf(wishes, field).some((path) => everHad.has(path))) account[field] = null;
    }
    const tag = valueOf(wishes, user, 'language');
    account.language = (tag === undefined ? undefined : languageOf(tag)) ?? account.language;
    for (const [path, name] of Object.entries(wishes.customFields ?? {})) {
      const value = valueAt(user, path);
      if (value !== undefined) account.customFields.set(name, value);
      else if (blanksClear && everHad.has(path)) account.customFields.delete(name);
    }
  };

  /** A team exists for every department somebody is put in; the spelling is that of the most people, then the first. */
  const settleTeams = (users: ReadonlyArray<DirectoryUser>): void => {
    const spellings = new Map<string, string[]>();
    for (const user of users) {
      const department = valueOf(wishes, user, 'department');
      const account = accountOf(user.id);
      if (department === undefined) continue;
      const key = foldTeam(department);
      if (account === undefined) {
        possibleTeams.add(key);
        continue;
      }
      account.team = key;
      spellings.set(key, [...(spellings.get(key) ?? []), teamName(department)]);
    }
    for (const [key, names] of spellings) {
      if (teams.has(key)) continue;
      const count = (name: string): number => names.filter((other) => other === name).length;
      const [best] = [...new Set(names)].sort((a, b) => count(b) - count(a) || (a < b ? -1 : 1));
      // Where somebody without an account had a say, the spelling may be theirs.
      teams.set(key, possibleTeams.has(key) ? undefined : best);
    }
  };

  const settleManager = (user: DirectoryUser, account: ExpectedAccount, anew: boolean): void => {
    const person = personOf(user.id);
    const isGone = (id: string | undefined): boolean =>
      id !== undefined && directory.find(id)?.presence !== 'live' && world.wasInScope(id);
    const before = person.manager;
    // Graph shows no manager who is in the recycle bin: of somebody who enters, or is read anew, nothing else is known.
    const inBin = user.managerId !== undefined && directory.find(user.managerId)?.presence !== 'live';
    const unseen = inBin && (person.entered || (anew && before !== user.managerId));
    const managerId = unseen ? undefined : user.managerId;
    if (managerId !== undefined || !isGone(before)) person.manager = managerId;
    if (wishes.assignOverrideManagers === false) return;
    const clear = (): void => {
      if (!account.managerIsOurs) return;
      account.manager = null;
      account.managerIsOurs = false;
    };
    if (managerId === undefined) {
      // Nobody, or somebody whose account was deleted: then who it is now is not known.
      if (!isGone(before) && wishes.blanks !== 'keep') clear();
      return;
    }
    if (isGone(managerId)) return;
    const manager = directory.find(managerId);
    const target = accountOf(managerId);
    const serves =
      manager?.kind === 'user' && manager.id !== user.id && personOf(manager.id).inScope && !isBlocked(manager);
    if (!serves || target?.active !== true) clear();
    else if (account.manager !== target.key) {
      account.manager = target.key;
      account.managerIsOurs = true;
    }
  };

  const deactivate = (account: ExpectedAccount): void => {
    account.active = false;
    account.team = null;
    account.otherTeams = [];
    const heir = world.accounts().find(({ role, active }) => role === 'owner' && active)?.key ?? null;
    for (const other of world.accounts())
      if (other.manager === account.key) other.manager = other.key === heir ? null : heir;
  };

  const isSpared = (personId: string, account: ExpectedAccount): boolean => {
    const names = [personId, account.email, ...personOf(personId).addresses].map((name) => name.toLowerCase());
    return (wishes.neverDeactivate ?? []).some((entry) => names.includes(entry.toLowerCase()));
  };

  const holdRule = wishes.deactivationHold?.enabled === false ? undefined : makeHoldRule();
  const approved = new Set<string>();
  let held: ReadonlySet<string> = new Set();

  /** Leavers go, unless they are named as never to go, are owner or admin, or are too many at once. */
  const letGo = (servedIds: ReadonlySet<string>, now: Date): void => {
    const leavers = world.accounts().flatMap((account): ReadonlyArray<readonly [string, ExpectedAccount]> => {
      const { person, active } = account;
      const leaves = person !== undefined && active && !servedIds.has(person) && !isSpared(person, account);
      return leaves ? [[person, account]] : [];
    });
    const isPowerful = ({ role }: ExpectedAccount): boolean => role === 'owner' || role === 'admin';
    const isAsked = (person: string, account: ExpectedAccount): boolean =>
      !isPowerful(account) && !approved.has(person);
    const ordinary = leavers.flatMap(([person, account]) => (isAsked(person, account) ? [person] : []));
    const active = world.accounts().filter((account) => account.person !== undefined && account.active).length;
    const waiting = holdRule?.waiting(ordinary, { now, active, scopeEmpty: inScope().size === 0 }) ?? new Set<string>();
    const byName = leavers.flatMap(([person, account]) =>
      isPowerful(account) && !approved.has(person) ? [person] : [],
    );
    held = new Set([...waiting, ...byName]);
    for (const [person, account] of leavers) if (!held.has(person)) deactivate(account);
    // An approval ends with its use.
    approved.clear();
  };

  const note = (user: DirectoryUser, before: ReadonlySet<string>): void => {
    const person = personOf(user.id);
    // Whoever enters brings all that is true of them; what was true before they left is not asked.
    person.entered = !before.has(user.id);
    if (person.entered) person.manager = undefined;
    person.inScope = true;
    person.everInScope = true;
    const { userPrincipalName, mail } = user.properties;
    person.addresses = [userPrincipalName, mail].flatMap((address) => address ?? []);
    const paths = [
      ...clearable.flatMap((field) => sourcesOf(wishes, field)),
      ...Object.keys(wishes.customFields ?? {}),
    ];
    for (const path of paths) {
      const value = valueAt(user, path);
      const isDate = sourcesOf(wishes, 'hireDate').includes(path);
      if (value !== undefined && !(isDate && valueOf(wishes, user, 'hireDate') === undefined)) person.everHad.add(path);
    }
  };

  const observe = (now: Date, anew = false): void => {
    const below = everythingBelow(directory, scopeGroupId);
    const users = directory.users().filter(({ id }) => below.has(id));
    const before = inScope();
    for (const [, person] of world.people()) person.inScope = false;
    for (const user of users) note(user, before);

    const served = users.filter((user) => !isBlocked(user));
    settleAddresses(served);
    for (const user of served) {
      const account = accountOf(user.id);
      if (account === undefined) continue;
      account.active = true;
      fill(user, account);
    }
    settleTeams(served);
    for (const user of served) {
      const account = accountOf(user.id);
      if (account !== undefined) settleManager(user, account, anew);
    }
    letGo(new Set(served.map(({ id }) => id)), now);
  };

  return {
    noteHandmade,
    noteTakenElsewhere: (address) => {
      elsewhere.add(address.toLowerCase());
    },
    observe,
    approve: (personIds) => {
      for (const id of personIds) approved.add(id);
    },
    wasTied: () => tied,
    held: () => held,
    accounts: world.accounts,
    accountOf,
    inScope,
    teams: () => teams,
    possibleTeams: () => possibleTeams,
    unserved: () =>
      new Map(
        directory.users().flatMap((user): ReadonlyArray<readonly [string, string | undefined]> => {
          const { id } = user;
          if (!personOf(id).inScope || isBlocked(user)) return [];
          const [account, address] = [accountOf(id), addressOf(wishes, user)];
          const follows = account !== undefined && (address === undefined || account.email.toLowerCase() === address);
          return follows ? [] : [[id, address === undefined ? undefined : holderOf(address)?.person]];
        }),
      ),
  };
};
