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
type Edit = (context: EditContext) => string | undefined;

const short = (id: string): string => id.slice(0, 8);
const any = <T>(random: Random, items: ReadonlyArray<T>): T | undefined => random.shuffle(items)[0];

const anyUser = ({ simulator, random }: EditContext): DirectoryUser | undefined =>
  any(random, simulator.directory.users());
const anyGroup = ({ simulator, random }: EditContext): string | undefined =>
  any(random, simulator.directory.groups())?.id;
const nestedGroups = ({ simulator }: EditContext): ReadonlyArray<string> =>
  simulator.directory.groups().flatMap(({ id }) => (id === simulator.scopeGroupId ? [] : [id]));

const isFree = ({ simulator }: EditContext, name: string): boolean =>
  simulator.directory.userByPrincipalName(name) === undefined;

const departments = [
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
const tags = [
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
const dates = ['2020-02-29T00:00:00Z', '2019-12-31T23:00:00Z', '0001-01-01T00:00:00Z', '2024-06-30T16:30:00Z'];

const newName = (context: EditContext): string => {
  for (;;) {
    const name = `p${context.random.integer(1, 99_999)}@fabrikam.example`;
    if (isFree(context, name)) return name;
  }
};

const recruit = (context: EditContext, special: Partial<UserProperties> = {}): string => {
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

const hire: Edit = (context) => `hire ${short(recruit(context))}`;

const inviteGuest: Edit = (context) => {
  const { random, simulator } = context;
  const number = simulator.directory.everyUser().length;
  const mail = random.pick([null, `g${number}@partner.example`, `G${number}@Partner.example`]);
  const id = recruit(context, {
    userPrincipalName: `g${number}_partner.example#EXT#@fabrikam.example`,
    mail,
    userType: 'Guest',
  });
  return `invite guest ${short(id)} (${mail ?? 'no address'})`;
};

const join: Edit = (context) => {
  const [user, group] = [anyUser(context), anyGroup(context)];
  if (user === undefined || group === undefined) return undefined;
  context.simulator.directory.addMember(group, user.id);
  return `${short(user.id)} joins ${short(group)}`;
};

const placesOf = ({ simulator }: EditContext, id: string): ReadonlyArray<string> =>
  simulator.directory.groups().flatMap((group) => (group.memberIds.has(id) ? [group.id] : []));

const leave: Edit = (context) => {
  const user = anyUser(context);
  const group = user === undefined ? undefined : any(context.random, placesOf(context, user.id));
  if (user === undefined || group === undefined) return undefined;
  context.simulator.directory.removeMember(group, user.id);
  return `${short(user.id)} leaves ${short(group)}`;
};

const leaveAll: Edit = (context) => {
  const user = anyUser(context);
  if (user === undefined) return undefined;
  for (const group of placesOf(context, user.id)) context.simulator.directory.removeMember(group, user.id);
  return `${short(user.id)} leaves every group`;
};

const move: Edit = (context) => {
  const [user, to] = [anyUser(context), anyGroup(context)];
  const from = user === undefined ? undefined : any(context.random, placesOf(context, user.id));
  if (user === undefined || to === undefined || from === undefined) return undefined;
  context.simulator.directory.removeMember(from, user.id);
  context.simulator.directory.addMember(to, user.id);
  return `${short(user.id)} moves from ${short(from)} to ${short(to)}`;
};

const nest: Edit = (context) => {
  const [parent, child] = [anyGroup(context), anyGroup(context)];
  if (parent === undefined || child === undefined || parent === child) return undefined;
  context.simulator.directory.nestGroup(parent, child);
  return `nest ${short(child)} in ${short(parent)}`;
};

const detach: Edit = (context) => {
  const child = anyGroup(context);
  const parent = child === undefined ? undefined : any(context.random, placesOf(context, child));
  if (child === undefined || parent === undefined) return undefined;
  context.simulator.directory.detachGroup(parent, child);
  return `detach ${short(child)} from ${short(parent)}`;
};

const newGroup: Edit = (context) => {
  const { simulator, random } = context;
  const parent = anyGroup(context);
  if (parent === undefined) return undefined;
  const id = simulator.directory.addGroup({ displayName: 'New' });
  for (const { id: user } of random.shuffle(simulator.directory.users()).slice(0, random.integer(0, 3)))
    simulator.directory.addMember(id, user);
  simulator.directory.nestGroup(parent, id);
  return `new group ${short(id)} in ${short(parent)}`;
};

const emptyGroup: Edit = (context) => {
  const group = any(context.random, nestedGroups(context));
  if (group === undefined) return undefined;
  context.simulator.directory.emptyGroup(group);
  return `empty ${short(group)}`;
};

const deleteGroup: Edit = (context) => {
  const group = any(context.random, nestedGroups(context));
  if (group === undefined) return undefined;
  context.simulator.directory.deleteGroup(group);
  return `delete group ${short(group)}`;
};

const restoreGroup: Edit = (context) => {
  const group = any(context.random, context.simulator.directory.deletedGroups())?.id;
  if (group === undefined) return undefined;
  context.onRestore(group);
  context.simulator.directory.restoreGroup(group);
  return `restore group ${short(group)}`;
};

const purgeGroup: Edit = (context) => {
  const group = any(context.random, context.simulator.directory.deletedGroups())?.id;
  if (group === undefined) return undefined;
  context.simulator.directory.purgeGroup(group);
  return `purge group ${short(group)}`;
};

const deleteUser: Edit = (context) => {
  const user = anyUser(context);
  if (user === undefined) return undefined;
  context.simulator.directory.deleteUser(user.id);
  return `delete ${short(user.id)}`;
};

const restoreUser: Edit = (context) => {
  const user = any(context.random, context.simulator.directory.deletedUsers());
  if (user === undefined) return undefined;
  const name = (user.properties.userPrincipalName ?? '').slice(32);
  if (!isFree(context, name)) return undefined;
  context.onRestore(user.id);
  context.simulator.directory.restoreUser(user.id);
  return `restore ${short(user.id)}`;
};

const purgeUser: Edit = (context) => {
  const { simulator, random } = context;
  const user = random.chance(0.5) ? any(random, simulator.directory.deletedUsers()) : anyUser(context);
  if (user === undefined) return undefined;
  simulator.directory.purgeUser(user.id);
  return `purge ${short(user.id)}`;
};

const update = (context: EditContext, user: DirectoryUser, patch: UserProperties): string => {
  context.simulator.directory.updateUser(user.id, patch);
  return `${short(user.id)}: ${JSON.stringify(patch)}`;
};

const rename: Edit = (context) => {
  const user = anyUser(context);
  if (user === undefined || user.properties.userType === 'Guest') return undefined;
  return update(context, user, { userPrincipalName: newName(context) });
};

const recase: Edit = (context) => {
  const user = anyUser(context);
  const name = user?.properties.userPrincipalName;
  if (user === undefined || name === null || name === undefined) return undefined;
  const other = name === name.toUpperCase() ? name.toLowerCase() : name.toUpperCase();
  return update(context, user, { userPrincipalName: other });
};

const attribute: Edit = (context) => {
  const user = anyUser(context);
  const { random } = context;
  if (user === undefined) return undefined;
  const owner = context.ownAddresses ? short(user.id) : random.integer(1, 40);
  const patches: readonly [UserProperties, ...UserProperties[]] = [
    { displayName: random.pick(['Sky', 'Ann  van Moss', 'Jo Oak']) },
    { givenName: random.pick([null, 'Ann', ' Kim ', 'Zoë']) },
    { surname: random.pick([null, 'Moss', 'O’Brien']) },
    { mail: random.pick([null, `m${owner}@partner.example`, user.properties.userPrincipalName ?? null]) },
    { jobTitle: random.pick([null, 'Baker', 'Smith', '  ', 'As typed by hand']) },
    { department: random.pick([null, ...departments]) },
    { department: random.pick([null, ...departments]) },
    { officeLocation: random.pick([null, 'Rome', 'By hand']) },
    { city: random.pick([null, 'Roma', 'Oslo']) },
    { preferredLanguage: random.pick([null, ...tags]) },
    { employeeHireDate: random.pick([null, ...dates]) },
    { employeeId: random.pick([null, '17', '18']) },
    {
      onPremisesExtensionAttributes: random.pick([
        null,
        { extensionAttribute1: 'cost-1' },
        { extensionAttribute1: null, extensionAttribute2: 'x' },
      ]),
    },
    { userType: random.pick(['Member', 'Guest']) },
    { companyName: 'Somewhere else' },
  ];
  return update(context, user, random.pick(patches));
};

const clearProfile: Edit = (context) => {
  const user = anyUser(context);
  if (user === undefined) return undefined;
  return update(context, user, { jobTitle: null, department: null, officeLocation: null, employeeHireDate: null });
};

const setManager: Edit = (context) => {
  const user = anyUser(context);
  const boss = context.random.chance(0.1) ? user : anyUser(context);
  if (user === undefined || boss === undefined) return undefined;
  context.simulator.directory.setManager(user.id, boss.id);
  return `manager of ${short(user.id)} is ${short(boss.id)}`;
};

const manageEachOther: Edit = (context) => {
  const [one, other] = context.random.shuffle(context.simulator.directory.users());
  if (one === undefined || other === undefined) return undefined;
  context.simulator.directory.setManager(one.id, other.id);
  context.simulator.directory.setManager(other.id, one.id);
  return `${short(one.id)} and ${short(other.id)} manage each other`;
};

const clearManager: Edit = (context) => {
  const user = any(
    context.random,
    context.simulator.directory.users().filter(({ managerId }) => managerId !== undefined),
  );
  if (user === undefined) return undefined;
  context.simulator.directory.clearManager(user.id);
  return `${short(user.id)} has no manager`;
};

const block: Edit = (context) => {
  const { simulator, wishes, oracle } = context;
  const user = anyUser(context);
  if (user === undefined) return undefined;
  const enabled = user.properties.accountEnabled === false;
  // An account made by hand that would be adopted while its person is blocked: not decided anywhere.
  if (!enabled && wishes.deactivateBlockedAccounts === true && oracle.accountOf(user.id) === undefined)
    return undefined;
  simulator.directory.setAccountEnabled(user.id, enabled);
  return `${enabled ? 'unblock' : 'block'} ${short(user.id)}`;
};

/** Somebody new with an address that was somebody else's. */
const oldAddress: Edit = (context) => {
  const { simulator, oracle, random } = context;
  const address = any(
    random,
    oracle
      .accounts()
      .flatMap(({ email }) => (isFree(context, email) && email.endsWith('fabrikam.example') ? [email] : [])),
  );
  if (address === undefined) return undefined;
  const id = recruit(context, { userPrincipalName: address.toLowerCase() });
  simulator.directory.addMember(simulator.scopeGroupId, id);
  return `hire ${short(id)} with the old address ${address}`;
};

/** One gives an address up, another takes it, both between two syncs. */
const inherit: Edit = (context) => {
  const { directory } = context.simulator;
  const [giver, taker] = context.random.shuffle(
    directory.users().filter(({ properties }) => properties.userType !== 'Guest'),
  );
  const address = giver?.properties.userPrincipalName;
  if (giver === undefined || taker === undefined || address === null || address === undefined) return undefined;
  directory.updateUser(giver.id, { userPrincipalName: newName(context) });
  directory.updateUser(taker.id, { userPrincipalName: address });
  return `${short(taker.id)} takes the address of ${short(giver.id)}`;
};

/** A guest with the address of somebody else. */
const sharedAddress: Edit = (context) => {
  if (context.ownAddresses) return undefined;
  const [one, other] = context.random.shuffle(context.simulator.directory.users());
  const address = one?.properties.userPrincipalName;
  if (other === undefined || address === null || address === undefined || address.includes('#')) return undefined;
  return update(context, other, { userType: 'Guest', mail: address });
};

/** An account made by hand for somebody whom the sync does not know yet. */
const handmade: Edit = (context) => {
  const { simulator, oracle, random, wishes } = context;
  if (wishes.deactivateBlockedAccounts === true) return undefined;
  const inScope = oracle.inScope();
  const user = any(
    random,
    simulator.directory
      .users()
      .filter(
        ({ id, properties }) =>
          !inScope.has(id) && oracle.accountOf(id) === undefined && properties.userType !== 'Guest',
      ),
  );
  const email = user?.properties.userPrincipalName;
  if (email === null || email === undefined || simulator.learnAmp.accountByEmail(email) !== undefined) return undefined;
  oracle.noteHandmade(
    simulator.learnAmp.addAccount({ email, firstName: 'Made', lastName: 'By Hand', jobTitle: 'As typed by hand' }),
  );
  return `an account is made by hand for ${email}`;
};

const takenElsewhere: Edit = (context) => {
  const { simulator, oracle, random } = context;
  const user = any(
    random,
    simulator.directory.users().filter(({ id }) => oracle.accountOf(id) === undefined),
  );
  const email = user?.properties.userPrincipalName;
  if (email === null || email === undefined || simulator.learnAmp.accountByEmail(email) !== undefined) return undefined;
  simulator.learnAmp.takeElsewhere(email);
  oracle.noteTakenElsewhere(email);
  return `${email} is taken by another company`;
};

const weighted: ReadonlyArray<readonly [number, Edit]> = [
  [6, hire],
  [2, inviteGuest],
  [6, join],
  [6, leave],
  [4, leaveAll],
  [5, move],
  [5, nest],
  [4, detach],
  [2, newGroup],
  [1, emptyGroup],
  [2, deleteGroup],
  [2, restoreGroup],
  [1, purgeGroup],
  [4, deleteUser],
  [4, restoreUser],
  [2, purgeUser],
  [4, rename],
  [2, recase],
  [16, attribute],
  [2, clearProfile],
  [8, setManager],
  [2, manageEachOther],
  [4, clearManager],
  [3, block],
  [2, oldAddress],
  [2, inherit],
  [1, sharedAddress],
  [1, handmade],
  [1, takenElsewhere],
];

/** One random edit that changes something; what it did, in words. */
export const randomEdit = (context: EditContext): string => {
  const total = weighted.reduce((sum, [weight]) => sum + weight, 0);
  for (;;) {
    let drawn = context.random.next() * total;
    const edit = weighted.find(([weight]) => (drawn -= weight) < 0)?.[1] ?? attribute;
    const did = edit(context);
    if (did !== undefined) return did;
  }
};
