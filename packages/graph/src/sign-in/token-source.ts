import * as E from 'fp-ts/lib/Either.js';
import type { GraphFailure } from '../directory-source.js';
import type { Patience } from '../transport/patience.js';

/** Where the bearer comes from. Tokens and secrets never enter a failure. */
export interface TokenSource {
  readonly current: (patience: Patience) => Promise<E.Either<GraphFailure, string>>;
  /** A token other than the refused one, or `undefined` where there is no other. */
  readonly renew: (refused: string, patience: Patience) => Promise<E.Either<GraphFailure, string | undefined>>;
}

export const fixedToken = (token: string): TokenSource => ({
  current: () => Promise.resolve(E.right(token)),
  renew: () => Promise.resolve(E.right(undefined)),
});
