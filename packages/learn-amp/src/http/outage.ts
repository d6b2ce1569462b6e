import type { HttpRequest } from './attempt.js';

/** So many calls that differ are needed to say that it is Learn Amp and not one of them. */
const differentCalls = 3;

/**
 * Whether Learn Amp as a whole is down. What one call sends can be answered with a 500 for ever, and that is no outage. Several
 * that differ, one after the other and without any answer in between, are.
 *
 * Invariant: any answer but a failing server's ends it.
 */
export const makeOutage = () => {
  const gaveUp = new Set<string>();
  return {
    isDown: (): boolean => gaveUp.size >= differentCalls,
    answered: (): void => gaveUp.clear(),
    /** Told of each call that ended without an answer. */
    unanswered: ({ method, url, body = '' }: HttpRequest): void => {
      if (gaveUp.size < differentCalls) gaveUp.add(`${method} ${url} ${body}`);
    },
  };
};
