import { createHash } from 'node:crypto';
import {
  defaultPreferences,
  encodePreferences,
  teamKeyOf,
  type Command,
  type CommandId,
  type DirectoryEvent,
  type LearnAmpUserId,
  type ObjectId,
  type TeamId,
} from '@learnamp/directory-sync-domain';

// The history of a made-up company, the same one every time: an initial sync, then cycles of changes with the commands that
// followed from them, in about the proportions of a real one. About ten events for each person.

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

const identityOf = ({ attributes }: Person) => ({
  email: attributes['mail'] ?? '',
  firstName: attributes['givenName'] ?? '',
  lastName: attributes['surname'] ?? '',
});
const linked = ({ userId, learnAmpUserId }: Person) => ({ userId, learnAmpUserId });

const accountOf = (person: Person) => ({
  learnAmpUserId: person.learnAmpUserId,
  ...identityOf(person),
  status: 'confirmed' as const,
  externalId: person.userId,
  role: 'viewer',
  jobTitle: person.attributes['jobTitle'] ?? null,
  location: person.attributes['officeLocation'] ?? null,
  language: 'en',
  hireDate: '2024-03-01',
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
    default:
      return `${chance.pick(surnames)} ${chance.below(1_000)}`;
  }
};

type Step = { readonly facts: ReadonlyArray<DirectoryEvent>; readonly commands: ReadonlyArray<Command> };

const attributeStep = (chance: Chances, person: Person): Step => {
  const [type, attribute] = chance.pick(weighted);
  const from = person.attributes[attribute] ?? null;
  const to = valueFor(chance, person, attribute);
  person.attributes[attribute] = to;
  const facts = [{ type, data: { userId: person.userId, from, to } } as DirectoryEvent];
  const identity = identityOf(person);
  if (attribute === 'department')
    return { facts, commands: [{ kind: 'SetPrimaryTeam', ...linked(person), identity, ...teamOf(to) }] };
  if (attribute === 'mail')
    return { facts, commands: [{ kind: 'ChangeEmail', ...linked(person), from: from ?? '', identity }] };
  if (attribute === 'jobTitle')
    return {
      facts,
      commands: [{ kind: 'UpdateProfile', ...linked(person), identity, set: { jobTitle: to }, clear: [] }],
    };
  return { facts, commands: [] };
};

const customStep = (chance: Chances, person: Person): Step => {
  const attribute = 'onPremisesExtensionAttributes.extensionAttribute1';
  const [from, to] = [person.attributes[attribute] ?? null, `cost centre ${chance.below(90)}`];
  person.attributes[attribute] = to;
  const fields = [{ name: 'Cost centre', value: to }];
  return {
    facts: [{ type: 'CustomAttributeChanged', data: { userId: person.userId, attribute, from, to } }],
    commands: [{ kind: 'SetCustomFields', ...linked(person), identity: identityOf(person), fields }],
  };
};

const managerStep = (chance: Chances, person: Person, manager: Person): Step => {
  const { userId, managerId: from } = person;
  if (from !== null && chance.next() < 0.1) {
    person.managerId = null;
    const clear: Command = { kind: 'ClearOverrideManager', ...linked(person), identity: identityOf(person) };
    return { facts: [{ type: 'ManagerUnassigned', data: { userId, from } }], commands: [clear] };
  }
  if (manager === person) return { facts: [], commands: [] };
  person.managerId = manager.userId;
  return {
    facts: [{ type: 'ManagerAssigned', data: { userId, managerId: manager.userId, from } }],
    commands: [
      {
        kind: 'SetOverrideManager',
        ...linked(person),
        identity: identityOf(person),
        managerUserId: manager.userId,
        managerLearnAmpUserId: manager.learnAmpUserId,
      },
    ],
  };
};

