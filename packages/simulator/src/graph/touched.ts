import type { GraphContext } from './graph-context.js';

/** What the journal says about one object in the window of a round. */
export type Touched = {
  readonly properties: ReadonlySet<string>;
  /** Managers the person had in the window, the one before it included. */
  readonly managers: ReadonlySet<string>;
  readonly manager: boolean;
  readonly created: boolean;
  /** Deleted, purged or restored. */
  readonly lifecycle: boolean;
  readonly members: ReadonlyMap<string, { readonly added: boolean; readonly removed: boolean }>;
};

/**
 * Changes a round did not tell because it told only that their object is gone. The token of the round carries them: they
 * are told when the object comes back.
 */
export type Swallowed = ReadonlyMap<string, Touched>;

type Growing = {
  properties: Set<string>;
  managers: Set<string>;
  manager: boolean;
  created: boolean;
  lifecycle: boolean;
  members: Map<string, { readonly added: boolean; readonly removed: boolean }>;
};

const untouched = (): Growing => ({
  properties: new Set(),
  managers: new Set(),
  manager: false,
  created: false,
  lifecycle: false,
  members: new Map(),
});

/** All of an object is new to the client. */
export const wholly: Touched = { ...untouched(), created: true };

const seenMember = (touched: Growing, id: string, added: boolean, removed: boolean): void => {
  const before = touched.members.get(id) ?? { added: false, removed: false };
  touched.members.set(id, { added: before.added || added, removed: before.removed || removed });
};

const merge = (into: Growing, earlier: Touched): void => {
  for (const name of earlier.properties) into.properties.add(name);
  for (const id of earlier.managers) into.managers.add(id);
  for (const [id, { added, removed }] of earlier.members) seenMember(into, id, added, removed);
  into.manager ||= earlier.manager;
  into.created ||= earlier.created;
};

/** By object, what happened after `since`, and what earlier rounds swallowed of the objects something happened to. */
export const touchedSince = (
  graph: GraphContext,
  kind: 'user' | 'group',
  since: number,
  swallowed: Swallowed,
): ReadonlyMap<string, Touched> => {
  const found = new Map<string, Growing>();
  const of = (id: string): Growing => {
    const touched = found.get(id) ?? untouched();
    found.set(id, touched);
    return touched;
  };
  for (const { kind: itsKind, id, change } of graph.directory.journal.after(since)) {
    if (itsKind !== kind) {
      // Asked for by an option only: a restored user's places are told again.
      if (change.type !== 'restored' || itsKind !== 'user' || !graph.behaviour.restoresTellMemberships) continue;
      for (const group of graph.directory.groups())
        if (group.memberIds.has(id)) seenMember(of(group.id), id, true, false);
      continue;
    }
    const touched = of(id);
    switch (change.type) {
      case 'property':
        touched.properties.add(change.name);
        break;
      case 'manager':
        touched.manager = true;
        for (const manager of [change.from, change.to]) if (manager !== undefined) touched.managers.add(manager);
        break;
      case 'member':
        seenMember(touched, change.memberId, change.present, !change.present);
        break;
      case 'created':
        touched.created = true;
        break;
      case 'deleted':
      case 'purged':
      case 'restored':
        touched.lifecycle = true;
    }
  }
  for (const [id, earlier] of swallowed) {
    const touched = found.get(id);
    if (touched !== undefined) merge(touched, earlier);
  }
  return found;
};
