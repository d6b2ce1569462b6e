import type { DirectoryModel, NewUser } from '../directory/directory-model.js';
import type { LearnAmpModel } from '../learn-amp/learn-amp-model.js';
import { type Random, randomFrom } from '../random.js';
import { addressPart, departments, givenNames, jobTitles, languages, offices, surnames } from './names.js';

export type CompanyOptions = {
  /** People reachable from the scope group, the guest and the mononym among them. Default 250. */
  readonly people?: number;
  /** People of the tenant outside the scope. Default: an eighth of the people, at least three. */
  readonly outsiders?: number;
  /** Departments that differ in case, white space or Unicode form only. Default false. */
  readonly spellingVariants?: boolean;
  /** A ring among the nested groups. Default false. */
  readonly cycle?: boolean;
  /** A guest, with a mailbox elsewhere. Default true. */
  readonly guest?: boolean;
  /** Somebody with one name. Default true. */
  readonly mononym?: boolean;
  /** Learn Amp accounts that exist already with the address of somebody in scope, in other case. Default 1. */
  readonly existingAccounts?: number;
  /** Share of people with a photo. Default 0.3. */
  readonly photos?: number;
  /** A device, a contact and a service principal among the members. Default true. */
  readonly things?: boolean;
};

/** The people and groups a story can name. */
export type Company = {
  readonly scopeGroupId: string;
  /** Europe and Americas stand in the scope group and both hold Project Falcon: the diamond. Berlin stands in Europe, its interns in Berlin. */
  readonly groups: {
    readonly europe: string;
    readonly americas: string;
    readonly falcon: string;
    readonly berlin: string;
    readonly interns: string;
    /** Outside the scope: all people of the tenant, and a team that can be attached. */
    readonly everybody: string;
    readonly contractors: string;
  };
  /** In scope, in order of creation; the first leads the company and has no manager. */
  readonly people: ReadonlyArray<string>;
  readonly outsiders: ReadonlyArray<string>;
  readonly guestId: string | undefined;
  readonly mononymId: string | undefined;
  /** In scope, with a manager who is not. */
  readonly managedFromOutside: string | undefined;
  /** Have an account in Learn Amp before the first sync. */
  readonly existing: ReadonlyArray<{ readonly userId: string; readonly accountId: number }>;
  /** Have a photo, in scope or not. */
  readonly photos: ReadonlyArray<string>;
  readonly domain: string;
};

const domain = 'fabrikam.example';

type Recruit = (special?: Partial<NewUser>) => string;

const department = (random: Random, variants: boolean): string => {
  const name = random.pick(departments);
  if (!variants || random.chance(0.6)) return name;
  const fullWidth = name.replaceAll('a', '\uff41');
  return random.pick([
    name.toUpperCase(),
    name.toLowerCase(),
    ` ${name}`,
    `${name}  `,
    name.replaceAll(' ', '  '),
    fullWidth,
  ]);
};

const recruiter = (directory: DirectoryModel, random: Random, variants: boolean): Recruit => {
  const taken = new Set<string>();
  /** By plain name: the number to try next, so that the thousandth of a name is found as fast as the second. */
  const numbers = new Map<string, number>();
  return (special = {}) => {
    const given = random.pick(givenNames);
    const surname = random.pick(surnames);
    const plain = [addressPart(given), addressPart(surname)].filter((part) => part !== '').join('.') || 'person';
    let name = plain;
    let number = numbers.get(plain) ?? 2;
    for (; taken.has(name); number += 1) name = `${plain}${number}`;
    numbers.set(plain, number);
    taken.add(name);
    const address = `${name}@${domain}`;
    const year = random.integer(2008, 2025);
    const day = `${year}-${String(random.integer(1, 12)).padStart(2, '0')}-${String(random.integer(1, 28)).padStart(2, '0')}`;
    const maybe = <T>(probability: number, value: T): T | null => (random.chance(probability) ? value : null);
    const office = random.pick(offices);
    return directory.addUser({
      displayName: `${given} ${surname}`,
      userPrincipalName: address,
      givenName: given,
      surname,
      mail: maybe(0.9, address),
      jobTitle: maybe(0.95, random.pick(jobTitles)),
      department: maybe(0.95, department(random, variants)),
      officeLocation: maybe(0.9, office),
      city: office,
      preferredLanguage: maybe(0.8, random.pick(languages)),
      employeeId: String(random.integer(10_000, 999_999)),
      // Filled by HR systems: often midnight somewhere, given in UTC.
      employeeHireDate: maybe(0.85, `${day}T${random.chance(0.9) ? '00' : '23'}:00:00Z`),
      companyName: 'Fabrikam Made-up',
      onPremisesExtensionAttributes: maybe(0.2, { extensionAttribute1: `cost-${random.integer(1, 40)}` }),
      ...special,
    });
  };
};

const addGroups = (directory: DirectoryModel): Company['groups'] => {
  const group = (displayName: string, description?: string): string =>
    directory.addGroup(description === undefined ? { displayName } : { displayName, description });
  return {
    europe: group('Europe', 'Offices in Europe'),
    americas: group('Americas'),
    falcon: group('Project Falcon', 'People of both sides of the ocean'),
    berlin: group('Berlin'),
    interns: group('Berlin interns'),
    everybody: group('All Company', 'Everyone in the tenant'),
    contractors: group('Contractors'),
  };
};