const photoStep = (chance: Chances, person: Person): Step => {
  const { userId, photo: from } = person;
  if (from !== null && chance.next() < 0.1) {
    person.photo = null;
    return {
      facts: [{ type: 'PhotoRemoved', data: { userId } }],
      commands: [{ kind: 'ClearAvatar', ...linked(person) }],
    };
  }
  const to = madeId('photo', chance.below(1_000_000));
  person.photo = to;
  const commands: ReadonlyArray<Command> = [{ kind: 'SetAvatar', ...linked(person), photo: to }];
  return { facts: [{ type: 'PhotoChanged', data: { userId, from, to } }], commands };
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
const scopeStep = (chance: Chances, person: Person): Step => {
  const { n, userId } = person;
  const edge = { groupId: groupOf(n), memberId: userId, kind: 'user' as const };
  if (!person.inScope)
    return {
      facts: [{ type: 'GroupMemberAdded', data: edge }, joinOf(person)],
      commands: [{ kind: 'ReactivateUser', ...linked(person), reason: 'returned' }],
    };
  person.inScope = false;
  const deleted = chance.next() < 0.4;
  const gone: ReadonlyArray<DirectoryEvent> = deleted
    ? [{ type: 'UserDeleted', data: { userId, reason: 'soft' } }]
    : [{ type: 'GroupMemberRemoved', data: edge }];
  return {
    facts: [
      ...gone,
      { type: 'UserLeftGroup', data: { userId, reason: deleted ? 'deleted' : 'removed' } },
      { type: 'LeaveConfirmed', data: { userId, by: deleted ? 'not-found' : 'checkMemberGroups' } },
    ],
    commands: [{ kind: 'DeactivateUser', ...linked(person), reason: deleted ? 'deleted' : 'left_scope' }],
  };
};

const accountStep = (person: Person): Step => {
  person.enabled = !person.enabled;
  return {
    facts: [{ type: person.enabled ? 'AccountUnblocked' : 'AccountBlocked', data: { userId: person.userId } }],
    commands: [],
  };
};

const lookStep = (person: Person): Step => ({
  facts: [
    {
      type: 'LearnAmpUserObserved',
      data: {
        userId: person.userId,
        account: { ...accountOf(person), primaryTeam: null, managerLearnAmpUserId: null },
      },
    },
  ],
  commands: [],
});

const stepOf = (chance: Chances, person: Person, people: ReadonlyArray<Person>): Step => {
  const dice = chance.next();
  if (!person.inScope || dice < 0.05) return scopeStep(chance, person);
  if (dice < 0.19) return managerStep(chance, person, chance.pick(people));
  if (dice < 0.25) return customStep(chance, person);
  if (dice < 0.3) return photoStep(chance, person);
  if (dice < 0.32) return accountStep(person);
  if (dice < 0.38) return lookStep(person);
  return attributeStep(chance, person);
};

const commandIdOf = (n: number): CommandId =>
  createHash('sha256').update(`command ${n}`).digest('base64url') as CommandId;

/** Dispatches and receipts of commands; a few are refused, deferred or parked. */
const delivery = (chance: Chances, numbers: { next: number }, graphTime: string) =>
  function* (commands: ReadonlyArray<readonly [Command, Person]>): Generator<DirectoryEvent> {
    for (let from = 0; from < commands.length; from += DISPATCHED) {
      const part = commands.slice(from, from + DISPATCHED).map(([command, person]) => {
        numbers.next += 1;
        return { command, person, commandId: commandIdOf(numbers.next) };
      });
      const items = part.map(({ command, person, commandId }) => ({
        commandId,
        subject: person.userId,
        kind: command.kind,
        mac: commandId,
      }));
      yield { type: 'CommandsDispatched', data: { plannerVersion: 1, graphTime, items } };
      for (const { command, person, commandId } of part) {
        const { userId } = person;
        const dice = chance.next();
        if (command.kind === 'CreateUser' || command.kind === 'DeactivateUser' || dice > 0.02) {
          const account = command.kind === 'CreateUser' ? { account: accountOf(person) } : {};
          const result = command.kind === 'CreateUser' ? 'created' : 'updated';
          yield { type: 'CommandSucceeded', data: { commandId, command, result, ...account } };
        } else if (dice > 0.01)
          yield { type: 'CommandRejected', data: { commandId, command, code: 'validation', fields: ['jobTitle'] } };
        else if (dice > 0.005)
          yield {
            type: 'CommandDeferred',
            data: { userId, kind: command.kind, on: 'manager-absent', waitingFor: null },
          };
        else yield { type: 'CommandParked', data: { userId, kind: command.kind, reason: 'no-email' } };
        if (command.kind === 'CreateUser') yield { type: 'UserLinked', data: { ...linked(person), how: 'created' } };
      }
    }
  };

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

function* initialSync(
  chance: Chances,
  people: ReadonlyArray<Person>,
  numbers: { next: number },
): Generator<DirectoryEvent> {
  const graphTime = new Date(BEGAN).toISOString();
  for (const { n, userId } of people)
    yield { type: 'GroupMemberAdded', data: { groupId: groupOf(n), memberId: userId, kind: 'user' } };
  yield cursorOf('groups', 0, graphTime);
  for (const person of people) yield joinOf(person);
  yield cursorOf('users', 0, graphTime);
  const deliver = delivery(chance, numbers, graphTime);
  for (let n = 0; n < DEPARTMENTS; n += 1) {
    const name = departmentOf(n);
    yield { type: 'TeamEnsured', data: { ...teamOf(name), name, how: 'created' } };
  }
  const all = (commandOf: (person: Person) => Command) => deliver(people.map((person) => [commandOf(person), person]));
  yield* all((person) => ({
    kind: 'CreateUser',
    userId: person.userId,
    identity: identityOf(person),
    externalId: person.userId,
    profile: {
      jobTitle: person.attributes['jobTitle'] ?? '',
      location: person.attributes['officeLocation'] ?? '',
      language: 'en',
      hireDate: '2024-03-01',
    },
    invite: 'none',
  }));
  yield* all((person) => ({
    kind: 'SetPrimaryTeam',
    ...linked(person),
    identity: identityOf(person),
    ...teamOf(person.attributes['department']),
  }));
  yield { type: 'SyncCompleted', data: { rounds: 2, graphTime } };
}

function* cycle(
  chance: Chances,
  people: ReadonlyArray<Person>,
  numbers: { next: number; cycle: number },
): Generator<DirectoryEvent> {
  const graphTime = new Date(BEGAN + numbers.cycle * MINUTE).toISOString();
  const commands: (readonly [Command, Person])[] = [];
  if (numbers.cycle % 50 === 0) yield { type: 'SyncStarted', data: { trigger: 'schedule' } };
  for (let change = 0; change < CHANGES; change += 1) {
    const person = chance.pick(people);
    const step = stepOf(chance, person, people);
    yield* step.facts;
    for (const command of step.commands) commands.push([command, person]);
  }
  yield cursorOf('users', numbers.cycle, graphTime);
  yield* delivery(chance, numbers, graphTime)(commands);
}

/** Batches as they would be appended, until there are so many events. */
export function* madeHistory(
  size: { readonly people: number; readonly events: number },
  keyStoreId: string,
): Generator<MadeBatch> {
  const chance = chances(size.people);
  const people = Array.from({ length: size.people }, (_, n) => personOf(chance, n));
  const numbers = { next: 0, cycle: 0 };
  let made = 0;
  const batches = function* (events: Iterable<DirectoryEvent>): Generator<MadeBatch> {
    let batch: DirectoryEvent[] = [];
    const at = new Date(BEGAN + numbers.cycle * MINUTE);
    for (const event of events) {
      if (made >= size.events) break;
      made += 1;
      batch.push(event);
      if (batch.length < BATCH) continue;
      yield { events: batch, at };
      batch = [];
    }
    if (batch.length > 0) yield { events: batch, at };
  };
  yield* batches(beginning(keyStoreId));
  yield* batches(initialSync(chance, people, numbers));
  while (made < size.events) {
    numbers.cycle += 1;
    yield* batches(cycle(chance, people, numbers));
  }
}
