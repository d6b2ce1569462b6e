import type { KeyStore } from '@learnamp/directory-sync-event-sourcing';
import { identityEvents, recordablePreferences } from '../connection-identity.js';
import type { DirectorySyncOptions } from '../directory-sync.js';
import type { Header, Pending } from '../record/recorder.js';
import type { EngineState } from '../state/engine-state.js';
import { version } from '../version.js';
import type { CycleRequest } from './cycle-request.js';

/** What opens a cycle: it rides in the cycle's first append, and says what is different since the last one. */
export const cycleHeader = async (
  options: DirectorySyncOptions,
  state: EngineState,
  keys: KeyStore,
  request: CycleRequest,
): Promise<Header> => {
  const preferences = await recordablePreferences(options, keys);
  const { actors, notifications, trigger } = request;
  return (epoch): ReadonlyArray<Pending> => [
    ...identityEvents(options, state.connection(), preferences, actors[0] ?? 'unknown'),
    ...(state.connection().epoch === epoch ? [] : [{ type: 'EngineStarted' as const, data: { epoch, version } }]),
    ...actors.map((actor) => ({ type: 'SyncRequested' as const, data: { actor } })),
    ...(notifications === undefined ? [] : [{ type: 'NotificationsReceived' as const, data: notifications }]),
    { type: 'SyncStarted', data: { trigger } },
  ];
};
