import * as E from 'fp-ts/lib/Either.js';
import type { GraphFailure, ReadOptions } from './directory-source.js';
import { requestIdOf, successOf } from './graph-error.js';
import type { GraphBase } from './graph-base.js';
import type { Ask } from './transport/graph-client.js';

/** A `$count`: a bare number as text, which Graph gives with this header only, and often behind a byte order mark. */
export const openReadCount =
  ({ base, ask }: { readonly base: GraphBase; readonly ask: Ask }) =>
  async (path: string, what: string, options?: ReadOptions): Promise<E.Either<GraphFailure, number>> => {
    const headers = { ConsistencyLevel: 'eventual' };
    const asked = await ask({ method: 'GET', url: `${base.url}${path}`, headers, expects: 'text' }, options);
    const answer = E.flatMap(successOf(what))(asked);
    if (E.isLeft(answer)) return answer;
    const text = answer.right.text.replace(/^\ufeff/, '').trim();
    return /^\d{1,12}$/.test(text)
      ? E.right(Number(text))
      : E.left({ _tag: 'GraphProtocol', detail: `${what} is not a number`, requestId: requestIdOf(answer.right) });
  };
