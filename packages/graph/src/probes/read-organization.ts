import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { GraphFailure, ReadOptions } from '../directory-source.js';
import { requestIdOf, successOf } from '../graph-error.js';
import type { GraphBase } from '../graph-base.js';
import type { Ask } from '../transport/graph-client.js';

const List = t.type({ value: t.array(t.type({ id: t.string })) });

/** The tenant as Graph itself names it. `undefined`: this app may not read that, which it need not. */
export const openReadOrganization =
  ({ base, ask }: { readonly base: GraphBase; readonly ask: Ask }) =>
  async (options?: ReadOptions): Promise<E.Either<GraphFailure, string | undefined>> => {
    const asked = await ask({ method: 'GET', url: `${base.url}/organization?$select=id`, expects: 'json' }, options);
    const answer = E.flatMap(successOf('organization'))(asked);
    if (E.isLeft(answer)) return answer.left._tag === 'GraphForbidden' ? E.right(undefined) : answer;
    const decoded = List.decode(answer.right.json);
    const id = E.isRight(decoded) && decoded.right.value.length === 1 ? decoded.right.value[0]?.id : undefined;
    return id === undefined
      ? E.left({
          _tag: 'GraphProtocol',
          detail: 'organization is not one tenant',
          requestId: requestIdOf(answer.right),
        })
      : E.right(id.toLowerCase());
  };
