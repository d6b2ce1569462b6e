import { ObjectId } from '@learnamp/directory-sync-domain';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { GraphFailure, ReadOptions } from '../directory-source.js';
import type { GraphBase } from '../graph-base.js';
import { requestIdOf, successOf } from '../graph-error.js';
import type { Ask } from '../transport/graph-client.js';

const List = t.type({ value: t.array(t.type({ id: ObjectId })) });
const WHAT = 'groups/{id}/transitiveMembers';

/** The first so many people on any level, from the index that lags. */
export const openSampleMembers =
  ({ base, ask }: { readonly base: GraphBase; readonly ask: Ask }) =>
  async (
    groupId: ObjectId,
    atMost: number,
    options?: ReadOptions,
  ): Promise<E.Either<GraphFailure, ReadonlyArray<ObjectId>>> => {
    const query = `$count=true&$select=id&$top=${String(atMost)}`;
    const url = `${base.url}/groups/${groupId}/transitiveMembers/microsoft.graph.user?${query}`;
    const headers = { ConsistencyLevel: 'eventual' };
    const answer = E.flatMap(successOf(WHAT))(await ask({ method: 'GET', url, headers, expects: 'json' }, options));
    if (E.isLeft(answer)) return answer;
    const decoded = List.decode(answer.right.json);
    return E.isRight(decoded)
      ? E.right([...new Set(decoded.right.value.map(({ id }) => id))].slice(0, atMost))
      : E.left({
          _tag: 'GraphProtocol',
          detail: `${WHAT} is not a list of people`,
          requestId: requestIdOf(answer.right),
        });
  };
