import * as E from 'fp-ts/lib/Either.js';
import type { GraphFailure } from '../directory-source.js';
import type { Patience } from '../transport/patience.js';

/** Where the bearer comes from. Tokens and secrets never enter a failure. */
export interface TokenSource {
  readonly current: (patience: Patience) => Promise<E.Either<GraphFailure, string>>;
  /** A token other than the refused one, or `undefined` where there is no other. */
  readonly renew: (refused: string, patience: Patience) => Promise<E.Either<GraphFailure, string | undefined>>;
  /** Likewise after a 403, where the token is old enough that permissions may have been granted since; else `undefined`. */
  readonly renewAfterDenial: TokenSource['renew'];
  /** The next request signs in anew: an administrator has just consented. */
  readonly forget: () => void;
}

export const fixedToken = (token: string): TokenSource => ({
  current: () => Promise.resolve(E.right(token)),
  renew: () => Promise.resolve(E.right(undefined)),
  renewAfterDenial: () => Promise.resolve(E.right(undefined)),
  forget: () => undefined,
});
