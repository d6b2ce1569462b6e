import type { DirectoryObject, DirectoryUser } from '../directory/directory-objects.js';
import { json, text } from '../http/exchange.js';
import { type Route, route, type RouteHandler } from '../http/router.js';
import { asksEventual, allowOnly, namesIn, pageTop, queryOptions, selectUser } from './odata.js';
import { context, denied, type GraphContext, notFound, refuse } from './graph-context.js';
import { listPage } from './list-page.js';
import { objectView, userView, type View } from './views.js';

/** By object id or principal name; a deleted one is not found. */
export const findUser = (graph: GraphContext, key: string): DirectoryUser => {
  const found = graph.directory.find(key.toLowerCase()) ?? graph.directory.userByPrincipalName(key);
  return found?.kind === 'user' && found.presence === 'live' ? found : notFound(key);
};

const requireUsers = (graph: GraphContext): void => {
  if (!graph.directory.permitted('users')) denied();
};

const liveManager = (graph: GraphContext, user: DirectoryUser): DirectoryObject | undefined => {
  const manager = user.managerId === undefined ? undefined : graph.directory.find(user.managerId);
  return manager?.presence === 'live' ? manager : undefined;
};

const expandForm = /^manager(?:\(\s*\$select\s*=\s*([^;)]*)\))?$/i;

/** What `$expand=manager($select=…)` adds: nothing for a person without a manager. */
const expansion = (graph: GraphContext, expand: string | undefined): ((user: DirectoryUser) => View) => {
  if (expand === undefined) return () => ({});
  const form = expandForm.exec(expand.trim());
  if (form === null) refuse(400, 'Request_UnsupportedQuery', `Unsupported $expand: '${expand}'.`);
  const select = form?.[1];
  return (user) => {
    const manager = liveManager(graph, user);
    return manager === undefined ? {} : { manager: objectView(graph, manager, select) };
  };
};

const byField = /^(id|userPrincipalName|mail)\s+(?:eq\s+'([^']*)'|in\s*\(([^)]*)\))$/i;

/** The few filters a provisioning client has a use for; a list of values is capped. */
const filterUsers = (users: ReadonlyArray<DirectoryUser>, filter: string): ReadonlyArray<DirectoryUser> => {
  const parts = filter.split(/\s+or\s+/i).map((part) => byField.exec(part.trim()));
  const wanted = parts.flatMap((part) => {
    if (part === null)
      return refuse(400, 'Request_UnsupportedQuery', `Unsupported or invalid query filter clause: ${filter}`);
    const values =
      part[2] === undefined ? (part[3] ?? '').split(',').map((value) => value.trim().replace(/^'|'$/g, '')) : [part[2]];
    return values.map((value) => ({ field: (part[1] ?? '').toLowerCase(), value: value.toLowerCase() }));
  });
  if (wanted.length > 15)
    refuse(400, 'Request_UnsupportedQuery', 'Too many child clauses specified in search filter expression.');
  return users.filter((user) =>
    wanted.some(({ field, value }) => {
      if (field === 'id') return user.id === value;
      const own = field === 'mail' ? user.properties.mail : user.properties.userPrincipalName;
      return own?.toLowerCase() === value;
    }),
  );
};

const list =
  (graph: GraphContext): RouteHandler =>
  ({ request }) => {
    requireUsers(graph);
    const options = queryOptions(request.query);
    allowOnly(options, ['$select', '$filter', '$expand', '$top', '$count', '$skiptoken']);
    if (options.get('$count') === 'true' && !asksEventual(request)) {
      refuse(400, 'Request_UnsupportedQuery', '$count is not currently supported without ConsistencyLevel: eventual.');
    }
    const selection = selectUser(options.get('$select'), 'collection');
    const filter = options.get('$filter');
    const expanded = expansion(graph, options.get('$expand'));
    return listPage(graph, {
      path: 'users',
      contextName: 'users',
      options,
      items: filter === undefined ? graph.directory.users() : filterUsers(graph.directory.users(), filter),
      view: (user) => ({ ...userView(graph, user, selection.properties), ...expanded(user) }),
    });
  };

const count =
  (graph: GraphContext): RouteHandler =>
  ({ request }) => {
    requireUsers(graph);
    if (!asksEventual(request)) {
      refuse(400, 'Request_UnsupportedQuery', '$count needs the request header ConsistencyLevel: eventual.');
    }
    return text(200, String(graph.directory.users().length));
  };

const one =
  (graph: GraphContext): RouteHandler =>
  ({ request, parameters: [key = ''] }) => {
    requireUsers(graph);
    const options = queryOptions(request.query);
    allowOnly(options, ['$select', '$expand', '$count']);
    const { properties } = selectUser(options.get('$select'), 'one');
    const expanded = expansion(graph, options.get('$expand'));
    const user = findUser(graph, key);
    const named = options.get('$select');
    const suffix = named === undefined ? '' : `(${namesIn(named).join(',')})`;
    return json(200, {
      '@odata.context': context(graph, `users${suffix}/$entity`),
      ...userView(graph, user, properties),
      ...expanded(user),
    });
  };

const manager =
  (graph: GraphContext): RouteHandler =>
  ({ request, parameters: [key = ''] }) => {
    requireUsers(graph);
    const options = queryOptions(request.query);
    allowOnly(options, ['$select']);
    const found = liveManager(graph, findUser(graph, key));
    if (found === undefined) return notFound('manager');
    return json(200, {
      '@odata.context': context(graph, 'directoryObjects/$entity'),
      ...objectView(graph, found, options.get('$select')),
    });
  };

const directReports =
  (graph: GraphContext): RouteHandler =>
  ({ request, parameters: [key = ''] }) => {
    requireUsers(graph);
    const options = queryOptions(request.query);
    allowOnly(options, ['$select', '$top', '$skiptoken']);
    pageTop(options);
    const user = findUser(graph, key);
    return listPage(graph, {
      path: `users/${user.id}/directReports`,
      contextName: 'directoryObjects',
      options,
      items: graph.directory.directReports(user.id),
      view: (report) => objectView(graph, report, options.get('$select')),
    });
  };

export const userRoutes = (graph: GraphContext): ReadonlyArray<Route> => [
  route('GET', 'users', list(graph)),
  route('GET', 'users/$count', count(graph)),
  route('GET', 'users/:', one(graph)),
  route('GET', 'users/:/manager', manager(graph)),
  route('GET', 'users/:/directReports', directReports(graph)),
];
