import { ObjectId } from '@learnamp/directory-sync-domain';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { GraphFailure, ReadOptions } from '../directory-source.js';
import { successOf } from '../graph-error.js';
import type { GraphBase } from '../graph-base.js';
import type { Ask } from '../transport/graph-client.js';

const List = t.type({ value: t.array(t.type({ id: ObjectId })) });

const unreadable: ReadonlyArray<GraphFailure['_tag']> = ['GraphForbidden', 'GraphNotFound', 'GraphProtocol'];

/**
 * The tenant as Graph itself names it. `undefined`: this app may not read that, which it need not, or this Graph does not show
 * it; a failure says that Graph was not reached, or did not take the token.
 */
export const openReadOrganization =
  ({ base, ask }: { readonly base: GraphBase; readonly ask: Ask }) =>
  async (options?: ReadOptions): Promise<E.Either<GraphFailure, string | undefined>> => {
    const asked = await ask({ method: 'GET', url: `${base.url}/organization?$select=id`, expects: 'json' }, options);
    const answer = E.flatMap(successOf('organization'))(asked);
    if (E.isLeft(answer)) return unreadable.includes(answer.left._tag) ? E.right(undefined) : answer;
    const decoded = List.decode(answer.right.json);
    const [first, ...others] = E.isRight(decoded) ? decoded.right.value : [];
    return E.right(others.length === 0 ? first?.id.toLowerCase() : undefined);
  };
