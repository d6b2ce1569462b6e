import type { DirectoryGroup, DirectoryObject, DirectoryUser } from '../directory/directory-objects.js';
import { json, type SimulatedRequest } from '../http/exchange.js';
import { type Route, route, type RouteHandler } from '../http/router.js';
import { context, denied, type GraphContext, notFound, refuse } from './graph-context.js';
import { listPage } from './list-page.js';
import { allowOnly, queryOptions, selectUser } from './odata.js';
import { findUser } from './user-routes.js';
import { groupView, objectView, selectGroup, userView } from './views.js';

/** The JSON object of a request body, or a 400. */
export const jsonBody = (request: SimulatedRequest): Readonly<Record<string, unknown>> => {
  try {
    const body: unknown = JSON.parse(request.body.toString('utf8'));
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Record<string, unknown>;
  } catch {
    // Refused below like any other body that is no object.
  }
  return refuse(400, 'BadRequest', 'Unable to read JSON request payload.');
};

const textList = (value: unknown, name: string, limit: number): ReadonlyArray<string> => {
  if (!Array.isArray(value) || value.length === 0 || value.some((item) => typeof item !== 'string')) {
    return refuse(400, 'Request_BadRequest', `Invalid value specified for property '${name}' of resource.`);
  }
  if (value.length > limit)
    refuse(400, 'Request_BadRequest', `Too many elements in '${name}': the maximum is ${limit}.`);
  return value as string[];
};

/** Transitive. A group that does not exist fails the call; one with hidden membership is left out without the permission. */
const checkMemberGroups =
  (graph: GraphContext, find: (key: string) => DirectoryUser): RouteHandler =>
  ({ request, parameters: [key = ''] }) => {
    const { directory } = graph;
    if (!directory.permitted('groups') || !directory.permitted('users')) denied();
    const asked = textList(jsonBody(request)['groupIds'], 'groupIds', 20).map((id) => id.toLowerCase());
    const user = find(key);
    const held = directory.groupsOf(user.id);
    const value = asked.filter((id) => {
      const group = directory.find(id);
      if (group?.kind !== 'group' || group.presence !== 'live') return notFound(id);
      const unseen = group.properties.visibility === 'HiddenMembership' && !directory.permitted('hidden-members');
      return held.has(id) && !unseen;
    });
    return json(200, { '@odata.context': context(graph, 'Collection(Edm.String)'), value });
  };

/** Direct memberships alone: the groups that list the person, or the group, themselves. */
const memberOf =
  (graph: GraphContext, kind: 'users' | 'groups'): RouteHandler =>
  ({ request, parameters: [key = ''] }) => {
    const { directory } = graph;
    if (!directory.permitted('groups') || !directory.permitted('users')) denied();
    const options = queryOptions(request.query);
    allowOnly(options, ['$select', '$top', '$skiptoken']);
    const member = kind === 'users' ? findUser(graph, key) : findLive(graph, key);
    const isSeen = (group: DirectoryGroup): boolean =>
      group.properties.visibility !== 'HiddenMembership' || directory.permitted('hidden-members');
    return listPage(graph, {
      path: `${kind}/${member.id}/memberOf`,
      contextName: 'directoryObjects',
      options,
      items: directory.groups().filter((group) => group.memberIds.has(member.id) && isSeen(group)),
      view: (group) => objectView(graph, group, options.get('$select')),
    });
  };

const findLive = (graph: GraphContext, id: string): DirectoryObject => {
  const found = graph.directory.find(id.toLowerCase());
  return found?.presence === 'live' ? found : notFound(id);
};

const getByIds =
  (graph: GraphContext): RouteHandler =>
  ({ request }) => {
    if (!graph.directory.permitted('directory')) denied();
    const options = queryOptions(request.query);
    allowOnly(options, ['$select']);
    const body = jsonBody(request);
    const ids = textList(body['ids'], 'ids', 1000);
    const types = body['types'] === undefined ? undefined : textList(body['types'], 'types', 100);
    const value = [...new Set(ids.map((id) => id.toLowerCase()))].flatMap((id) => {
      const found = graph.directory.find(id);
      if (found?.presence !== 'live') return [];
      const wanted = types?.some((type) => type.toLowerCase() === found.kind.toLowerCase()) ?? true;
      return wanted ? [objectView(graph, found, options.get('$select'))] : [];
    });
    return json(200, { '@odata.context': context(graph, 'directoryObjects'), value });
  };

