import { createHash } from 'node:crypto';
import {
  defaultPreferences,
  encodePreferences,
  teamKeyOf,
  type Command,
  type CommandId,
  type CommandOf,
  type DirectoryEvent,
  type LearnAmpAccount,
  type LearnAmpUserId,
  type ObjectId,
  type TeamId,
} from '@learnamp/directory-sync-domain';
import { makeMadePlans, type MadePlans } from './made-plans.js';

// The history of a made-up company, the same one every time: an initial sync, then cycles of changes with the commands that
// the planner makes of them, in about the proportions of a real one. About ten events for each person. As behind a cycle of
// the engine, nearly everybody's plan is idle at the end; a few wait for a manager or were refused.

export type MadeBatch = { readonly events: ReadonlyArray<DirectoryEvent>; readonly at: Date };

export const madeConnection = { connectionId: 'fabrikam', stream: 'directorySync-fabrikam' };

const DEPARTMENTS = 200;
const BATCH = 500;
const DISPATCHED = 100;
/** Changes of people in one cycle. */
const CHANGES = 40;
const MINUTE = 60_000;
const BEGAN = Date.parse('2026-01-05T06:00:00.000Z');

const settings = {
  graphBaseUrl: 'https://graph.microsoft.com',
  graphCredential: 'certificate',
  learnAmpBaseUrl: 'in process',
};

/** Looks like an object id, and is the same for a number every time. */
export const madeId = (kind: string, n: number): ObjectId =>
  createHash('sha256')
    .update(`${kind} ${n}`)
    .digest('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5') as ObjectId;

/** Numbers that look like chance (mulberry32). */
const chances = (seed: number) => {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  const pick = <T>(values: ReadonlyArray<T>): T => values[below(values.length)] as T;
  return { next, below, pick };
};
type Chances = ReturnType<typeof chances>;

const givenNames = [
  'Ana',
  'Björn',
  'Chloé',
  'Dmitri',
  'Emeka',
  'Fatima',
  'Grace',
  'Hiroshi',
  'Ines',
  'Jürgen',
  'Katarzyna',
];
const surnames = [
  'Abbott',
  'Brown',
  'Çelik',
  'Dubois',
  'Eriksson',
  'Fischer',
  'García',
  'Haddad',
  'Ivanova',
  'O’Neill',
];
const jobTitles = [
  'Analyst',
  'Team Lead',
  'Software Engineer',
  'Nurse',
  'Regional Sales Manager',
  'Warehouse Operative',
];
const offices = ['London', 'Kraków', 'Dublin 2', 'Remote', 'Leeds Campus, Building 4'];
const languages = ['en-GB', 'pl-PL', 'fr-FR', 'de-DE'];

type Person = {
  readonly n: number;
  readonly userId: ObjectId;
  readonly learnAmpUserId: LearnAmpUserId;
  readonly attributes: Record<string, string | null>;
  managerId: ObjectId | null;
  inScope: boolean;
  enabled: boolean;
  photo: string | null;
};

const scopeGroupId = madeId('group', 0);
const groupOf = (n: number): ObjectId => madeId('group', 1 + (n % 25));
const departmentOf = (n: number): string => `Department ${n % DEPARTMENTS}`;
const teamOf = (department: string | null | undefined) => {
  const teamKey = teamKeyOf(department ?? '');
  if (teamKey === undefined) throw new Error('A department without a team.');
  return { teamKey, teamId: String(10 + Number(/\d+/.exec(department ?? '')?.[0])) as TeamId };
};

const personOf = (chance: Chances, n: number): Person => {
  const [givenName, surname] = [chance.pick(givenNames), chance.pick(surnames)];
  return {
    n,
    userId: madeId('person', n),
    learnAmpUserId: String(10_000 + n) as LearnAmpUserId,
    attributes: {
      displayName: `${givenName} ${surname}`,
      givenName,
      surname,
      userPrincipalName: `person${n}@fabrikam.example`,
      mail: `person${n}@fabrikam.example`,
      jobTitle: chance.pick(jobTitles),
      department: departmentOf(chance.below(DEPARTMENTS)),
      officeLocation: chance.pick(offices),
      preferredLanguage: chance.pick(languages),
      employeeHireDate: '2024-03-01T00:00:00Z',
      userType: 'Member',
      'onPremisesExtensionAttributes.extensionAttribute1': `cost centre ${n % 90}`,
    },
    managerId: n < 10 ? null : madeId('person', Math.floor(n / 10)),
    inScope: false,
    enabled: true,
    photo: null,
  };
};

