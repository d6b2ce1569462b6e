import { type DirectoryUser, odataType } from '../directory/directory-objects.js';
import { type Random, randomFrom } from '../random.js';
import type { DeltaItem } from './delta-pages.js';
import type { UsersQuery } from './delta-query.js';
import type { GraphContext } from './graph-context.js';
import { type Touched, wholly } from './touched.js';
import { userValue, type View } from './views.js';

type Mention = { readonly user: DirectoryUser; readonly touched: Touched | undefined; readonly random: Random };

const managerEntry = (graph: GraphContext, id: string): View => ({
  '@odata.type': odataType(graph.directory.find(id)?.kind ?? 'user'),
  id,
});

/** An array although one manager is the most: who is, and by `@removed` who was. */
const managerDelta = (graph: GraphContext, { user, touched, random }: Mention): View[] => {
  const { managerId } = user;
  const current = managerId === undefined ? [] : [managerEntry(graph, managerId)];
  if (touched === undefined) {
    // As in a plain read, a manager in the recycle bin is not there.
    return managerId !== undefined && graph.directory.find(managerId)?.presence === 'live' ? current : [];
  }
  const earlier = [...touched.managers].filter((id) => id !== managerId);
  // Where somebody took over, the one before may or may not be told; where nobody did, the end is told.
  const told = managerId === undefined ? earlier : earlier.filter(() => random.chance(0.7));
  const ended = told.map((id) => ({ ...managerEntry(graph, id), '@removed': { reason: 'deleted' } }));
  return random.shuffle([...ended, ...current]);
};

const entry = (graph: GraphContext, query: UsersQuery, { user, touched, random }: Mention): View => {
  const view: View = {};
  const limited = !graph.directory.permitted('members-limited');
  for (const name of query.properties) {
    const value = userValue(user, name);
    const changed = touched === undefined || touched.created || touched.properties.has(name);
    // Drawn for each property, whatever its value: the order of draws must not depend on values.
    const mentioned = random.chance(0.5);
    if (limited) view[name] = null;
    else if (query.minimal && !changed) continue;
    else if (value === null) {
      // Cleared now is an explicit null; cleared long ago may be left out like what was never set.
      if ((touched?.properties.has(name) ?? false) || mentioned) view[name] = null;
    } else if (value !== undefined) view[name] = value;
  }
  view['id'] = user.id;
  return view;
};

const interesting = (graph: GraphContext, query: UsersQuery, user: DirectoryUser, touched: Touched): boolean => {
  if (touched.created || user.presence !== 'live') return touched.created || touched.lifecycle;
  if (touched.lifecycle && graph.behaviour.restoredUsersShow) return true;
  return (query.manager && touched.manager) || query.properties.some((name) => touched.properties.has(name));
};

/** What is wrong of a person by now, and was right at some time since the last round. */
const contradiction = (mention: Mention, graph: GraphContext, query: UsersQuery): View | undefined => {
  const { user, touched } = mention;
  if (touched === undefined || touched.created || user.presence === 'purged') return undefined;
  if (!graph.directory.permitted('members-limited')) return undefined;
  if (touched.lifecycle && user.presence === 'live') return { id: user.id, '@removed': { reason: 'changed' } };
  if (touched.lifecycle) {
    // The name of a deleted account begins with its id.
    const userPrincipalName = (user.properties.userPrincipalName ?? '').slice(user.id.replaceAll('-', '').length);
    return entry(graph, query, {
      ...mention,
      user: { ...user, properties: { ...user.properties, userPrincipalName } },
    });
  }
  return touched.properties.has('jobTitle') && query.properties.includes('jobTitle')
    ? { ...entry(graph, query, mention), jobTitle: 'The title before' }
    : undefined;
};

export type Told = {
  /** `undefined` in a first round, where everything is told. */
  readonly touched: ReadonlyMap<string, Touched> | undefined;
  /** Names the round. */
  readonly name: string;
  readonly random: Random;
  /** Called with what an object's `@removed` keeps untold. */
  readonly swallow: (id: string, touched: Touched) => void;
};

/** Which users a round mentions, and how. With late values the last word falls when the page is served. */
export const userMentions = (graph: GraphContext, query: UsersQuery, told: Told): ReadonlyArray<DeltaItem> => {
  let gone = 0;
  const chosen = graph.directory.everyUser().filter((user) => {
    if (query.ids !== undefined && !query.ids.has(user.id)) return false;
    if (told.touched !== undefined) {
      const own = told.touched.get(user.id);
      return own !== undefined && interesting(graph, query, user, own);
    }
    if (user.presence === 'live') return true;
    if (!graph.behaviour.removedInFirstRound || gone >= 20 || told.random.chance(0.4)) return false;
    gone += 1;
    graph.took('removed-at-start');
    return true;
  });
  return chosen.flatMap((user): ReadonlyArray<DeltaItem> => {
    const { id } = user;
    const touched = told.touched?.get(id);
    const render = (part: 'whole' | 'again'): View => {
      if (user.presence !== 'live') {
        told.swallow(id, touched ?? wholly);
        return { id, '@removed': { reason: user.presence === 'deleted' ? 'changed' : 'deleted' } };
      }
      const mention = { user, touched, random: randomFrom(graph.seed, `${told.name}/${id}`) };
      const view = entry(graph, query, mention);
      const tellsManager = query.manager && (touched === undefined || touched.created || touched.manager);
      if (!tellsManager || part === 'again') return view;
      const managers = managerDelta(graph, mention);
      return managers.length === 0 ? view : { ...view, 'manager@delta': managers };
    };
    const now = graph.behaviour.lateValues ? undefined : { whole: render('whole'), again: render('again') };
    const item: DeltaItem = { id, render: (part) => now?.[part] ?? render(part) };
    if (!graph.behaviour.contradictions) return [item];
    const mention = { user, touched, random: randomFrom(graph.seed, `${told.name}/${id}`) };
    const wrong = contradiction(mention, graph, query);
    if (wrong !== undefined) graph.took('contradiction');
    return wrong === undefined ? [item] : told.random.shuffle([item, { id, render: () => wrong }]);
  });
};
