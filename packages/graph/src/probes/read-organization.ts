import { ObjectId } from '@learnamp/directory-sync-domain';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { GraphFailure, ReadOptions } from '../directory-source.js';
import { requestIdOf, successOf } from '../graph-error.js';
import type { GraphBase } from '../graph-base.js';
import type { Ask } from '../transport/graph-client.js';

const List = t.type({ value: t.array(t.type({ id: ObjectId })) });

/** How a Graph, or what stands before it, says that it does not show this; anything else is an answer of its own. */
const NOT_SHOWN = new Set([403, 404, 501]);

/**
 * The tenant as Graph itself names it. `undefined`: this app may not read that, which it need not, or this Graph does not show
 * it; a failure says that Graph was not reached, did not take the token, or answered with something else.
 */
export const openReadOrganization =
  ({ base, ask }: { readonly base: GraphBase; readonly ask: Ask }) =>
  async (options?: ReadOptions): Promise<E.Either<GraphFailure, string | undefined>> => {
    const asked = await ask({ method: 'GET', url: `${base.url}/organization?$select=id`, expects: 'json' }, options);
    if (E.isRight(asked) && NOT_SHOWN.has(asked.right.status)) return E.right(undefined);
    const answer = E.flatMap(successOf('organization'))(asked);
    if (E.isLeft(answer)) return answer;
    const decoded = List.decode(answer.right.json);
    const [first, ...others] = E.isRight(decoded) ? decoded.right.value : [];
    return first === undefined || others.length > 0
      ? E.left({
          _tag: 'GraphProtocol',
          detail: 'organization is not one tenant',
          requestId: requestIdOf(answer.right),
        })
      : E.right(first.id.toLowerCase());
  };
