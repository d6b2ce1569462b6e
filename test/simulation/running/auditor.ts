import {
  createDirectorySync,
  defaultPreferences,
  openLearnAmpRest,
  openMemoryStores,
  openMicrosoftGraph,
  type DirectorySync,
  type Stores,
} from '@learnamp/directory-sync';
import type { Simulator } from '@learnamp/directory-sync-simulator';
import { graphSettingsOf, idOf, learnAmpSettingsOf } from '../../support/simulator-settings.js';

const unreachable = (): Promise<never> => Promise.reject(new TypeError('fetch failed'));

/**
 * Reads the log past the scheduler: while it looks, no process takes a step. It asks neither system for anything, and keeps
 * no rows where the processes have theirs.
 */
export const openAuditor = (
  simulator: Simulator,
  { log, keys }: Pick<Stores, 'log' | 'keys'>,
  now: () => Date,
): DirectorySync => {
  const world = { fetch: unreachable as typeof globalThis.fetch, now };
  return createDirectorySync({
    connectionId: 'fabrikam',
    tenantId: idOf(simulator.tenantId),
    groupId: idOf(simulator.scopeGroupId),
    preferences: defaultPreferences,
    ...openMemoryStores(),
    ...{ log, keys },
    directory: openMicrosoftGraph(
      { tenantId: simulator.tenantId, ...graphSettingsOf(simulator, 1_000), customAttributes: [] },
      world,
    ),
    learnAmp: openLearnAmpRest(learnAmpSettingsOf(simulator, 'integrationExternalId', 1_000), world),
    settings: { graphBaseUrl: simulator.graphUrl, graphCredential: 'none', learnAmpBaseUrl: simulator.learnAmpUrl },
    accessLog: 'off',
    world: { now },
  });
};