/** An account as Learn Amp shows it once it is made. */
const accountMade = ({ learnAmpUserId }: Person, { identity, externalId, profile }: CommandOf<'CreateUser'>) => ({
  learnAmpUserId,
  ...identity,
  status: 'confirmed' as const,
  externalId,
  role: 'viewer',
  jobTitle: null,
  department: null,
  location: null,
  language: 'en',
  hireDate: null,
  ...profile,
});

/** Attributes that change, about as often as they do. */
const changeable: ReadonlyArray<readonly [type: string, attribute: string, weight: number]> = [
  ['JobTitleChanged', 'jobTitle', 22],
  ['DepartmentChanged', 'department', 20],
  ['OfficeLocationChanged', 'officeLocation', 10],
  ['DisplayNameChanged', 'displayName', 6],
  ['SurnameChanged', 'surname', 5],
  ['GivenNameChanged', 'givenName', 2],
  ['MailChanged', 'mail', 3],
  ['UserPrincipalNameChanged', 'userPrincipalName', 3],
  ['PreferredLanguageChanged', 'preferredLanguage', 3],
  ['HireDateChanged', 'employeeHireDate', 1],
  ['UserTypeChanged', 'userType', 1],
];
const weighted = changeable.flatMap(([type, attribute, weight]) =>
  Array.from({ length: weight }, () => [type, attribute] as const),
);

const valueFor = (chance: Chances, { n }: Person, attribute: string): string => {
  switch (attribute) {
    case 'jobTitle':
      return `${chance.pick(jobTitles)} ${chance.below(5)}`;
    case 'department':
      return departmentOf(chance.below(DEPARTMENTS));
    case 'mail':
    case 'userPrincipalName':
      return `person${n}.${chance.below(100)}@fabrikam.example`;
    case 'preferredLanguage':
      return chance.pick(languages);
    case 'employeeHireDate':
      return `2025-0${1 + chance.below(9)}-01T00:00:00Z`;
    default:
      return `${chance.pick(surnames)} ${chance.below(1_000)}`;
  }
};

type Facts = ReadonlyArray<DirectoryEvent>;

const attributeStep = (chance: Chances, person: Person): Facts => {
  const [type, attribute] = chance.pick(weighted);
  const from = person.attributes[attribute] ?? null;
  const to = valueFor(chance, person, attribute);
  person.attributes[attribute] = to;
  return [{ type, data: { userId: person.userId, from, to } } as DirectoryEvent];
};

const customStep = (chance: Chances, person: Person): Facts => {
  const attribute = 'onPremisesExtensionAttributes.extensionAttribute1';
  const [from, to] = [person.attributes[attribute] ?? null, `cost centre ${chance.below(90)}`];
  person.attributes[attribute] = to;
  return [{ type: 'CustomAttributeChanged', data: { userId: person.userId, attribute, from, to } }];
};

const managerStep = (chance: Chances, person: Person, manager: Person): Facts => {
  const { userId, managerId: from } = person;
  if (from !== null && chance.next() < 0.1) {
    person.managerId = null;
    return [{ type: 'ManagerUnassigned', data: { userId, from } }];
  }
  if (manager === person || !manager.inScope) return [];
  person.managerId = manager.userId;
  return [{ type: 'ManagerAssigned', data: { userId, managerId: manager.userId, from } }];
};

const photoStep = (chance: Chances, person: Person): Facts => {
  const { userId, photo: from } = person;
  if (from !== null && chance.next() < 0.1) {
    person.photo = null;
    return [{ type: 'PhotoRemoved', data: { userId } }];
  }
  const to = madeId('photo', chance.below(1_000_000));
  person.photo = to;
  return [{ type: 'PhotoChanged', data: { userId, from, to } }];
};

const joinOf = (person: Person): DirectoryEvent => {
  const { n, userId, managerId, enabled } = person;
  person.inScope = true;
  const data = {
    userId,
    attributes: { ...person.attributes },
    accountEnabled: enabled,
    managerId,
    path: [scopeGroupId, groupOf(n)],
  };
  return { type: 'UserJoinedGroup', data };
};

/** Whoever is in scope leaves; whoever left returns. */
const scopeStep = (chance: Chances, person: Person): Facts => {
  const { n, userId } = person;
  const edge = { groupId: groupOf(n), memberId: userId, kind: 'user' as const };
  if (!person.inScope) return [{ type: 'GroupMemberAdded', data: edge }, joinOf(person)];
  person.inScope = false;
  const deleted = chance.next() < 0.4;
  return [
    deleted ? { type: 'UserDeleted', data: { userId, reason: 'soft' } } : { type: 'GroupMemberRemoved', data: edge },
    { type: 'UserLeftGroup', data: { userId, reason: deleted ? 'deleted' : 'removed' } },
    { type: 'LeaveConfirmed', data: { userId, by: deleted ? 'not-found' : 'checkMemberGroups' } },
  ];
};

