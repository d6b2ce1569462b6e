import { type DirectoryGroup, type DirectoryUser, odataType } from '../directory/directory-objects.js';
import type { UserProperty } from '../directory/user-properties.js';
import { type Random, randomFrom } from '../random.js';
import { deltaPages, type DeltaItem } from './delta-pages.js';
import type { GraphContext } from './graph-context.js';
import { groupValue, type GroupProperty, userValue, type View } from './views.js';

/**
 * One round of a delta query: everything of interest after a point of the journal, or everything there is.
 *
 * What is promised: applying the entries of all pages in the order served, each one idempotently, brings a mirror that
 * holds the state at `since` to the state at `head` or to one of the states after it; the next round starts at `head`.
 * Deletions of members are told by `users/delta` only, and what was never set is absent (delta-query-overview).
 */
export type DeltaQuery =
  | {
      readonly kind: 'users';
      readonly properties: ReadonlyArray<UserProperty>;
      readonly manager: boolean;
      readonly ids: ReadonlySet<string> | undefined;
      readonly minimal: boolean;
      readonly name: string;
      /** `$select` and `$filter` as given: a restart of the round repeats them. */
      readonly options: string;
    }
  | {
      readonly kind: 'groups';
      readonly properties: ReadonlyArray<GroupProperty>;
      readonly members: boolean;
      readonly ids: ReadonlySet<string> | undefined;
      readonly minimal: boolean;
      readonly name: string;
      readonly options: string;
    };

export type UsersQuery = Extract<DeltaQuery, { kind: 'users' }>;
export type GroupsQuery = Extract<DeltaQuery, { kind: 'groups' }>;

export type DeltaRound = {
  readonly query: DeltaQuery;
  /** Names the round's randomness. */
  readonly name: string;
  /** Where the next round begins. */
  readonly head: number;
  readonly pages: ReadonlyArray<ReadonlyArray<DeltaItem>>;
};

/** What the journal says about one object in the window of the round. */
type Touched = {
  readonly properties: Set<string>;
  /** Managers the person had in the window, the one before it included. */
  readonly managers: Set<string>;
  manager: boolean;
  created: boolean;
  /** Deleted, purged or restored. */
  lifecycle: boolean;
  readonly members: Map<string, { added: boolean; removed: boolean }>;
};

const untouched = (): Touched => ({
  properties: new Set(),
  managers: new Set(),
  manager: false,
  created: false,
  lifecycle: false,
  members: new Map(),
});

const touchedSince = (graph: GraphContext, kind: 'user' | 'group', since: number): Map<string, Touched> => {
  const found = new Map<string, Touched>();
  const of = (id: string): Touched => {
    const touched = found.get(id) ?? untouched();
    found.set(id, touched);
    return touched;
  };
  for (const entry of graph.directory.journal.after(since)) {
    const { change } = entry;
    if (kind === 'group' && entry.kind === 'user') {
      // Asked for by an option only: a restored user's places are told again.
      if (change.type !== 'restored' || !graph.behaviour.restoresTellMemberships) continue;
      for (const group of graph.directory.groups()) {
        if (group.memberIds.has(entry.id)) of(group.id).members.set(entry.id, { added: true, removed: false });
      }
      continue;
    }
    if (entry.kind !== kind) continue;
    const touched = of(entry.id);
    if (change.type === 'property') touched.properties.add(change.name);
    else if (change.type === 'manager') {
      touched.manager = true;
      for (const id of [change.from, change.to]) if (id !== undefined) touched.managers.add(id);
    } else if (change.type === 'member') {
      const seen = touched.members.get(change.memberId) ?? { added: false, removed: false };
      touched.members.set(change.memberId, {
        added: seen.added || change.present,
        removed: seen.removed || !change.present,
      });
    } else if (change.type === 'created') touched.created = true;
    else touched.lifecycle = true;
  }
  return found;
};

const removed = (id: string, reason: 'changed' | 'deleted'): View => ({ id, '@removed': { reason } });

const managerEntry = (graph: GraphContext, id: string): View => ({
  '@odata.type': odataType(graph.directory.find(id)?.kind ?? 'user'),
  id,
});

const linkRemoved = { '@removed': { reason: 'deleted' } };

