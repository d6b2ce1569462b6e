import type { DirectoryGroup, DirectoryObject } from '../directory/directory-objects.js';
import { reachableFrom } from '../directory/reachability.js';
import { json, text } from '../http/exchange.js';
import { type Route, route, type RouteHandler } from '../http/router.js';
import { context, denied, type GraphContext, notFound, refuse } from './graph-context.js';
import { listPage } from './list-page.js';
import { allowOnly, asksEventual, namesIn, queryOptions, requireAdvanced } from './odata.js';
import { groupView, objectView, selectGroup } from './views.js';

const requireGroups = (graph: GraphContext): void => {
  if (!graph.directory.permitted('groups')) denied();
};

export const findGroup = (graph: GraphContext, id: string): DirectoryGroup => {
  const found = graph.directory.find(id.toLowerCase());
  return found?.kind === 'group' && found.presence === 'live' ? found : notFound(id);
};

const hidden = (graph: GraphContext, group: DirectoryGroup): boolean =>
  group.properties.visibility === 'HiddenMembership' && !graph.directory.permitted('hidden-members');

/** Service principals are not listed as members in v1.0; deleted ones wait in the recycle bin. */
const members = (graph: GraphContext, group: DirectoryGroup, transitive: boolean): ReadonlyArray<DirectoryObject> => {
  if (hidden(graph, group)) return [];
  const found = transitive
    ? reachableFrom(group.id, graph.directory.find)
    : [...group.memberIds].flatMap((id) => graph.directory.find(id) ?? []);
  return found.filter(({ presence, kind }) => presence === 'live' && kind !== 'servicePrincipal');
};

const castKinds: Readonly<Record<string, DirectoryObject['kind']>> = {
  'microsoft.graph.user': 'user',
  'microsoft.graph.group': 'group',
  'microsoft.graph.device': 'device',
  'microsoft.graph.orgcontact': 'orgContact',
};

const castKind = (cast: string): DirectoryObject['kind'] =>
  castKinds[cast.toLowerCase()] ?? refuse(400, 'BadRequest', `Resource not found for the segment '${cast}'.`);

type Relation = 'members' | 'transitiveMembers';

const memberList =
  (graph: GraphContext, relation: Relation): RouteHandler =>
  ({ request, parameters: [id = '', cast] }) => {
    requireGroups(graph);
    const options = queryOptions(request.query);
    allowOnly(options, ['$select', '$top', '$count', '$skiptoken']);
    if (cast !== undefined || options.has('$count')) requireAdvanced(request, options);
    const group = findGroup(graph, id);
    const kind = cast === undefined ? undefined : castKind(cast);
    const found = members(graph, group, relation === 'transitiveMembers');
    const select = options.get('$select');
    return listPage(graph, {
      path: `groups/${group.id}/${relation}${cast === undefined ? '' : `/${cast}`}`,
      contextName: kind === undefined ? 'directoryObjects' : `${kind}s`,
      options,
      items: kind === undefined ? found : found.filter((member) => member.kind === kind),
      view: (member) => objectView(graph, member, select),
    });
  };

const memberCount =
  (graph: GraphContext, relation: Relation): RouteHandler =>
  ({ request, parameters: [id = '', cast] }) => {
    requireGroups(graph);
    if (!asksEventual(request)) {
      refuse(400, 'Request_UnsupportedQuery', '$count needs the request header ConsistencyLevel: eventual.');
    }
    const kind = cast === undefined ? undefined : castKind(cast);
    const found = members(graph, findGroup(graph, id), relation === 'transitiveMembers');
    return text(200, String(kind === undefined ? found.length : found.filter((member) => member.kind === kind).length));
  };

const groupList =
  (graph: GraphContext): RouteHandler =>
  ({ request }) => {
    requireGroups(graph);
    const options = queryOptions(request.query);
    allowOnly(options, ['$select', '$top', '$skiptoken']);
    const properties = selectGroup(options.get('$select'));
    return listPage(graph, {
      path: 'groups',
      contextName: 'groups',
      options,
      items: graph.directory.groups(),
      view: (group) => groupView(group, properties),
    });
  };

const oneGroup =
  (graph: GraphContext): RouteHandler =>
  ({ request, parameters: [id = ''] }) => {
    requireGroups(graph);
    const options = queryOptions(request.query);
    allowOnly(options, ['$select']);
    const select = options.get('$select');
    const properties = selectGroup(select);
    const suffix = select === undefined ? '' : `(${namesIn(select).join(',')})`;
    return json(200, {
      '@odata.context': context(graph, `groups${suffix}/$entity`),
      ...groupView(findGroup(graph, id), properties),
    });
  };

export const groupRoutes = (graph: GraphContext): ReadonlyArray<Route> => [
  route('GET', 'groups', groupList(graph)),
  route('GET', 'groups/:', oneGroup(graph)),
  ...(['members', 'transitiveMembers'] as const).flatMap((relation) => [
    route('GET', `groups/:/${relation}`, memberList(graph, relation)),
    route('GET', `groups/:/${relation}/$count`, memberCount(graph, relation)),
    route('GET', `groups/:/${relation}/:`, memberList(graph, relation)),
    route('GET', `groups/:/${relation}/:/$count`, memberCount(graph, relation)),
  ]),
];
