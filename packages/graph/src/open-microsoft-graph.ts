import type * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { openCheckMembership } from './batch/check-membership.js';
import { openReadMemberships } from './batch/read-memberships.js';
import { openReadProfiles } from './batch/read-profiles.js';
import { resolveKindsBy } from './batch/resolve-kinds.js';
import { openCountUsers } from './count-users.js';
import { openDelta } from './delta/delta-source.js';
import type { DirectorySource, GraphFailure } from './directory-source.js';
import { fingerprintOf } from './fingerprint.js';
import type { GraphSettings, GraphWorld } from './graph-settings.js';
import { openPersonLookups } from './lookups/person-lookups.js';
import { openFetchPhoto } from './photos/fetch-photo.js';
import { openReadPhotos } from './photos/read-photos.js';
import { openReadGroup } from './read-group.js';
import { openReadNestedGroups } from './read-nested-groups.js';
import { makeSelectionInUse } from './selection-in-use.js';
import type { GraphReader } from './transport/exchange.js';
import { openGraphTransport } from './transport/graph-transport.js';
import type { GraphTransport } from './transport/graph-transport.js';

/**
 * A source of observations over a transport that others may share. `close` ends what this source has under way as
 * `GraphAborted`, and leaves the transport open.
 *
 * @param reader who asks, where several do through one transport
 * @example
 * const source = openDirectorySource(transport, { customAttributes: ['employeeId'] });
 * const page = await source.usersPage('beginning')();
 */
export const openDirectorySource = (
  transport: GraphTransport,
  choices: Pick<GraphSettings, 'customAttributes'>,
  reader?: GraphReader,
): DirectorySource => {
  const lease = transport.lease(reader);
  const { base } = lease;
  const selection = makeSelectionInUse(choices.customAttributes);
  const delta = openDelta({ ...lease, selection, resolveKinds: resolveKindsBy(lease) });
  const readProfiles = openReadProfiles(lease, selection);
  const checkMembership = openCheckMembership(lease);
  const readMemberships = openReadMemberships(lease);
  const readGroup = openReadGroup(lease);
  const countUsers = openCountUsers(lease);

  const lazily =
    <Args extends ReadonlyArray<unknown>, A>(run: (...args: Args) => Promise<E.Either<GraphFailure, A>>) =>
    (...args: Args): TaskEither<GraphFailure, A> =>
    () =>
      run(...args);

  return {
    readGroup: lazily(readGroup),
    readNestedGroups: lazily(openReadNestedGroups(lease)),
    countUsers: lazily(countUsers),
    latestUsers: lazily(delta.latestUsers),
    usersPage: lazily(delta.usersPage),
    groupsPage: lazily(delta.groupsPage),
    readProfiles: lazily(readProfiles),
    checkMembership: lazily(checkMembership),
    readMemberships: lazily(readMemberships),
    photos: { read: lazily(openReadPhotos(lease)), fetch: lazily(openFetchPhoto(lease)) },
    lookups: openPersonLookups(lease),
    fingerprint: (source, groupIds) => fingerprintOf(base, selection.current(), source, groupIds),
    leftOut: selection.leftOut,
    leaveOut: selection.leaveOut,
    requestCount: lease.requestCount,
    close: () => {
      lease.close();
      return Promise.resolve();
    },
  };
};

/**
 * Microsoft Graph as a source of observations, through Microsoft's own client and sign-in library, with a transport of
 * its own. Throws one sentence where the settings cannot be right (a base URL or an authority that is not https, a fixed
 * token away from loopback); everything that can go wrong afterwards is a `GraphFailure`.
 * `close` ends what is under way as `GraphAborted`; the network below `world.fetch` belongs to the caller.
 *
 * @example
 * const source = openMicrosoftGraph(settings, world);
 * const page = await source.usersPage('beginning')();
 */
export const openMicrosoftGraph = (settings: GraphSettings, world: GraphWorld): DirectorySource => {
  const transport = openGraphTransport(settings, world);
  const source = openDirectorySource(transport, settings);
  return { ...source, close: () => source.close().finally(transport.close) };
};
