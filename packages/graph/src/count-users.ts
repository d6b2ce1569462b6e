import type * as E from 'fp-ts/lib/Either.js';
import type { GraphFailure, ReadOptions } from './directory-source.js';
import type { GraphBase } from './graph-base.js';
import { openReadCount } from './read-count.js';
import type { Ask } from './transport/graph-client.js';

/** `GET /users/$count`. */
export const openCountUsers =
  (parts: { readonly base: GraphBase; readonly ask: Ask }) =>
  (options?: ReadOptions): Promise<E.Either<GraphFailure, number>> =>
    openReadCount(parts)('/users/$count', 'users/$count', options);