const nest = (directory: DirectoryModel, groups: Company['groups'], cycle: boolean): void => {
  directory.nestGroup(directory.scopeGroupId, groups.europe);
  directory.nestGroup(directory.scopeGroupId, groups.americas);
  directory.nestGroup(groups.europe, groups.falcon);
  directory.nestGroup(groups.americas, groups.falcon);
  directory.nestGroup(groups.europe, groups.berlin);
  directory.nestGroup(groups.berlin, groups.interns);
  if (cycle) directory.nestGroup(groups.interns, groups.europe);
};

/** Everybody in one group, some in two; the scope group itself holds a few. */
const seat = (
  directory: DirectoryModel,
  groups: Company['groups'],
  people: ReadonlyArray<string>,
  random: Random,
): void => {
  const places: readonly [string, ...string[]] = [
    directory.scopeGroupId,
    groups.europe,
    groups.europe,
    groups.americas,
    groups.americas,
    groups.falcon,
    groups.berlin,
    groups.interns,
  ];
  for (const [index, id] of people.entries()) {
    directory.addMember(index === 0 ? directory.scopeGroupId : random.pick(places), id);
    if (random.chance(0.15)) directory.addMember(random.pick(places), id);
  }
};

const manage = (directory: DirectoryModel, people: ReadonlyArray<string>, random: Random): void => {
  for (const [index, id] of people.entries()) {
    const boss = people[Math.floor((index - 1) / 6)];
    if (index > 0 && boss !== undefined && !random.chance(0.05)) directory.setManager(id, boss);
  }
};

/** Accounts the company had before: the owner, an administrator, and people it invited by hand. */
const furnish = (
  directory: DirectoryModel,
  learnAmp: LearnAmpModel,
  people: ReadonlyArray<string>,
  wanted: number,
): Company['existing'] => {
  learnAmp.addAccount({ email: `owner@learning.example`, firstName: 'Olive', lastName: 'Owner', role: 'owner' });
  learnAmp.addAccount({ email: `admin@learning.example`, firstName: 'Adrian', lastName: 'Admin', role: 'admin' });
  const candidates = people.filter((id) => directory.user(id).properties.userType === 'Member').slice(1, wanted + 1);
  return candidates.map((userId) => {
    const { userPrincipalName, givenName, surname } = directory.user(userId).properties;
    const email = (userPrincipalName ?? '').replace(/(^|\.)[a-z]/g, (letter) => letter.toUpperCase());
    const account = learnAmp.addAccount({
      email,
      firstName: givenName ?? 'Somebody',
      lastName: surname ?? 'Unknown',
      jobTitle: 'As typed by hand',
    });
    return { userId, accountId: account.id };
  });
};

/** Fills an empty tenant and an empty Learn Amp. The same seed and options give the same company. */
export const makeCompany = (
  models: { readonly directory: DirectoryModel; readonly learnAmp: LearnAmpModel },
  seed: number,
  options: CompanyOptions,
): Company => {
  const { directory, learnAmp } = models;
  const random = randomFrom(seed, 'company');
  const count = options.people ?? 250;
  const recruit = recruiter(directory, random, options.spellingVariants ?? false);
  const groups = addGroups(directory);
  nest(directory, groups, options.cycle ?? false);

  const guestId =
    (options.guest ?? true) && count > 3
      ? recruit({
          displayName: 'Noor Visser (Partner)',
          userPrincipalName: `noor.visser_partner.example#EXT#@${domain}`,
          givenName: 'Noor',
          surname: 'Visser',
          mail: 'noor.visser@partner.example',
          userType: 'Guest',
          externalUserState: 'Accepted',
        })
      : undefined;
  const mononymId =
    (options.mononym ?? true) && count > 4
      ? recruit({ displayName: 'Suharti', userPrincipalName: `suharti@${domain}`, givenName: null, surname: null })
      : undefined;
  const special = [guestId, mononymId].flatMap((id) => (id === undefined ? [] : [id]));
  const ordinary = Array.from({ length: Math.max(0, count - special.length) }, () => recruit());
  const people = [...ordinary, ...special];
  const outsiders = Array.from({ length: options.outsiders ?? Math.max(3, Math.floor(count / 8)) }, () => recruit());

  seat(directory, groups, people, random);
  for (const id of [...people, ...outsiders]) directory.addMember(groups.everybody, id);
  for (const id of outsiders.slice(0, Math.ceil(outsiders.length / 2))) directory.addMember(groups.contractors, id);
  manage(directory, people, random);
  const [outsideBoss] = outsiders;
  const managedFromOutside =
    outsideBoss === undefined || people.length < 2 ? undefined : people.at(-1 - special.length);
  if (managedFromOutside !== undefined && outsideBoss !== undefined)
    directory.setManager(managedFromOutside, outsideBoss);
  if (options.things ?? true) {
    directory.addMember(groups.europe, directory.addThing('device', 'Meeting room tablet'));
    directory.addMember(groups.americas, directory.addThing('orgContact', 'Press office'));
    directory.addMember(groups.europe, directory.addThing('servicePrincipal', 'Backup job'));
  }
  const photos = [...people, ...outsiders].filter(() => random.chance(options.photos ?? 0.3));
  for (const id of photos) directory.setPhoto(id);
  const existing = furnish(directory, learnAmp, people, options.existingAccounts ?? 1);
  return {
    scopeGroupId: directory.scopeGroupId,
    groups,
    people,
    outsiders,
    guestId,
    mononymId,
    managedFromOutside,
    existing,
    photos,
    domain,
  };
};