const accountStep = (person: Person): Facts => {
  person.enabled = !person.enabled;
  return [{ type: person.enabled ? 'AccountUnblocked' : 'AccountBlocked', data: { userId: person.userId } }];
};

/** A look at Learn Amp that finds what was written. */
const lookStep = ({ userId, learnAmpUserId }: Person, { delivered }: MadePlans): Facts => {
  const { email, firstName, lastName, status, profile, teamId, managerLearnAmpUserId } = delivered(userId);
  const account = {
    learnAmpUserId,
    email: email ?? '',
    firstName: firstName ?? null,
    lastName: lastName ?? null,
    status: status ?? 'confirmed',
    externalId: userId,
    role: 'viewer',
    ...profile,
    primaryTeam: teamId === null || teamId === undefined ? null : { teamId, name: `Team ${teamId}` },
    managerLearnAmpUserId: managerLearnAmpUserId ?? null,
  } as LearnAmpAccount;
  return [{ type: 'LearnAmpUserObserved', data: { userId, account } }];
};

const stepOf = (chance: Chances, person: Person, { people, plans }: Company): Facts => {
  const dice = chance.next();
  if (!person.inScope || dice < 0.05) return scopeStep(chance, person);
  if (dice < 0.19) return managerStep(chance, person, chance.pick(people));
  if (dice < 0.25) return customStep(chance, person);
  if (dice < 0.3) return photoStep(chance, person);
  if (dice < 0.32) return accountStep(person);
  if (dice < 0.38) return lookStep(person, plans);
  return attributeStep(chance, person);
};

const commandIdOf = (n: number): CommandId =>
  createHash('sha256').update(`command ${n}`).digest('base64url') as CommandId;

function* receiptOf(
  chance: Chances,
  person: Person,
  { command, commandId }: { readonly command: Command; readonly commandId: CommandId },
): Generator<DirectoryEvent> {
  if (command.kind === 'CreateUser') {
    const account = accountMade(person, command);
    yield { type: 'CommandSucceeded', data: { commandId, command, result: 'created', account } };
    yield {
      type: 'UserLinked',
      data: { userId: person.userId, learnAmpUserId: person.learnAmpUserId, how: 'created' },
    };
  } else if (command.kind === 'UpdateProfile' && chance.next() < 0.01)
    yield { type: 'CommandRejected', data: { commandId, command, code: 'validation', fields: ['jobTitle'] } };
  else yield { type: 'CommandSucceeded', data: { commandId, command, result: 'updated' } };
}

/** What is planned for these people, sent a hundred commands at a time, with what came of it and what stays in the way. */
function* deliver(company: Company, people: Iterable<Person>, graphTime: string): Generator<DirectoryEvent> {
  const { chance, numbers, plans } = company;
  const wanted = [...people].flatMap((person) =>
    plans.commandsOf(person.userId).map((command) => ({ command, person })),
  );
  for (let from = 0; from < wanted.length; from += DISPATCHED) {
    const part = wanted.slice(from, from + DISPATCHED).map((each) => {
      numbers.next += 1;
      return { ...each, commandId: commandIdOf(numbers.next) };
    });
    const items = part.map(({ command, person, commandId }) => ({
      commandId,
      subject: person.userId,
      kind: command.kind,
      mac: commandId,
    }));
    yield { type: 'CommandsDispatched', data: { plannerVersion: 1, graphTime, items } };
    for (const each of part) yield* receiptOf(chance, each.person, each);
  }
  for (const { userId } of people) yield* plans.planOf(userId).standing;
}

const cursorOf = (source: 'users' | 'groups', round: number, graphTime: string): DirectoryEvent => ({
  type: 'DeltaCursorMoved',
  data: {
    source,
    cursor: source === 'users' ? 'users' : 'groups:1',
    groupIds: source === 'groups' ? [scopeGroupId] : [],
    link: `${settings.graphBaseUrl}/v1.0/${source}/delta?$deltatoken=${commandIdOf(round)}${commandIdOf(round + 1)}`,
    fingerprint: commandIdOf(0),
    issuedAt: graphTime,
    graphTime,
    round: { id: madeId('round', round), kind: round === 0 ? 'initial' : 'incremental' },
    reached: 'deltaLink',
  },
});

