import {
  type CallEndpoint,
  type GraphServerOptions,
  type LearnAmpServerOptions,
  type Random,
  randomFrom,
  type Simulator,
  startSimulator,
} from '@learnamp/directory-sync-simulator';
import type { Wishes } from './oracle-rules.js';

export type RandomCompany = {
  readonly seed: number;
  readonly simulator: Simulator;
  readonly wishes: Wishes;
  readonly graph: GraphServerOptions;
  readonly clock: SharedClock;
};

/** One time for both systems and the engine; waiting moves it and costs nothing. */
export type SharedClock = { readonly now: () => Date; readonly advance: (milliseconds: number) => void };

export const makeSharedClock = (): SharedClock => {
  let time = Date.parse('2026-01-05T08:00:00Z');
  return {
    now: () => new Date(time),
    advance: (milliseconds) => {
      time += milliseconds;
    },
  };
};

const some = <T>(random: Random, probability: number, value: T): T | undefined =>
  random.chance(probability) ? value : undefined;

/** Leaves out what is undefined, so that options keep their defaults. */
const given = <T extends object>(options: { readonly [K in keyof T]: T[K] | undefined }): T =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;

/** Every freedom that Microsoft's documents leave to the server. */
export const randomGraph = (random: Random): GraphServerOptions =>
  given<GraphServerOptions>({
    pageSize: random.pick([undefined, undefined, { min: 1, max: 2 }, { min: 2, max: 9 }, { min: 200, max: 200 }]),
    sliceSize: random.pick([undefined, undefined, { min: 1, max: 2 }, { min: 100, max: 100 }]),
    duplicates: random.chance(0.6),
    shuffle: random.chance(0.8),
    emptyPages: random.chance(0.5),
    replays: random.chance(0.6),
    removedInFirstRound: random.chance(0.5),
    longNames: random.chance(0.5),
    lateValues: random.chance(0.7),
    contradictions: random.chance(0.3),
    restoredUsersShow: !random.chance(0.15),
    purgesEndMemberships: random.pick([undefined, true, false]),
    deletionsDetachGroups: random.pick([undefined, true, false]),
    restoresTellMemberships: random.chance(0.2),
    deletedGroupReason: random.pick(['changed', 'deleted']),
  });

const randomLearnAmp = (random: Random, wishes: Wishes): LearnAmpServerOptions =>
  given<LearnAmpServerOptions>({
    listsDeactivated: random.chance(0.5),
    emailFilter: random.pick(['exact', 'substring']),
    largestPage: random.pick([100, 100, 3, 7]),
    updateNeedsIdentity: random.chance(0.7),
    managerMustBeActive: random.chance(0.5),
    lastOwnerStatus: random.pick([400, 422]),
    teamNamesRepeat: random.chance(0.5),
    customFields: [
      ...Object.values(wishes.customFields ?? {}).map((name) => ({ name })),
      ...(typeof wishes.externalId === 'object' ? [{ name: wishes.externalId.customField }] : []),
      { name: 'Shoe size' },
    ],
  });

export const randomWishes = (random: Random, holds: boolean): Wishes => {
  const customFields = some(random, 0.3, {
    employeeId: 'Staff number',
    'onPremisesExtensionAttributes.extensionAttribute1': 'Cost centre',
  });
  const attributes = some(
    random,
    0.35,
    given<NonNullable<Wishes['attributes']>>({
      location: random.pick<string | ReadonlyArray<string> | undefined>([
        undefined,
        'city',
        ['city', 'officeLocation'],
      ]),
      jobTitle: random.pick<null | undefined>([undefined, undefined, null]),
      language: random.pick<null | undefined>([undefined, undefined, null]),
      email: random.pick<ReadonlyArray<string> | undefined>([undefined, undefined, ['mail', 'userPrincipalName']]),
    }),
  );
  const externalId = some(random, 0.12, { customField: 'Directory id' });
  return given<Wishes>({
    invitations: random.pick(['immediate', 'manual', 'immediate']),
    assignOverrideManagers: random.pick([true, true, true, true, undefined, false]),
    blanks: random.pick(['clear', undefined, 'clear', 'keep']),
    // Without an id on the account a creation whose answer was lost is found by its address alone, and that is adopting it.
    adoptByEmail: random.pick([undefined, true, true, externalId === undefined ? false : undefined]),
    deactivateBlockedAccounts: some(random, 0.2, true),
    hireDateTimeZone: random.pick([undefined, 'UTC', 'Asia/Tokyo', 'America/Bogota']),
    externalId,
    attributes,
    customFields,
    deactivationHold: { enabled: holds },
    creationHold: { enabled: false },
  });
};

