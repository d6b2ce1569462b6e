import { ObjectId } from '@learnamp/directory-sync-domain';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { ItemAnswer } from '../batch/batch-round.js';
import { runBatches } from '../batch/run-batches.js';
import type { GraphFailure, ReadOptions } from '../directory-source.js';
import { requestIdOf, successOf } from '../graph-error.js';
import type { GraphLease } from '../transport/graph-transport.js';

const link = t.partial({ '@odata.nextLink': t.union([t.string, t.null]) });
const Nested = t.intersection([
  t.type({
    value: t.array(t.intersection([t.type({ id: ObjectId }), t.partial({ visibility: t.union([t.string, t.null]) })])),
  }),
  t.partial({ '@odata.count': t.number }),
  link,
]);
const Children = t.intersection([t.type({ value: t.array(t.type({ id: ObjectId })) }), link]);

/** How groups are nested below a group. */
export type Nesting = {
  /** Groups on every level below. */
  readonly groups: number;
  /** 1: no group within the group. `atLeast`: there is more below than was looked at. */
  readonly levels: number;
  readonly atLeast: boolean;
  /** Among the first 999 groups below, those that hide their members. */
  readonly hidden: number;
};

const MOST_LEVELS = 10;
/** Groups whose children are asked for, in batches of 20. */
const MOST_GROUPS = 200;
const HEADERS = { ConsistencyLevel: 'eventual' };

const pathOf = (groupId: ObjectId): string =>
  `/groups/${groupId}/members/microsoft.graph.group?$count=true&$select=id&$top=999`;

/** The groups within these, and whether all of them could be told. */
const childrenIn = (
  answers: ReadonlyArray<ReadonlyArray<ItemAnswer> | undefined>,
): { readonly ids: ReadonlyArray<ObjectId>; readonly complete: boolean } => {
  const ids: Array<ObjectId> = [];
  let complete = true;
  for (const [answer] of answers.map((each) => each ?? [])) {
    const decoded = answer?.status === 200 ? Children.decode(answer.json) : undefined;
    if (decoded === undefined || E.isLeft(decoded)) complete = false;
    else {
      ids.push(...decoded.right.value.map(({ id }) => id));
      if (typeof decoded.right['@odata.nextLink'] === 'string') complete = false;
    }
  }
  return { ids, complete };
};

/** Level by level, each group once: a ring ends where it began. */
const levelsBelow = async (
  lease: GraphLease,
  groupId: ObjectId,
  options: ReadOptions | undefined,
): Promise<E.Either<GraphFailure, Pick<Nesting, 'levels' | 'atLeast'>>> => {
  const seen = new Set([groupId]);
  let level: ReadonlyArray<ObjectId> = [groupId];
  let atLeast = false;
  for (let levels = 1; ; levels += 1) {
    const asked = level.slice(0, Math.max(0, MOST_GROUPS - (seen.size - level.length)));
    if (levels > MOST_LEVELS || asked.length === 0) return E.right({ levels: levels - 1, atLeast: true });
    const answers = await runBatches(
      lease,
      asked.map((id) => [{ method: 'GET' as const, url: pathOf(id), headers: HEADERS }]),
      options,
    );
    if (E.isLeft(answers)) return answers;
    const { ids, complete } = childrenIn(answers.right);
    if (!complete || asked.length < level.length) atLeast = true;
    level = [...new Set(ids)].filter((id) => !seen.has(id));
    for (const id of level) seen.add(id);
    if (level.length === 0) return E.right({ levels, atLeast });
  }
};

/**
 * How many groups there are below a group and how deep they go, in at most 1 + 10 levels of batches. The list of all levels
 * says how many; only the members of each level say how deep.
 */
export const openMeasureNesting =
  (lease: GraphLease) =>
  async (groupId: ObjectId, options?: ReadOptions): Promise<E.Either<GraphFailure, Nesting>> => {
    const what = 'groups/{id}/transitiveMembers';
    const query = '$count=true&$select=id,visibility&$top=999';
    const url = `${lease.base.url}/groups/${groupId}/transitiveMembers/microsoft.graph.group?${query}`;
    const asked = await lease.ask({ method: 'GET', url, headers: HEADERS, expects: 'json' }, options);
    const answer = E.flatMap(successOf(what))(asked);
    if (E.isLeft(answer)) return answer;
    const decoded = Nested.decode(answer.right.json);
    if (E.isLeft(decoded))
      return E.left({
        _tag: 'GraphProtocol',
        detail: `${what} is not a list of groups`,
        requestId: requestIdOf(answer.right),
      });
    const { value, '@odata.count': count } = decoded.right;
    const below = new Map(value.filter(({ id }) => id !== groupId).map((group) => [group.id, group]));
    const hidden = [...below.values()].filter(
      ({ visibility }) => visibility?.toLowerCase() === 'hiddenmembership',
    ).length;
    const groups = Math.max(below.size, typeof decoded.right['@odata.nextLink'] === 'string' ? (count ?? 0) : 0);
    if (groups === 0) return E.right({ groups, levels: 1, atLeast: false, hidden });
    return E.map((depth: Pick<Nesting, 'levels' | 'atLeast'>) => ({ groups, hidden, ...depth }))(
      await levelsBelow(lease, groupId, options),
    );
  };