function* beginning(keyStoreId: string): Generator<DirectoryEvent> {
  const { connectionId } = madeConnection;
  const created = { formatVersion: 1, connectionId, tenantId: madeId('tenant', 0), groupId: scopeGroupId, keyStoreId };
  yield { type: 'ConnectionCreated', data: { ...created, ...settings, actor: 'an administrator' } };
  yield {
    type: 'PreferencesChanged',
    data: { preferences: encodePreferences(defaultPreferences), actor: 'an administrator' },
  };
  yield { type: 'EngineStarted', data: { epoch: 1, version: '0.1.0' } };
  for (let n = 0; n < 25; n += 1)
    yield { type: 'GroupMemberAdded', data: { groupId: scopeGroupId, memberId: groupOf(n), kind: 'group' } };
}

function* initialSync(company: Company): Generator<DirectoryEvent> {
  const { people } = company;
  const graphTime = new Date(BEGAN).toISOString();
  for (const { n, userId } of people)
    yield { type: 'GroupMemberAdded', data: { groupId: groupOf(n), memberId: userId, kind: 'user' } };
  yield cursorOf('groups', 0, graphTime);
  for (const person of people) yield joinOf(person);
  yield cursorOf('users', 0, graphTime);
  for (let n = 0; n < DEPARTMENTS; n += 1) {
    const name = departmentOf(n);
    yield { type: 'TeamEnsured', data: { ...teamOf(name), name, how: 'created' } };
  }
  // The accounts, then what rests on them.
  yield* deliver(company, people, graphTime);
  yield* deliver(company, people, graphTime);
  yield { type: 'SyncCompleted', data: { rounds: 2, graphTime } };
}

function* cycle(company: Company): Generator<DirectoryEvent> {
  const { chance, people, numbers } = company;
  const graphTime = new Date(BEGAN + numbers.cycle * MINUTE).toISOString();
  const touched = new Set<Person>();
  if (numbers.cycle % 50 === 0) yield { type: 'SyncStarted', data: { trigger: 'schedule' } };
  for (let change = 0; change < CHANGES; change += 1) {
    const person = chance.pick(people);
    const { inScope, managerId } = person;
    yield* stepOf(chance, person, company);
    touched.add(person);
    if (person.managerId !== managerId) company.manage(person, managerId);
    if (person.inScope !== inScope) for (const report of company.reportsOf(person)) touched.add(report);
  }
  yield cursorOf('users', numbers.cycle, graphTime);
  // Once more, for what rests on accounts that were woken.
  yield* deliver(company, touched, graphTime);
  yield* deliver(company, touched, graphTime);
}

type Company = {
  readonly chance: Chances;
  readonly people: ReadonlyArray<Person>;
  readonly numbers: { next: number; cycle: number };
  readonly plans: MadePlans;
  readonly reportsOf: (manager: Person) => Iterable<Person>;
  /** Another manager, or none any more, in the place of the one before. */
  readonly manage: (person: Person, before: ObjectId | null) => void;
};

const companyOf = (size: number): Company => {
  const chance = chances(size);
  const people = Array.from({ length: size }, (_, n) => personOf(chance, n));
  const reports = new Map<ObjectId, Set<Person>>();
  const manage = (person: Person, before: ObjectId | null): void => {
    if (before !== null) reports.get(before)?.delete(person);
    if (person.managerId === null) return;
    const theirs = reports.get(person.managerId) ?? new Set<Person>();
    reports.set(person.managerId, theirs.add(person));
  };
  for (const person of people) manage(person, null);
  const plans = makeMadePlans();
  return {
    chance,
    people,
    numbers: { next: 0, cycle: 0 },
    plans,
    reportsOf: ({ userId }) => reports.get(userId) ?? [],
    manage,
  };
};

/** Batches as they would be appended, until there are so many events. */
export function* madeHistory(
  size: { readonly people: number; readonly events: number },
  keyStoreId: string,
): Generator<MadeBatch> {
  const company = companyOf(size.people);
  const { numbers, plans } = company;
  let made = 0;
  const batches = function* (events: Iterable<DirectoryEvent>): Generator<MadeBatch> {
    let batch: DirectoryEvent[] = [];
    const at = new Date(BEGAN + numbers.cycle * MINUTE);
    for (const event of events) {
      if (made >= size.events) break;
      made += 1;
      plans.record(event);
      batch.push(event);
      if (batch.length < BATCH) continue;
      yield { events: batch, at };
      batch = [];
    }
    if (batch.length > 0) yield { events: batch, at };
  };
  yield* batches(beginning(keyStoreId));
  yield* batches(initialSync(company));
  while (made < size.events) {
    numbers.cycle += 1;
    yield* batches(cycle(company));
  }
}
