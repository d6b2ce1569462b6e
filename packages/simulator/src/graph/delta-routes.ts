import type { SimulatedRequest, SimulatedResponse } from '../http/exchange.js';
import { json } from '../http/exchange.js';
import { randomFrom } from '../random.js';
import type { DeltaQuery } from './delta-query.js';
import { type DeltaRound, deltaRound } from './delta-round.js';
import type { DeltaToken, DeltaTokens, Expiry } from './delta-tokens.js';
import { context, denied, type GraphContext, refuse } from './graph-context.js';
import { allowOnly, filterIds, namesIn, queryOptions, selectUser } from './odata.js';
import { groupPropertyNamed, type GroupProperty } from './views.js';

type Kind = 'users' | 'groups';

const defaultGroupProperties: ReadonlyArray<GroupProperty> = [
  'createdDateTime',
  'description',
  'displayName',
  'groupTypes',
  'mail',
];

const selectGroups = (select: string | undefined): { properties: ReadonlyArray<GroupProperty>; members: boolean } => {
  if (select === undefined) return { properties: defaultGroupProperties, members: true };
  const names = namesIn(select);
  const properties = names.flatMap((name) => {
    const property = groupPropertyNamed(name);
    if (property !== undefined) return [property];
    if (['id', 'members', 'owners'].includes(name.toLowerCase())) return [];
    return refuse(400, 'BadRequest', `Could not find a property named '${name}' on type 'microsoft.graph.group'.`);
  });
  return { properties, members: names.some((name) => name.toLowerCase() === 'members') };
};

const firstQuery = (kind: Kind, request: SimulatedRequest, options: ReadonlyMap<string, string>): DeltaQuery => {
  // `$top` is known and without effect: the server chooses its pages.
  allowOnly(options, ['$select', '$filter', '$deltatoken', '$top']);
  const select = options.get('$select');
  const filter = options.get('$filter');
  const ids = filter === undefined ? undefined : new Set(filterIds(filter));
  const minimal = /(^|,)\s*return\s*=\s*minimal/i.test(request.headers['prefer'] ?? '');
  const repeated = new URLSearchParams();
  if (select !== undefined) repeated.set('$select', select);
  if (filter !== undefined) repeated.set('$filter', filter);
  const shared = {
    ids,
    minimal,
    options: repeated.toString(),
    name: `${kind}?${repeated.toString()}${minimal ? '#minimal' : ''}`,
  };
  return kind === 'users'
    ? { kind, ...selectUser(select, 'delta'), ...shared }
    : { kind, ...selectGroups(select), ...shared };
};

/** Links name the function in any of its forms and the token parameter in any casing. */
const link = (graph: GraphContext, kind: Kind, parameter: 'skiptoken' | 'deltatoken', token: string): string => {
  const random = randomFrom(graph.seed, `link/${token}`);
  const form = graph.behaviour.longNames
    ? random.pick(['delta', 'delta', 'delta', 'microsoft.graph.delta', 'delta()', 'microsoft.graph.delta()'])
    : 'delta';
  const name = random.chance(0.3) ? (parameter === 'skiptoken' ? '$skipToken' : '$deltaToken') : `$${parameter}`;
  return `${graph.baseUrl()}/${kind}/${form}?${name}=${token}`;
};

const deltaLink = (graph: GraphContext, tokens: DeltaTokens, round: Omit<DeltaRound, 'pages'>): string =>
  link(
    graph,
    round.query.kind,
    'deltatoken',
    tokens.issue(`${round.name}/end`, {
      kind: 'delta',
      query: round.query,
      start: { since: round.head, swallowed: round.swallowed() },
      issuedAt: graph.clock.now().getTime(),
    }),
  );

const page = (graph: GraphContext, tokens: DeltaTokens, round: DeltaRound, index: number): SimulatedResponse => {
  // Before the link: rendering decides what the link has to carry.
  const value = (round.pages[index] ?? []).map((item) => item.render('whole'));
  const last = index >= round.pages.length - 1;
  const following = last
    ? { '@odata.deltaLink': deltaLink(graph, tokens, round) }
    : {
        '@odata.nextLink': link(
          graph,
          round.query.kind,
          'skiptoken',
          tokens.issue(`${round.name}/${index + 1}`, { kind: 'page', round, index: index + 1 }),
        ),
      };
  return json(200, { '@odata.context': context(graph, round.query.kind), ...following, value });
};

const restartUrl = (graph: GraphContext, query: DeltaQuery): string =>
  `${graph.baseUrl()}/${query.kind}/delta?$deltatoken=${query.options === '' ? '' : `&${query.options}`}`;

const refuseExpired = (graph: GraphContext, token: DeltaToken, expiry: Expiry): never => {
  if (token.kind === 'page') {
    return refuse(
      400,
      'Directory_ExpiredPageToken',
      'The specified page token value has expired and can no longer be included in your request.',
    );
  }
  const location = { location: restartUrl(graph, token.query) };
  switch (expiry) {
    case 'gone':
      return refuse(410, 'syncStateNotFound', 'The sync state generation is not found.', location);
    case 'gone-empty':
      return refuse(410, 'UnknownError', '', location);
    case 'resyncRequired':
      return refuse(410, 'resyncRequired', 'Resync required.', location);
    case 'syncStateNotFound':
    case 'SyncStateNotFound':
      return refuse(400, expiry, 'The sync state generation is not found.');
  }
};

const found = (
  graph: GraphContext,
  tokens: DeltaTokens,
  { kind, text, wanted }: { readonly kind: Kind; readonly text: string; readonly wanted: DeltaToken['kind'] },
): DeltaToken => {
  const result = tokens.find(text);
  if (result.state === 'expired') return refuseExpired(graph, result.token, result.expiry);
  const token = result.state === 'valid' ? result.token : undefined;
  const itsKind = token?.kind === 'page' ? token.round.query.kind : token?.query.kind;
  if (token?.kind !== wanted || itsKind !== kind) return refuse(400, 'BadRequest', 'Badly formed token.');
  return token;
};

/** Serves `users/delta` and `groups/delta` in every form of their names. */
export const deltaRoute =
  (graph: GraphContext, tokens: DeltaTokens, kind: Kind) =>
  ({ request }: { readonly request: SimulatedRequest }): SimulatedResponse => {
    if (!graph.directory.permitted(kind)) return denied();
    const options = queryOptions(request.query);
    const skip = options.get('$skiptoken');
    const delta = options.get('$deltatoken');
    if (skip !== undefined) {
      allowOnly(options, ['$skiptoken']);
      const token = found(graph, tokens, { kind, text: skip, wanted: 'page' });
      return token.kind === 'page' ? page(graph, tokens, token.round, token.index) : denied();
    }
    if (delta !== undefined && delta !== '' && delta !== 'latest') {
      allowOnly(options, ['$deltatoken']);
      const token = found(graph, tokens, { kind, text: delta, wanted: 'delta' });
      return token.kind === 'delta' ? page(graph, tokens, deltaRound(graph, token.query, token.start), 0) : denied();
    }
    const query = firstQuery(kind, request, options);
    if (delta !== 'latest') return page(graph, tokens, deltaRound(graph, query, undefined), 0);
    const head = graph.directory.journal.head();
    const name = `${query.name}/latest/${graph.turn(query.name)}`;
    return json(200, {
      '@odata.context': context(graph, kind),
      '@odata.deltaLink': deltaLink(graph, tokens, { query, name, head, swallowed: () => new Map() }),
      value: [],
    });
  };
