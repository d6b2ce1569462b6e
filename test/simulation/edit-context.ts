import type { DirectoryUser, Random, Simulator, UserProperties } from '@learnamp/directory-sync-simulator';
import type { Oracle } from './oracle.js';
import type { Wishes } from './oracle-rules.js';

export type EditContext = {
  readonly simulator: Simulator;
  readonly random: Random;
  readonly oracle: Oracle;
  readonly wishes: Wishes;
  /** Told before somebody or a group comes back from the recycle bin: what Graph did not tell meanwhile may need a full read. */
  readonly onRestore: (id: string) => void;
  readonly ownAddresses: boolean;
};

/** Changes the directory, and says how; `undefined` where there is nothing such an edit could be about. */
export type Edit = (context: EditContext) => string | undefined;

export const short = (id: string): string => id.slice(0, 8);
export const any = <T>(random: Random, items: ReadonlyArray<T>): T | undefined => random.shuffle(items)[0];

export const anyUser = ({ simulator, random }: EditContext): DirectoryUser | undefined =>
  any(random, simulator.directory.users());
export const anyGroup = ({ simulator, random }: EditContext): string | undefined =>
  any(random, simulator.directory.groups())?.id;
export const nestedGroups = ({ simulator }: EditContext): ReadonlyArray<string> =>
  simulator.directory.groups().flatMap(({ id }) => (id === simulator.scopeGroupId ? [] : [id]));

export const isFree = ({ simulator }: EditContext, name: string): boolean =>
  simulator.directory.userByPrincipalName(name) === undefined;

export const departments = [
  'Sales',
  ' sales',
  'SALES ',
  'Ｓales',
  'Legal',
  'legal',
  'People  & Culture',
  'People & culture',
  'R&D',
];
export const tags = [
  'en-GB',
  'de-AT',
  'nb-NO',
  'zh-Hans-CN',
  'zh-Hant-HK',
  'pt',
  'pt-BR',
  'fi-FI',
  'fr-CA',
  'es-419',
  'cy',
  'x',
];
export const dates = ['2020-02-29T00:00:00Z', '2019-12-31T23:00:00Z', '0001-01-01T00:00:00Z', '2024-06-30T16:30:00Z'];

export const newName = (context: EditContext): string => {
  for (;;) {
    const name = `p${context.random.integer(1, 99_999)}@fabrikam.example`;
    if (isFree(context, name)) return name;
  }
};

export const recruit = (context: EditContext, special: Partial<UserProperties> = {}): string => {
  const { simulator, random } = context;
  const { directory } = simulator;
  const given = random.pick(['Ann', 'Bo', 'Cy', 'Dee', 'Ed']);
  const surname = random.pick(['Moss', 'North', 'Oak', 'Pine']);
  const mononym = random.chance(0.15);
  const name = newName(context);
  const id = directory.addUser({
    displayName: mononym ? given : `${given} ${surname}`,
    userPrincipalName: name,
    mail: random.pick([null, name, name]),
    givenName: mononym || random.chance(0.2) ? null : given,
    surname: mononym ? null : surname,
    department: random.pick([null, ...departments]),
    jobTitle: random.pick([null, 'Baker', 'Smith']),
    officeLocation: random.pick([null, 'Rome', 'Oslo']),
    city: random.pick([null, 'Roma']),
    preferredLanguage: random.pick([null, 'en-GB', ...tags]),
    employeeHireDate: random.pick([null, '2021-03-04T00:00:00Z', ...dates]),
    employeeId: random.pick([null, '17']),
    ...special,
  } as Parameters<typeof directory.addUser>[0]);
  const group = any(random, directory.groups());
  if (group !== undefined && random.chance(0.85)) directory.addMember(group.id, id);
  const boss = anyUser(context);
  if (boss !== undefined && random.chance(0.6)) directory.setManager(id, boss.id);
  return id;
};

export const placesOf = ({ simulator }: EditContext, id: string): ReadonlyArray<string> =>
  simulator.directory.groups().flatMap((group) => (group.memberIds.has(id) ? [group.id] : []));
