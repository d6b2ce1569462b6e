import type { LearnAmpAccount, LearnAmpFailure } from '@learnamp/directory-sync-domain';
import * as E from 'fp-ts/lib/Either.js';
import { execute } from '../commands/execute.js';
import { teamsListing } from '../commands/ensure-team.js';
import type { LearnAmpPort, LearnAmpTeam } from '../learn-amp-port.js';
import { findAccount, usersListing } from './find-account.js';
import { listPages, type Listing } from './list-pages.js';
import { openRestClient } from './open-rest-client.js';
import type { RestContext } from './rest-context.js';
import type { LearnAmpSettings, LearnAmpWorld } from './rest-settings.js';

type Pages<A> = AsyncGenerator<E.Either<LearnAmpFailure, ReadonlyArray<A>>, void>;

/** One listing after another as one list, each entry once. */
async function* listAll<A>(
  context: RestContext,
  listings: ReadonlyArray<Listing<A>>,
  signal: AbortSignal | undefined,
): Pages<A> {
  const seen = new Set<string>();
  for (const listing of listings) {
    for await (const page of listPages(context.send, listing, signal)) {
      if (E.isLeft(page)) {
        yield page;
        return;
      }
      const fresh = page.right.filter((entry) => !seen.has(listing.idOf(entry)));
      for (const entry of fresh) seen.add(listing.idOf(entry));
      if (fresh.length > 0) yield E.right(fresh);
    }
  }
}

/** Whether the plain list holds deactivated users is not documented, so they are asked for apart and merged. */
const accounts = (context: RestContext, signal?: AbortSignal): Pages<LearnAmpAccount> =>
  listAll(context, [usersListing(context, []), usersListing(context, [['filters[status][]', 'deactivated']])], signal);

/** Lists the teams, and keeps them once the list came to its end. */
async function* teams(context: RestContext, signal?: AbortSignal): Pages<LearnAmpTeam> {
  const listed: Array<LearnAmpTeam> = [];
  for await (const page of listAll(context, [teamsListing([])], signal)) {
    if (E.isLeft(page)) {
      yield page;
      return;
    }
    listed.push(...page.right);
    yield page;
  }
  context.teams.replace(listed);
}

/**
 * Learn Amp through its public REST API (https://developers.learnamp.com). Avatars, later invitations and dated invitations have no
 * endpoint there: those commands are answered `Unsupported`; a host that can write avatars adds them by `withAvatars`.
 *
 * Throws one sentence for settings that cannot be used; after that, every failure is a value.
 *
 * @example
 * const learnAmp = openLearnAmpRest(
 *   {
 *     baseUrl: 'https://api.learnamp.com',
 *     auth: { kind: 'client-credentials', clientId, clientSecret, scope: defaultScopes },
 *     externalId: 'integrationExternalId',
 *     patienceMs: 30_000,
 *   },
 *   { fetch, now: () => new Date(), random: Math.random, sleep },
 * );
 */
export const openLearnAmpRest = (settings: LearnAmpSettings, world: LearnAmpWorld): LearnAmpPort => {
  const { context, requestCount, close } = openRestClient(settings, world);
  return {
    accounts: (options) => accounts(context, options?.signal),
    teams: (options) => teams(context, options?.signal),
    findAccount: (lookup, options) => () => findAccount(context, lookup, options?.signal),
    execute: (commands, options) => execute(context, commands, options?.signal),
    requestCount,
    avatars: false,
    hasOwnDeadlines: true,
    close: () => {
      close();
      return Promise.resolve();
    },
  };
};