/** Teams and accounts that people made by hand before the first sync. */
const furnish = (random: Random, simulator: Simulator, wishes: Wishes): void => {
  const { learnAmp, directory, company } = simulator;
  const team = learnAmp.addTeam({ name: random.pick(['sales', 'Book club', 'ENGINEERING', 'Finance ']) });
  const other = learnAmp.addTeam({ name: 'Running' });
  const manager = learnAmp.addAccount({ email: 'lead@learning.example', firstName: 'Lea', lastName: 'Lead' });
  // Who is blocked has no account made, and whether one by hand becomes theirs nobody said.
  if (wishes.deactivateBlockedAccounts === true) return;
  const slot = wishes.externalId;
  const marked = (value: string): { integrationExternalId?: string; customFields?: Record<string, string> } =>
    typeof slot === 'object' ? { customFields: { [slot.customField]: value } } : { integrationExternalId: value };
  const free = directory
    .users()
    .filter(({ properties }) => learnAmp.accountByEmail(properties.userPrincipalName ?? '') === undefined);
  for (const [index, user] of random.shuffle(free).slice(0, random.integer(0, 5)).entries()) {
    const { userPrincipalName, mail, userType, givenName } = user.properties;
    const address = (userType === 'Guest' ? mail : userPrincipalName) ?? undefined;
    if (address === undefined || learnAmp.accountByEmail(address) !== undefined) continue;
    const byId = typeof slot !== 'object' && random.chance(0.15);
    learnAmp.addAccount({
      email: byId ? `old.${user.id.slice(0, 6)}@fabrikam.example` : random.pick([address, address.toUpperCase()]),
      firstName: givenName ?? 'Somebody',
      lastName: 'By Hand',
      jobTitle: random.pick([null, 'As typed by hand']),
      department: random.pick([null, 'By hand']),
      location: random.pick([null, 'By hand']),
      hireDate: random.pick([null, '2001-02-03']),
      language: random.pick(['en', 'de']),
      status: random.pick(['confirmed', 'confirmed', 'not_invited', 'deactivated']),
      role: random.pick(['viewer', 'viewer', 'viewer', 'curator', 'admin']),
      primaryTeamId: random.pick([null, team.id]),
      secondaryTeamIds: random.pick([[], [other.id]]),
      managerId: random.pick([null, null, manager.id]),
      ...(byId ? marked(user.id) : random.chance(0.25) ? marked(random.pick([`HR-${index}`, `x/y ${index}`])) : {}),
    });
  }
  if (random.chance(0.2))
    learnAmp.takeElsewhere(company.people[2] === undefined ? 'x@y.example' : `rival@${company.domain}`);
};

/** A company of 8 to 20 people with everything that makes one odd. The same seed and choices give the same company. */
export const makeRandomCompany = async (
  seed: number,
  choices: {
    readonly holds: boolean;
    readonly graph?: GraphServerOptions | undefined;
    /** Default: one of its own. */
    readonly clock?: SharedClock;
    readonly callEndpoint?: CallEndpoint;
    /** Share of the people with a photo. Default none. */
    readonly photos?: number;
  },
): Promise<RandomCompany> => {
  const random = randomFrom(seed, 'simulated company');
  const clock = choices.clock ?? makeSharedClock();
  const wished = randomWishes(random, choices.holds);
  const graph = choices.graph ?? randomGraph(randomFrom(seed, 'graph behaviour'));
  const simulator = await startSimulator({
    seed,
    now: clock.now,
    // Addresses stand in the log: the same life has the same.
    port: 'none',
    ...(choices.callEndpoint === undefined ? {} : { callEndpoint: choices.callEndpoint }),
    graph,
    learnAmp: randomLearnAmp(random, wished),
    company: {
      people: random.integer(8, 20),
      outsiders: random.integer(3, 12),
      spellingVariants: random.chance(0.7),
      cycle: random.chance(0.4),
      guest: random.chance(0.7),
      mononym: random.chance(0.7),
      existingAccounts: wished.deactivateBlockedAccounts === true ? 0 : random.integer(0, 2),
      photos: choices.photos ?? 0,
      things: random.chance(0.4),
    },
  });
  furnish(random, simulator, wished);
  const { company, directory } = simulator;
  const spared = company.people.slice(2, 4);
  const named = spared.map((id, index) => (index === 0 ? id : (directory.user(id).properties.userPrincipalName ?? id)));
  const wishes = random.chance(0.2) ? { ...wished, neverDeactivate: named } : wished;
  return { seed, simulator, wishes, graph, clock };
};
