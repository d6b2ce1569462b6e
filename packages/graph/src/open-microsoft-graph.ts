import type * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { openCheckMembership } from './batch/check-membership.js';
import { openReadProfiles } from './batch/read-profiles.js';
import { resolveKindsBy } from './batch/resolve-kinds.js';
import { openCountUsers } from './count-users.js';
import { openDelta } from './delta/delta-source.js';
import type { DirectorySource, GraphFailure } from './directory-source.js';
import { fingerprintOf } from './fingerprint.js';
import { parseBaseUrl } from './graph-base.js';
import type { GraphSettings, GraphWorld } from './graph-settings.js';
import { isLoopback } from './loopback.js';
import { openReadGroup } from './read-group.js';
import { selectAttributes } from './selected-attributes.js';
import { openClientSecretTokens } from './sign-in/client-secret-tokens.js';
import { fixedToken } from './sign-in/token-source.js';
import type { TokenSource } from './sign-in/token-source.js';
import { openGraphClient } from './transport/graph-client.js';
import { makeThrottleGate } from './transport/throttle-gate.js';

const openTokens = (settings: GraphSettings, world: GraphWorld, closing: AbortSignal): TokenSource => {
  if (settings.auth.kind === 'client-secret') return openClientSecretTokens(settings, settings.auth, world, closing);
  if (!isLoopback(new URL(settings.baseUrl))) {
    throw new Error('graph.auth of the kind "token" is for loopback addresses only.');
  }
  return fixedToken(settings.auth.token);
};

/**
 * Microsoft Graph as a source of observations, through Microsoft's own client and sign-in library.
 * Throws one sentence where the settings cannot be right (a base URL or an authority that is not https, a fixed token
 * away from loopback); everything that can go wrong afterwards is a `GraphFailure`.
 * `close` ends what is under way as `GraphAborted`; the network below `world.fetch` belongs to the caller.
 *
 * @example
 * const source = openMicrosoftGraph(settings, world);
 * const page = await source.usersPage('beginning')();
 */
export const openMicrosoftGraph = (settings: GraphSettings, world: GraphWorld): DirectorySource => {
  const base = parseBaseUrl(settings.baseUrl);
  const selection = selectAttributes(settings.customAttributes);
  const closer = new AbortController();
  const gate = makeThrottleGate(world.now);
  const { patienceMs } = settings;
  const tokens = openTokens(settings, world, closer.signal);
  const { ask, requestCount } = openGraphClient({ base, tokens, gate, world, patienceMs, closing: closer.signal });
  const batches = { base, ask, world, gate, patienceMs, closing: closer.signal };
  const delta = openDelta({ base, ask, selection, resolveKinds: resolveKindsBy(batches) });
  const readProfiles = openReadProfiles(batches, selection);
  const checkMembership = openCheckMembership(batches);
  const readGroup = openReadGroup({ base, ask, world });
  const countUsers = openCountUsers({ base, ask });

  const lazily =
    <Args extends ReadonlyArray<unknown>, A>(run: (...args: Args) => Promise<E.Either<GraphFailure, A>>) =>
    (...args: Args): TaskEither<GraphFailure, A> =>
    () =>
      run(...args);

  return {
    readGroup: lazily(readGroup),
    countUsers: lazily(countUsers),
    latestUsers: lazily(delta.latestUsers),
    usersPage: lazily(delta.usersPage),
    groupsPage: lazily(delta.groupsPage),
    readProfiles: lazily(readProfiles),
    checkMembership: lazily(checkMembership),
    fingerprint: (source, groupIds) => fingerprintOf(base, selection, source, groupIds),
    requestCount,
    close: () => {
      closer.abort();
      return Promise.resolve();
    },
  };
};
