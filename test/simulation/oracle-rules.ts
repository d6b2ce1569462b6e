import type { DirectoryModel, DirectoryUser } from '@learnamp/directory-sync-simulator';

/**
 * The product's rules about one person, written a second time and as plainly as possible. Nothing here may be imported
 * from the packages that are judged.
 */

/** Preferences as a company writes them; what is left out has its documented default. */
export type Wishes = {
  readonly invitations?: 'immediate' | 'manual';
  readonly assignOverrideManagers?: boolean;
  readonly blanks?: 'clear' | 'keep';
  readonly adoptByEmail?: boolean;
  readonly deactivateBlockedAccounts?: boolean;
  readonly neverDeactivate?: ReadonlyArray<string>;
  readonly hireDateTimeZone?: 'UTC' | 'Asia/Tokyo' | 'America/Bogota';
  readonly externalId?: 'integrationExternalId' | { readonly customField: string };
  readonly attributes?: Readonly<Record<string, string | ReadonlyArray<string> | null>>;
  readonly customFields?: Readonly<Record<string, string>>;
  readonly deactivationHold?: { readonly enabled: boolean };
  readonly creationHold?: { readonly enabled: boolean };
};

const productMap: Readonly<Record<string, string>> = {
  firstName: 'givenName',
  lastName: 'surname',
  email: 'userPrincipalName',
  jobTitle: 'jobTitle',
  department: 'department',
  location: 'officeLocation',
  language: 'preferredLanguage',
  hireDate: 'employeeHireDate',
};

/** The attributes that feed a field, in the order they are tried; none where the field is off. */
export const sourcesOf = (wishes: Wishes, field: string): ReadonlyArray<string> => {
  const given = wishes.attributes?.[field];
  if (given === null) return [];
  if (given === undefined) return [productMap[field] ?? ''];
  return typeof given === 'string' ? [given] : given;
};

/** What the directory holds under a path; blank is nothing. */
export const valueAt = (user: DirectoryUser, path: string): string | undefined => {
  let value: unknown = user.properties;
  for (const part of path.split('.')) value = (value as Readonly<Record<string, unknown>> | null | undefined)?.[part];
  if (value === null || value === undefined) return undefined;
  const text = typeof value === 'string' ? value.trim() : JSON.stringify(value);
  return text === '' ? undefined : text;
};

const offsets = { UTC: 0, 'Asia/Tokyo': 9, 'America/Bogota': -5 } as const;

/** The calendar day of a timestamp in the company's zone; the directory's smallest day means "not set". */
export const dayOf = (wishes: Wishes, timestamp: string): string | undefined => {
  const there = new Date(Date.parse(timestamp) + offsets[wishes.hireDateTimeZone ?? 'UTC'] * 3_600_000);
  const day = there.toISOString().slice(0, 10);
  return timestamp.startsWith('0001-01-01') || day.startsWith('0001-01-01') ? undefined : day;
};

/** The first attribute of a field that has a value. */
export const valueOf = (wishes: Wishes, user: DirectoryUser, field: string): string | undefined => {
  for (const path of sourcesOf(wishes, field)) {
    const value = valueAt(user, path);
    const read = value !== undefined && field === 'hireDate' ? dayOf(wishes, value) : value;
    if (read !== undefined) return read;
  }
  return undefined;
};

const offered =
  'en en-US de es es-CO fr fr-CA it nl pt-BR pl ru no sv da zh-CN zh-TW ja ar sk ca cy el hu pt-PT ro tr'.split(' ');
const folded: Readonly<Record<string, string>> = {
  'en-gb': 'en',
  nb: 'no',
  nn: 'no',
  'nb-no': 'no',
  'nn-no': 'no',
  pt: 'pt-PT',
  'zh-hans': 'zh-CN',
  'zh-hans-cn': 'zh-CN',
  'zh-hant': 'zh-TW',
  'zh-hant-hk': 'zh-TW',
  'zh-hk': 'zh-TW',
  'es-419': 'es-CO',
};

/** One of Learn Amp's codes, or nothing where it offers none that is near. */
export const languageOf = (tag: string): string | undefined => {
  const lower = tag.toLowerCase();
  const exact = offered.find((code) => code.toLowerCase() === lower) ?? folded[lower];
  return exact ?? offered.find((code) => code === lower.split('-')[0]) ?? folded[lower.split('-')[0] ?? ''];
};

/** Learn Amp needs both names: one that is missing comes from the display name. */
export const namesOf = (wishes: Wishes, user: DirectoryUser): { readonly first: string; readonly last: string } => {
  const [first, last] = [valueOf(wishes, user, 'firstName'), valueOf(wishes, user, 'lastName')];
  const words = (valueAt(user, 'displayName') ?? first ?? last ?? '').split(/\s+/);
  const lastWord = words.at(-1) ?? '';
  const before = words.slice(0, -1).join(' ');
  return { first: first ?? (before === '' ? lastWord : before), last: last ?? lastWord };
};

/** A guest's address is in `mail`; the principal name of a guest, or of a deleted account, is none. */
export const addressOf = (wishes: Wishes, user: DirectoryUser): string | undefined => {
  const name = valueAt(user, 'userPrincipalName') ?? '';
  const guest = valueAt(user, 'userType') === 'Guest' || /#ext#/i.test(name);
  for (const path of guest ? ['mail'] : sourcesOf(wishes, 'email')) {
    const address = valueAt(user, path)?.toLowerCase();
    const usable = address !== undefined && /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(address) && !address.includes('#ext#');
    if (usable && !address.startsWith(user.id.replaceAll('-', ''))) return address;
  }
  return undefined;
};

/** Departments that differ in case, white space or Unicode form only are one team. */
export const foldTeam = (name: string): string => name.normalize('NFKC').replace(/\s+/gu, ' ').trim().toLowerCase();

/** As a team is named: one space where the directory has several. */
export const teamName = (department: string): string => department.replace(/\s+/gu, ' ').trim();

/** Everything below the scope group, itself included: what is found is added until nothing is added any more. */
export const everythingBelow = (directory: DirectoryModel, scopeGroupId: string): ReadonlySet<string> => {
  const live = (id: string): boolean => directory.find(id)?.presence === 'live';
  const found = new Set(live(scopeGroupId) ? [scopeGroupId] : []);
  for (let before = -1; before !== found.size;) {
    before = found.size;
    const members = directory.groups().flatMap(({ id, memberIds }) => (found.has(id) ? [...memberIds] : []));
    for (const id of members.filter(live)) found.add(id);
  }
  return found;
};
