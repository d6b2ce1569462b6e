import { ObjectId } from '@learnamp/directory-sync-domain';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { GraphFailure, ReadOptions } from './directory-source.js';
import { requestIdOf, successOf } from './graph-error.js';
import type { GraphBase } from './graph-base.js';
import { guardListLink } from './link-guard.js';
import type { Ask } from './transport/graph-client.js';

const Page = t.intersection([
  t.type({ value: t.array(t.type({ id: ObjectId })) }),
  t.partial({ '@odata.nextLink': t.union([t.string, t.null]) }),
]);

const WHAT = 'groups/{id}/transitiveMembers';
/** Of 999 groups each. */
const MOST_PAGES = 1_000;

/**
 * All groups below a group, however deep (https://learn.microsoft.com/graph/api/group-list-transitivemembers). Served from
 * an index that lags: a group that is missing is found by its edge, and one too many is read for nothing. Never evidence.
 */
export const openReadNestedGroups =
  ({ base, ask }: { readonly base: GraphBase; readonly ask: Ask }) =>
  async (groupId: ObjectId, options?: ReadOptions): Promise<E.Either<GraphFailure, ReadonlyArray<ObjectId>>> => {
    const first = `${base.url}/groups/${groupId}/transitiveMembers/microsoft.graph.group?$count=true&$select=id&$top=999`;
    const groupIds = new Set<ObjectId>();
    const links = new Set<string>();
    for (let url = first; ;) {
      links.add(url);
      // A cast is an advanced query: the header goes with each page.
      const headers = { ConsistencyLevel: 'eventual' };
      const asked = await ask({ method: 'GET', url, headers, expects: 'json' }, options);
      const answer = E.flatMap(successOf(WHAT))(asked);
      if (E.isLeft(answer)) return answer;
      const requestId = requestIdOf(answer.right);
      const page = Page.decode(answer.right.json);
      if (E.isLeft(page))
        return E.left({ _tag: 'GraphProtocol', detail: `${WHAT} is not a list of groups`, requestId });
      for (const { id } of page.right.value) groupIds.add(id);
      const next = page.right['@odata.nextLink'] ?? undefined;
      if (next === undefined) return E.right([...groupIds]);
      const link = guardListLink(base, first, next);
      if (E.isLeft(link)) return link;
      if (links.has(link.right) || links.size >= MOST_PAGES)
        return E.left({ _tag: 'GraphProtocol', detail: `${WHAT} has no end`, requestId, loop: true });
      url = link.right;
    }
  };