const oneObject =
  (graph: GraphContext): RouteHandler =>
  ({ request, parameters: [id = ''] }) => {
    const options = queryOptions(request.query);
    allowOnly(options, ['$select']);
    const found = findLive(graph, id);
    const permission = found.kind === 'group' ? 'groups' : 'users';
    if (!graph.directory.permitted(permission)) denied();
    return json(200, {
      '@odata.context': context(graph, 'directoryObjects/$entity'),
      ...objectView(graph, found, options.get('$select')),
    });
  };

/** One deleted object by id: a person, or a group. */
const deletedItem = (graph: GraphContext, id: string) => {
  const found = graph.directory.find(id.toLowerCase());
  const isPerson = found?.kind === 'user';
  if (!graph.directory.permitted(isPerson || found === undefined ? 'users' : 'group-subscriptions')) return denied();
  if (found?.presence !== 'deleted') return notFound(id);
  return json(200, { '@odata.context': context(graph, 'directoryObjects/$entity'), ...objectView(graph, found, 'id') });
};

const isGuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const deletedItems =
  (graph: GraphContext): RouteHandler =>
  ({ request, parameters: [cast = ''] }) => {
    if (isGuid.test(cast)) return deletedItem(graph, cast);
    const options = queryOptions(request.query);
    allowOnly(options, ['$select', '$top', '$skiptoken']);
    const path = `directory/deletedItems/${cast}`;
    switch (cast.toLowerCase()) {
      case 'microsoft.graph.user': {
        if (!graph.directory.permitted('users')) return denied();
        const { properties } = selectUser(options.get('$select'), 'collection');
        return listPage(graph, {
          path,
          contextName: 'users',
          options,
          items: graph.directory.deletedUsers(),
          view: (user) => ({ ...userView(graph, user, properties), deletedDateTime: user.deletedDateTime }),
        });
      }
      case 'microsoft.graph.group': {
        if (!graph.directory.permitted('group-subscriptions')) return denied();
        const properties = selectGroup(options.get('$select'));
        return listPage(graph, {
          path,
          contextName: 'groups',
          options,
          items: graph.directory.deletedGroups(),
          view: (group) => groupView(group, properties),
        });
      }
      default:
        return refuse(400, 'BadRequest', `Resource not found for the segment '${cast}'.`);
    }
  };

const organization =
  (graph: GraphContext): RouteHandler =>
  () =>
    json(200, {
      '@odata.context': context(graph, 'organization'),
      value: [
        {
          id: graph.tenantId,
          displayName: 'Fabrikam Made-up',
          countryLetterCode: 'GB',
          verifiedDomains: [{ name: 'fabrikam.example', isDefault: true, isInitial: false, type: 'Managed' }],
        },
      ],
    });

export const objectRoutes = (graph: GraphContext): ReadonlyArray<Route> => {
  const checkUser = checkMemberGroups(graph, (key) => findUser(graph, key));
  return [
    route('POST', 'users/:/checkMemberGroups', checkUser),
    route('POST', 'users/:/microsoft.graph.checkMemberGroups', checkUser),
    route('GET', 'users/:/memberOf', memberOf(graph, 'users')),
    route('GET', 'groups/:/memberOf', memberOf(graph, 'groups')),
    route('POST', 'directoryObjects/:/checkMemberGroups', checkUser),
    route('POST', 'directoryObjects/getByIds', getByIds(graph)),
    route('POST', 'directoryObjects/microsoft.graph.getByIds', getByIds(graph)),
    route('GET', 'directoryObjects/:', oneObject(graph)),
    route('GET', 'directory/deletedItems/:', deletedItems(graph)),
    route('GET', 'organization', organization(graph)),
  ];
};