const managerDelta = (
  graph: GraphContext,
  user: DirectoryUser,
  touched: Touched | undefined,
  random: Random,
): View[] => {
  const { managerId } = user;
  const current = managerId === undefined ? [] : [managerEntry(graph, managerId)];
  if (touched === undefined) {
    // As in a plain read, a manager in the recycle bin is not there.
    return managerId !== undefined && graph.directory.find(managerId)?.presence === 'live' ? current : [];
  }
  if (touched.created) return current;
  const earlier = [...touched.managers].filter((id) => id !== managerId);
  // Where somebody took over, the one before may or may not be told.
  const told = managerId === undefined ? earlier : earlier.filter(() => random.chance(0.7));
  return random.shuffle([...told.map((id) => ({ ...managerEntry(graph, id), ...linkRemoved })), ...current]);
};

type Mention = { readonly user: DirectoryUser; readonly touched: Touched | undefined; readonly random: Random };

const userEntry = (graph: GraphContext, query: UsersQuery, { user, touched, random }: Mention): View => {
  if (user.presence !== 'live') return removed(user.id, user.presence === 'deleted' ? 'changed' : 'deleted');
  const view: View = {};
  const limited = !graph.directory.permitted('members-limited');
  for (const name of query.properties) {
    const value = userValue(user, name);
    const changed = touched === undefined || touched.created || touched.properties.has(name);
    if (limited) view[name] = null;
    else if (query.minimal && !changed) continue;
    else if (value === null) {
      // Cleared now is an explicit null; cleared long ago may be left out like what was never set.
      if ((touched?.properties.has(name) ?? false) || random.chance(0.5)) view[name] = null;
    } else if (value !== undefined) view[name] = value;
  }
  view['id'] = user.id;
  return view;
};

const interesting = (query: UsersQuery, touched: Touched, graph: GraphContext, user: DirectoryUser): boolean => {
  if (touched.created || user.presence !== 'live') return touched.created || touched.lifecycle;
  if (touched.lifecycle && graph.behaviour.restoredUsersShow) return true;
  if (query.manager && touched.manager) return true;
  return query.properties.some((name) => touched.properties.has(name));
};

const userItems = (graph: GraphContext, query: UsersQuery, since: number | undefined, random: Random): DeltaItem[] => {
  const touched = since === undefined ? undefined : touchedSince(graph, 'user', since);
  let gone = 0;
  const chosen = graph.directory.everyUser().filter((user) => {
    if (query.ids !== undefined && !query.ids.has(user.id)) return false;
    if (touched === undefined) {
      if (user.presence === 'live') return true;
      if (!graph.behaviour.removedInFirstRound || gone >= 20 || random.chance(0.4)) return false;
      gone += 1;
      return true;
    }
    const own = touched.get(user.id);
    return own !== undefined && interesting(query, own, graph, user);
  });
  return chosen.map(({ id }): DeltaItem => {
    const own = touched?.get(id);
    const render = (part: 'whole' | 'again'): View => {
      const user = graph.directory.find(id) as DirectoryUser;
      const entryRandom = randomFrom(graph.seed, `${query.name}/${since}/${id}`);
      const view = userEntry(graph, query, { user, touched: own, random: entryRandom });
      const tellsManager = query.manager && (own === undefined || own.created || own.manager) && part === 'whole';
      if (!tellsManager || user.presence !== 'live') return view;
      const managers = managerDelta(graph, user, own, entryRandom);
      return managers.length === 0 ? view : { ...view, 'manager@delta': managers };
    };
    if (graph.behaviour.lateValues) return { id, render };
    const now = { whole: render('whole'), again: render('again') };
    return { id, render: (part) => now[part] };
  });
};

type Slice = ReadonlyArray<View>;

const memberEntry = (graph: GraphContext, memberId: string, present: boolean): View => ({
  '@odata.type': odataType(graph.directory.find(memberId)?.kind ?? 'user'),
  id: memberId,
  ...(present ? {} : linkRemoved),
});

