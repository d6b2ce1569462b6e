import { type DirectoryGroup, odataType } from '../directory/directory-objects.js';
import type { Random } from '../random.js';
import type { DeltaItem } from './delta-pages.js';
import type { GroupsQuery } from './delta-query.js';
import type { GraphContext } from './graph-context.js';
import type { Touched } from './touched.js';
import type { Told } from './user-mentions.js';
import { groupValue, type View } from './views.js';

/** `deleted` speaks of the link, not of the member. */
const memberEntry = (graph: GraphContext, memberId: string, present: boolean): View => ({
  '@odata.type': odataType(graph.directory.find(memberId)?.kind ?? 'user'),
  id: memberId,
  ...(present ? {} : { '@removed': { reason: 'deleted' } }),
});

/** What is told of the members: one entry each, or two that contradict each other, of which either may hold. */
const memberEntries = (graph: GraphContext, group: DirectoryGroup, touched: Touched | undefined): View[] => {
  const { directory } = graph;
  if (group.properties.visibility === 'HiddenMembership' && !directory.permitted('hidden-members')) return [];
  if (touched === undefined || touched.created) {
    const isThere = (id: string): boolean => group.memberIds.has(id) && directory.find(id)?.presence === 'live';
    // Where the creation is told again, who has left since may be known to the client.
    const left = [...(touched?.members ?? [])].flatMap(([id, seen]) => (seen.removed && !isThere(id) ? [id] : []));
    return [
      ...[...group.memberIds].filter(isThere).map((id) => memberEntry(graph, id, true)),
      ...left.map((id) => memberEntry(graph, id, false)),
    ];
  }
  return [...touched.members].flatMap(([id, seen]) => {
    const member = directory.find(id);
    const kept = group.memberIds.has(id) && member?.presence !== 'purged';
    // A nested group in the recycle bin keeps its place, but where its deletion was told, it reads as gone.
    const present = kept && !(member?.kind === 'group' && member.presence !== 'live' && seen.removed);
    // A member in the recycle bin cannot be asked for: of it nothing is told but the truth.
    const both = graph.behaviour.contradictions && seen.added && seen.removed && member?.presence === 'live';
    if (both) graph.took('contradiction');
    return [...(both ? [memberEntry(graph, id, !present)] : []), memberEntry(graph, id, present)];
  });
};

type Range = { readonly min: number; readonly max: number };

const slicesOf = (entries: ReadonlyArray<View>, size: Range, random: Random): ReadonlyArray<View>[] => {
  const slices: ReadonlyArray<View>[] = [];
  for (let from = 0; from < entries.length;) {
    const length = random.integer(size.min, size.max);
    slices.push(entries.slice(from, from + length));
    from += length;
  }
  return slices.length === 0 ? [[]] : slices;
};

const scalars = (query: GroupsQuery, group: DirectoryGroup, touched: Touched | undefined): View => {
  const view: View = {};
  for (const name of query.properties) {
    const value = groupValue(group, name);
    const changed = touched?.properties.has(name) ?? false;
    if (query.minimal && touched !== undefined && !touched.created && !changed) continue;
    if (value !== undefined && (value !== null || changed)) view[name] = value;
  }
  view['id'] = group.id;
  return view;
};

const gone = (graph: GraphContext, group: DirectoryGroup, told: Told): ReadonlyArray<DeltaItem> => {
  const { id } = group;
  const touched = told.touched?.get(id);
  const silent =
    touched === undefined ? !graph.behaviour.removedInFirstRound || told.random.chance(0.5) : !touched.lifecycle;
  if (touched !== undefined) told.swallow(id, touched);
  const reason = group.presence === 'purged' ? 'deleted' : graph.behaviour.deletedGroupReason;
  return silent ? [] : [{ id, render: () => ({ id, '@removed': { reason } }) }];
};

const slicesOfGroup = (
  graph: GraphContext,
  query: GroupsQuery,
  group: DirectoryGroup,
  told: Told & { readonly sliceSize: Range },
): ReadonlyArray<DeltaItem> => {
  const { id } = group;
  const touched = told.touched?.get(id);
  const entries = query.members ? memberEntries(graph, group, touched) : [];
  const relevant =
    touched === undefined ||
    touched.created ||
    touched.lifecycle ||
    query.properties.some((name) => touched.properties.has(name));
  if (!relevant && entries.length === 0) return [];
  // Contradictions know no order: the true entry comes first as often as last, in one slice or in several.
  const mixed = graph.behaviour.shuffle || graph.behaviour.contradictions ? told.random.shuffle(entries) : entries;
  return slicesOf(mixed, told.sliceSize, told.random).map((slice) => {
    const fixed = scalars(query, group, touched);
    const members = slice.length === 0 ? {} : { 'members@delta': slice };
    return {
      id,
      render: () => ({ ...(graph.behaviour.lateValues ? scalars(query, group, touched) : fixed), ...members }),
    };
  });
};

/** Which groups a round mentions: each with its direct members in slices, an empty one without `members@delta`. */
export const groupMentions = (graph: GraphContext, query: GroupsQuery, told: Told): ReadonlyArray<DeltaItem> => {
  const sliceSize =
    graph.behaviour.sliceSize ??
    told.random.pick([
      { min: 1, max: 6 },
      { min: 10, max: 50 },
      { min: 500, max: 2000 },
    ]);
  return graph.directory.everyGroup().flatMap((group) => {
    if (query.ids !== undefined && !query.ids.has(group.id)) return [];
    if (told.touched !== undefined && !told.touched.has(group.id)) return [];
    return group.presence === 'live'
      ? slicesOfGroup(graph, query, group, { ...told, sliceSize })
      : gone(graph, group, told);
  });
};
