import { any, anyGroup, anyUser, type Edit, nestedGroups, placesOf, short } from './edit-context.js';

export const join: Edit = (context) => {
  const [user, group] = [anyUser(context), anyGroup(context)];
  if (user === undefined || group === undefined) return undefined;
  context.simulator.directory.addMember(group, user.id);
  return `${short(user.id)} joins ${short(group)}`;
};

export const leave: Edit = (context) => {
  const user = anyUser(context);
  const group = user === undefined ? undefined : any(context.random, placesOf(context, user.id));
  if (user === undefined || group === undefined) return undefined;
  context.simulator.directory.removeMember(group, user.id);
  return `${short(user.id)} leaves ${short(group)}`;
};

export const leaveAll: Edit = (context) => {
  const user = anyUser(context);
  if (user === undefined) return undefined;
  for (const group of placesOf(context, user.id)) context.simulator.directory.removeMember(group, user.id);
  return `${short(user.id)} leaves every group`;
};

export const move: Edit = (context) => {
  const [user, to] = [anyUser(context), anyGroup(context)];
  const from = user === undefined ? undefined : any(context.random, placesOf(context, user.id));
  if (user === undefined || to === undefined || from === undefined) return undefined;
  context.simulator.directory.removeMember(from, user.id);
  context.simulator.directory.addMember(to, user.id);
  return `${short(user.id)} moves from ${short(from)} to ${short(to)}`;
};

export const nest: Edit = (context) => {
  const [parent, child] = [anyGroup(context), anyGroup(context)];
  if (parent === undefined || child === undefined || parent === child) return undefined;
  context.simulator.directory.nestGroup(parent, child);
  return `nest ${short(child)} in ${short(parent)}`;
};

export const detach: Edit = (context) => {
  const child = anyGroup(context);
  const parent = child === undefined ? undefined : any(context.random, placesOf(context, child));
  if (child === undefined || parent === undefined) return undefined;
  context.simulator.directory.detachGroup(parent, child);
  return `detach ${short(child)} from ${short(parent)}`;
};

export const newGroup: Edit = (context) => {
  const { simulator, random } = context;
  const parent = anyGroup(context);
  if (parent === undefined) return undefined;
  const id = simulator.directory.addGroup({ displayName: 'New' });
  for (const { id: user } of random.shuffle(simulator.directory.users()).slice(0, random.integer(0, 3)))
    simulator.directory.addMember(id, user);
  simulator.directory.nestGroup(parent, id);
  return `new group ${short(id)} in ${short(parent)}`;
};

export const emptyGroup: Edit = (context) => {
  const group = any(context.random, nestedGroups(context));
  if (group === undefined) return undefined;
  context.simulator.directory.emptyGroup(group);
  return `empty ${short(group)}`;
};

export const deleteGroup: Edit = (context) => {
  const group = any(context.random, nestedGroups(context));
  if (group === undefined) return undefined;
  context.simulator.directory.deleteGroup(group);
  return `delete group ${short(group)}`;
};

export const restoreGroup: Edit = (context) => {
  const group = any(context.random, context.simulator.directory.deletedGroups())?.id;
  if (group === undefined) return undefined;
  context.onRestore(group);
  context.simulator.directory.restoreGroup(group);
  return `restore group ${short(group)}`;
};

export const purgeGroup: Edit = (context) => {
  const group = any(context.random, context.simulator.directory.deletedGroups())?.id;
  if (group === undefined) return undefined;
  context.simulator.directory.purgeGroup(group);
  return `purge group ${short(group)}`;
};
