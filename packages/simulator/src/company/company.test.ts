import { describe, expect, it } from 'vitest';
import type { DirectoryModel } from '../directory/directory-model.js';
import { makeDirectoryModel } from '../directory/make-directory-model.js';
import type { LearnAmpModel } from '../learn-amp/learn-amp-model.js';
import { makeLearnAmpModel } from '../learn-amp/make-learn-amp-model.js';
import { type Company, type CompanyOptions, makeCompany } from './company.js';

const now = (): Date => new Date('2026-01-01T00:00:00Z');
const make = (
  seed: number,
  options: CompanyOptions = {},
): { company: Company; directory: DirectoryModel; learnAmp: LearnAmpModel } => {
  const scopeGroup = { displayName: 'Scope' };
  const directory = makeDirectoryModel({ seed, scopeGroup, now, edgesAreReported: () => false });
  const learnAmp = makeLearnAmpModel(now);
  return { company: makeCompany({ directory, learnAmp }, seed, options), directory, learnAmp };
};

describe('the made-up company', () => {
  it('is the same for the same seed and another for another', () => {
    const people = (seed: number): string => JSON.stringify(make(seed).directory.users());
    expect(people(1)).toBe(people(1));
    expect(people(1)).not.toBe(people(2));
  });

  it.each([1, 2, 5, 40, 250])('has as many people in scope as asked for (%i), and others outside', (people) => {
    const { company, directory } = make(3, { people });
    expect(directory.reachableUsers()).toEqual(new Set(company.people));
    expect(company.people).toHaveLength(people);
    expect(company.outsiders.length).toBeGreaterThan(0);
  });

  it('has a diamond, a ring if wanted, one leader, managers outside, a guest and somebody with one name', () => {
    const { company, directory } = make(4, { cycle: true });
    const { europe, americas, falcon, interns } = company.groups;
    expect(directory.groupsOf(falcon)).toEqual(
      new Set([europe, americas, interns, company.groups.berlin, company.scopeGroupId]),
    );
    expect(directory.user(company.people[0]!).managerId).toBeUndefined();
    expect(company.outsiders).toContain(directory.user(company.managedFromOutside!).managerId);
    expect(directory.user(company.guestId!).properties).toMatchObject({
      userType: 'Guest',
      mail: 'noor.visser@partner.example',
    });
    expect(directory.user(company.mononymId!).properties).not.toHaveProperty('surname');
  });

  it('an account to adopt has the address of somebody in scope, in other case', () => {
    const { company, directory, learnAmp } = make(5, { existingAccounts: 2 });
    expect(company.existing).toHaveLength(2);
    for (const { userId, accountId } of company.existing) {
      const { userPrincipalName } = directory.user(userId).properties;
      const { email } = learnAmp.account(accountId)!;
      expect(email).not.toBe(userPrincipalName);
      expect(email.toLowerCase()).toBe(userPrincipalName);
    }
  });

  it('spelling variants name no new department', () => {
    const { directory } = make(6, { spellingVariants: true });
    const spelled = directory.users().flatMap(({ properties }) => properties.department ?? []);
    const plain = spelled.map((name) => name.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase());
    expect(new Set(plain).size).toBe(8);
    expect(new Set(spelled).size).toBeGreaterThan(8);
  });
});

describe('editing the directory', () => {
  it('refuses what Entra would refuse, in a sentence', () => {
    const { company, directory } = make(7, { people: 6 });
    const [first = '', second = ''] = company.people;
    const taken = directory.user(second).properties.userPrincipalName!.toUpperCase();
    expect(() => directory.updateUser(first, { userPrincipalName: taken })).toThrow(/is taken by/);
    expect(() => directory.addMember(first, second)).toThrow(/Group .* is unknown/);
    directory.deleteUser(first);
    expect(() => directory.updateUser(first, { city: 'x' })).toThrow(/is deleted, expected live/);
    expect(() => directory.addMember(company.groups.europe, first)).toThrow(/is not there/);
  });

  it('a deleted person leaves the scope with a prefixed name and comes back with everything', () => {
    const { company, directory } = make(8, { people: 12 });
    const [boss = '', id = ''] = company.people;
    const before = directory.user(id);
    const { properties } = before;
    directory.setManager(id, boss);
    directory.deleteUser(id);
    expect(directory.reachableUsers().has(id)).toBe(false);
    expect(directory.deletedUsers()[0]?.properties.userPrincipalName).toBe(
      `${id.replaceAll('-', '')}${properties.userPrincipalName}`,
    );
    expect(directory.directReports(boss).map((user) => user.id)).not.toContain(id);
    directory.restoreUser(id);
    expect(directory.reachableUsers().has(id)).toBe(true);
    expect(directory.user(id)).toMatchObject({ properties, managerId: boss });
  });

  it('a purge ends memberships and the reports of a manager', () => {
    const { company, directory } = make(9, { people: 12 });
    const [boss = '', id = ''] = company.people;
    directory.setManager(id, boss);
    directory.purgeUser(boss);
    expect(directory.user(id).managerId).toBeUndefined();
    expect(directory.groups().some(({ memberIds }) => memberIds.has(boss))).toBe(false);
    expect(() => directory.restoreUser(boss)).toThrow(/is purged, expected deleted/);
  });

  it('long chains and rings of groups are walked without recursion', () => {
    const { directory } = make(10, { people: 1 });
    const ids = Array.from({ length: 10_000 }, (_, index) => directory.addGroup({ displayName: `G${index}` }));
    for (const [index, id] of ids.entries()) directory.nestGroup(ids[index - 1] ?? directory.scopeGroupId, id);
    directory.nestGroup(ids.at(-1)!, ids[0]!);
    const user = directory.addUser({ displayName: 'Deep', userPrincipalName: 'deep@x.example' });
    directory.addMember(ids.at(-1)!, user);
    expect(directory.reachableUsers().has(user)).toBe(true);
    expect(directory.groupsOf(user).has(directory.scopeGroupId)).toBe(true);
    directory.detachGroup(directory.scopeGroupId, ids[0]!);
    expect(directory.reachableUsers().has(user)).toBe(false);
  });
});
