import { randomFrom } from '../random.js';
import { type DeltaItem, deltaPages } from './delta-pages.js';
import type { DeltaQuery } from './delta-query.js';
import type { GraphContext } from './graph-context.js';
import { groupMentions } from './group-mentions.js';
import { type Swallowed, type Touched, touchedSince } from './touched.js';
import { userMentions } from './user-mentions.js';

/**
 * One round of a delta query: everything of interest after a point of the journal, or everything there is.
 *
 * What is promised: applying the entries of all pages in the order served, each one idempotently, brings a mirror that
 * holds the state at `since` to the state at `head` or to one of the states after it; the next round starts at `head`.
 * What the documents do not promise, such as memberships of a member who was in the recycle bin during a first round,
 * is not told either.
 */
export type DeltaRound = {
  readonly query: DeltaQuery;
  /** Names the round's randomness. */
  readonly name: string;
  /** Where the next round begins. */
  readonly head: number;
  readonly pages: ReadonlyArray<ReadonlyArray<DeltaItem>>;
  /** Read when the last page is served: pages served late may add to it. */
  readonly swallowed: () => Swallowed;
};

/** Where a round begins; a first round begins nowhere. */
export type RoundStart = { readonly since: number; readonly swallowed: Swallowed };

export const deltaRound = (graph: GraphContext, query: DeltaQuery, start: RoundStart | undefined): DeltaRound => {
  const name = `${query.name}/${start?.since ?? 'first'}/${graph.turn(query.name)}`;
  const random = randomFrom(graph.seed, `round/${name}`);
  const head = graph.directory.journal.head();
  const untold = new Map<string, Touched>();
  const swallow = (id: string, touched: Touched): void => {
    untold.set(id, touched);
  };

  const mentionsSince = (since: number | undefined): ReadonlyArray<DeltaItem> => {
    const kind = query.kind === 'users' ? 'user' : 'group';
    const swallowed = start?.swallowed ?? new Map<string, Touched>();
    const touched = since === undefined ? undefined : touchedSince(graph, kind, since, swallowed);
    // Nothing happened to these: what was untold about them still is.
    for (const [id, earlier] of swallowed) if (touched?.has(id) !== true) swallow(id, earlier);
    const told = { touched, name, random, swallow };
    return query.kind === 'users' ? userMentions(graph, query, told) : groupMentions(graph, query, told);
  };

  const fresh = mentionsSince(start?.since);
  const repeats =
    start !== undefined && start.since > 0 && fresh.length > 0 && graph.behaviour.replays && random.chance(0.4);
  if (repeats) graph.took('replay');
  const items = repeats ? mentionsSince(Math.max(0, start.since - random.integer(1, 30))) : fresh;
  return {
    query,
    name,
    head,
    pages: deltaPages(items, graph.behaviour, random, graph.took),
    swallowed: () => new Map(untold),
  };
};