const memberEntries = (graph: GraphContext, group: DirectoryGroup, touched: Touched | undefined): View[] => {
  if (group.properties.visibility === 'HiddenMembership' && !graph.directory.permitted('hidden-members')) return [];
  if (touched === undefined || touched.created) {
    return [...group.memberIds].flatMap((id) =>
      graph.directory.find(id)?.presence === 'live' ? [memberEntry(graph, id, true)] : [],
    );
  }
  return [...touched.members].flatMap(([id, seen]) => {
    const kept = group.memberIds.has(id) && graph.directory.find(id)?.presence !== 'purged';
    const nested = graph.directory.find(id);
    // A nested group in the recycle bin keeps its place, but where its deletion was told, it reads as gone.
    const present = kept && !(nested?.kind === 'group' && nested.presence !== 'live' && seen.removed);
    const both = graph.behaviour.contradictions && seen.added && seen.removed;
    return both
      ? [memberEntry(graph, id, !present), memberEntry(graph, id, present)]
      : [memberEntry(graph, id, present)];
  });
};

const slicesOf = (entries: ReadonlyArray<View>, size: { min: number; max: number }, random: Random): Slice[] => {
  const slices: Slice[] = [];
  for (let from = 0; from < entries.length;) {
    const length = random.integer(size.min, size.max);
    slices.push(entries.slice(from, from + length));
    from += length;
  }
  return slices.length === 0 ? [[]] : slices;
};

const groupItems = (
  graph: GraphContext,
  query: GroupsQuery,
  since: number | undefined,
  random: Random,
): DeltaItem[] => {
  const touched = since === undefined ? undefined : touchedSince(graph, 'group', since);
  const sliceSize =
    graph.behaviour.sliceSize ??
    random.pick([
      { min: 1, max: 6 },
      { min: 10, max: 50 },
      { min: 500, max: 2000 },
    ]);
  return graph.directory.everyGroup().flatMap((group): DeltaItem[] => {
    const { id } = group;
    if (query.ids !== undefined && !query.ids.has(id)) return [];
    const own = touched?.get(id);
    if (touched !== undefined && own === undefined) return [];
    if (group.presence !== 'live') {
      if (own === undefined ? !graph.behaviour.removedInFirstRound || random.chance(0.5) : !own.lifecycle) return [];
      const reason = group.presence === 'purged' ? 'deleted' : graph.behaviour.deletedGroupReason;
      return [{ id, render: () => removed(id, reason) }];
    }
    const changed = (name: string): boolean => own === undefined || own.created || own.properties.has(name);
    const scalars = (): View => {
      const view: View = {};
      for (const name of query.properties) {
        const value = groupValue(group, name);
        const cleared = value === null && (own?.properties.has(name) ?? false);
        if (query.minimal && !changed(name)) continue;
        if (cleared || (value !== undefined && value !== null)) view[name] = value;
      }
      view['id'] = id;
      return view;
    };
    const entries = query.members ? memberEntries(graph, group, own) : [];
    const relevant =
      own === undefined || own.created || own.lifecycle || query.properties.some((name) => own.properties.has(name));
    if (!relevant && entries.length === 0) return [];
    const mixed = graph.behaviour.shuffle && !graph.behaviour.contradictions ? random.shuffle(entries) : entries;
    return slicesOf(mixed, sliceSize, random).map((slice) => {
      const fixed = scalars();
      return {
        id,
        render: () => ({
          ...(graph.behaviour.lateValues ? scalars() : fixed),
          ...(slice.length === 0 ? {} : { 'members@delta': slice }),
        }),
      };
    });
  });
};

const itemsOf = (graph: GraphContext, query: DeltaQuery, since: number | undefined, random: Random): DeltaItem[] =>
  query.kind === 'users' ? userItems(graph, query, since, random) : groupItems(graph, query, since, random);

/** Builds the round that starts now. `since` undefined: a first round. */
export const deltaRound = (graph: GraphContext, query: DeltaQuery, since: number | undefined): DeltaRound => {
  const name = `${query.name}/${since ?? 'first'}/${graph.turn(query.name)}`;
  const random = randomFrom(graph.seed, `round/${name}`);
  const head = graph.directory.journal.head();
  const fresh = itemsOf(graph, query, since, random);
  const repeats = since !== undefined && since > 0 && fresh.length > 0 && graph.behaviour.replays && random.chance(0.4);
  const items = repeats ? itemsOf(graph, query, Math.max(0, since - random.integer(1, 30)), random) : fresh;
  return { query, name, head, pages: deltaPages(items, graph.behaviour, random) };
};
