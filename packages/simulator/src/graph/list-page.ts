import type { SimulatedResponse } from '../http/exchange.js';
import { json } from '../http/exchange.js';
import { context, type GraphContext, refuse } from './graph-context.js';
import { pageTop } from './odata.js';
import type { View } from './views.js';

export type ListPage<T extends { readonly id: string }> = {
  /** Below the version, such as `groups/<id>/members`. */
  readonly path: string;
  readonly contextName: string;
  readonly options: ReadonlyMap<string, string>;
  readonly items: ReadonlyArray<T>;
  readonly view: (item: T) => View;
};

/**
 * One page of a plain list, ordered by id. A page token names the last id served, so what is added or removed between
 * two pages moves nothing else. `@odata.count` stands in the first page only.
 */
export const listPage = <T extends { readonly id: string }>(
  graph: GraphContext,
  list: ListPage<T>,
): SimulatedResponse => {
  const { options, path } = list;
  const top = pageTop(options);
  const token = options.get('$skiptoken');
  const after = token === undefined ? '' : Buffer.from(token, 'base64url').toString('utf8');
  if (token !== undefined && !after.startsWith('after:')) refuse(400, 'BadRequest', 'Badly formed token.');
  const ordered = [...list.items].sort((a, b) => (a.id < b.id ? -1 : 1));
  const rest = token === undefined ? ordered : ordered.filter(({ id }) => `after:${id}` > after);
  const shown = rest.slice(0, top);
  const last = shown.at(-1);
  const next = new URLSearchParams([...options].filter(([name]) => name !== '$skiptoken'));
  if (last !== undefined) next.set('$skiptoken', Buffer.from(`after:${last.id}`).toString('base64url'));
  return json(200, {
    '@odata.context': context(graph, list.contextName),
    ...(options.get('$count') === 'true' && token === undefined ? { '@odata.count': ordered.length } : {}),
    ...(rest.length > top ? { '@odata.nextLink': `${graph.baseUrl()}/${path}?${next.toString()}` } : {}),
    value: shown.map((item) => list.view(item)),
  });
};
