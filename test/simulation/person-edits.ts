import type { DirectoryUser, UserProperties } from '@learnamp/directory-sync-simulator';
import {
  any,
  anyUser,
  dates,
  departments,
  type Edit,
  type EditContext,
  isFree,
  newName,
  recruit,
  short,
  tags,
} from './edit-context.js';

export const hire: Edit = (context) => `hire ${short(recruit(context))}`;

export const inviteGuest: Edit = (context) => {
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

export const deleteUser: Edit = (context) => {
  const user = anyUser(context);
  if (user === undefined) return undefined;
  context.simulator.directory.deleteUser(user.id);
  return `delete ${short(user.id)}`;
};

export const restoreUser: Edit = (context) => {
  const user = any(context.random, context.simulator.directory.deletedUsers());
  if (user === undefined) return undefined;
  const name = (user.properties.userPrincipalName ?? '').slice(32);
  if (!isFree(context, name)) return undefined;
  context.onRestore(user.id);
  context.simulator.directory.restoreUser(user.id);
  return `restore ${short(user.id)}`;
};

export const purgeUser: Edit = (context) => {
  const { simulator, random } = context;
  const user = random.chance(0.5) ? any(random, simulator.directory.deletedUsers()) : anyUser(context);
  if (user === undefined) return undefined;
  simulator.directory.purgeUser(user.id);
  return `purge ${short(user.id)}`;
};

export const update = (context: EditContext, user: DirectoryUser, patch: UserProperties): string => {
  context.simulator.directory.updateUser(user.id, patch);
  return `${short(user.id)}: ${JSON.stringify(patch)}`;
};

export const rename: Edit = (context) => {
  const user = anyUser(context);
  if (user === undefined || user.properties.userType === 'Guest') return undefined;
  return update(context, user, { userPrincipalName: newName(context) });
};

export const recase: Edit = (context) => {
  const user = anyUser(context);
  const name = user?.properties.userPrincipalName;
  if (user === undefined || name === null || name === undefined) return undefined;
  const other = name === name.toUpperCase() ? name.toLowerCase() : name.toUpperCase();
  return update(context, user, { userPrincipalName: other });
};

export const attribute: Edit = (context) => {
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

export const clearProfile: Edit = (context) => {
  const user = anyUser(context);
  if (user === undefined) return undefined;
  return update(context, user, { jobTitle: null, department: null, officeLocation: null, employeeHireDate: null });
};

export const setManager: Edit = (context) => {
  const user = anyUser(context);
  const boss = context.random.chance(0.1) ? user : anyUser(context);
  if (user === undefined || boss === undefined) return undefined;
  context.simulator.directory.setManager(user.id, boss.id);
  return `manager of ${short(user.id)} is ${short(boss.id)}`;
};

export const manageEachOther: Edit = (context) => {
  const [one, other] = context.random.shuffle(context.simulator.directory.users());
  if (one === undefined || other === undefined) return undefined;
  context.simulator.directory.setManager(one.id, other.id);
  context.simulator.directory.setManager(other.id, one.id);
  return `${short(one.id)} and ${short(other.id)} manage each other`;
};

export const clearManager: Edit = (context) => {
  const user = any(
    context.random,
    context.simulator.directory.users().filter(({ managerId }) => managerId !== undefined),
  );
  if (user === undefined) return undefined;
  context.simulator.directory.clearManager(user.id);
  return `${short(user.id)} has no manager`;
};

export const block: Edit = (context) => {
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
export const oldAddress: Edit = (context) => {
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
export const inherit: Edit = (context) => {
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
export const sharedAddress: Edit = (context) => {
  if (context.ownAddresses) return undefined;
  const [one, other] = context.random.shuffle(context.simulator.directory.users());
  const address = one?.properties.userPrincipalName;
  if (other === undefined || address === null || address === undefined || address.includes('#')) return undefined;
  return update(context, other, { userType: 'Guest', mail: address });
};

/** An account made by hand for somebody whom the sync does not know yet. */
export const handmade: Edit = (context) => {
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

export const takenElsewhere: Edit = (context) => {
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
