import {
  type DirectoryGroup,
  type DirectoryObject,
  type DirectoryUser,
  odataType,
} from '../directory/directory-objects.js';
import type { UserProperty } from '../directory/user-properties.js';
import { type GraphContext, refuse } from './graph-context.js';
import { namesIn, selectUser } from './odata.js';

/** JSON of an object; keys in the order they were put in. */
export type View = Record<string, unknown>;

const extensionAttributes = (given: Readonly<Record<string, string | null>>): View =>
  Object.fromEntries(
    Array.from({ length: 15 }, (_, index) => {
      const name = `extensionAttribute${index + 1}`;
      return [name, given[name] ?? null];
    }),
  );

export const userValue = (user: DirectoryUser, name: UserProperty): unknown => {
  const value = user.properties[name];
  if (name === 'onPremisesExtensionAttributes' && value !== undefined && value !== null) {
    return extensionAttributes(value as Readonly<Record<string, string | null>>);
  }
  return value;
};

/** A plain read prints what is selected and empty as `null`. */
export const userView = (graph: GraphContext, user: DirectoryUser, properties: ReadonlyArray<UserProperty>): View => {
  const limited = !graph.directory.permitted('members-limited') || !graph.directory.permitted('users');
  const view: View = { id: user.id };
  for (const name of properties) {
    const empty = name === 'businessPhones' || name === 'otherMails' || name === 'proxyAddresses' ? [] : null;
    view[name] = limited ? null : (userValue(user, name) ?? empty);
  }
  return view;
};

const groupProperties = [
  'createdDateTime',
  'deletedDateTime',
  'description',
  'displayName',
  'groupTypes',
  'mail',
  'mailEnabled',
  'mailNickname',
  'securityEnabled',
  'visibility',
] as const;
export type GroupProperty = (typeof groupProperties)[number];

export const groupPropertyNamed = (name: string): GroupProperty | undefined =>
  groupProperties.find((known) => known.toLowerCase() === name.toLowerCase());

export const groupValue = (group: DirectoryGroup, name: GroupProperty): unknown => {
  switch (name) {
    case 'createdDateTime':
      return group.createdDateTime;
    case 'deletedDateTime':
      return group.deletedDateTime;
    case 'description':
      return group.properties.description;
    case 'displayName':
      return group.properties.displayName;
    case 'groupTypes':
      return group.properties.groupTypes ?? [];
    case 'mail':
      return undefined;
    case 'mailEnabled':
      return group.properties.mailEnabled ?? false;
    case 'mailNickname':
      return group.properties.mailNickname ?? group.id.slice(0, 8);
    case 'securityEnabled':
      // The recycle bin shows deleted security groups so.
      return group.presence === 'live' && group.properties.securityEnabled !== false;
    case 'visibility':
      return group.properties.visibility;
  }
};

export const selectGroup = (select: string | undefined): ReadonlyArray<GroupProperty> => {
  if (select === undefined) return groupProperties;
  return namesIn(select).flatMap((name) => {
    const property = groupPropertyNamed(name);
    if (property !== undefined) return [property];
    if (name.toLowerCase() === 'id') return [];
    return refuse(400, 'BadRequest', `Could not find a property named '${name}' on type 'microsoft.graph.group'.`);
  });
};

export const groupView = (group: DirectoryGroup, properties: ReadonlyArray<GroupProperty>): View => {
  const view: View = { id: group.id };
  for (const name of properties) view[name] = groupValue(group, name) ?? null;
  return view;
};

/** An item of a list of directory objects: the type first, then what the select names and the type has. */
export const objectView = (graph: GraphContext, object: DirectoryObject, select: string | undefined): View => {
  const type = { '@odata.type': odataType(object.kind) };
  const names = select === undefined ? undefined : namesIn(select);
  if (object.kind === 'user') {
    // A list of mixed types takes properties of any of them; each object shows its own.
    const own = names?.filter((name) => !isOtherTypes(name)).join(',');
    return { ...type, ...userView(graph, object, selectUser(own, 'one').properties) };
  }
  if (object.kind === 'group') {
    const own = names === undefined ? groupProperties : names.flatMap((name) => groupPropertyNamed(name) ?? []);
    return { ...type, ...groupView(object, own) };
  }
  return { ...type, id: object.id, displayName: object.displayName };
};

const isOtherTypes = (name: string): boolean =>
  groupPropertyNamed(name) !== undefined && !['displayname', 'mail', 'createddatetime'].includes(name.toLowerCase());
