import type { KeyStore } from '@learnamp/directory-sync-event-sourcing';
import { identityEvents, recordablePreferences } from '../connection-identity.js';
import type { DirectorySyncOptions } from '../directory-sync.js';
import type { Header, Pending } from '../record/recorder.js';
import type { EngineState } from '../state/engine-state.js';
import { version } from '../version.js';
import type { CycleRequest } from './cycle-request.js';

/**
 * Other preferences or settings than those recorded, and somebody whom Learn Amp refused something under those: recorded at
 * once, also where nothing else is found, since they are tried again by it.
 */
export const isNewsToRefused = async (options: DirectorySyncOptions, state: EngineState): Promise<boolean> => {
  if (state.connection().created === undefined || state.deliveredIn('refused').length === 0) return false;
  const preferences = await recordablePreferences(options, options.keys);
  return identityEvents(options, state.connection(), preferences, 'unknown').length > 0;
};

/** What opens a cycle: it rides in the cycle's first append, and says what is different since the last one. */
export const cycleHeader = async (
  options: DirectorySyncOptions,
  state: EngineState,
  keys: KeyStore,
  request: CycleRequest,
): Promise<Header> => {
  const preferences = await recordablePreferences(options, keys);
  const { actors, notifications, trigger, userId } = request;
  const whom = userId === undefined ? {} : { userId };
  return (epoch): ReadonlyArray<Pending> => [
    ...identityEvents(options, state.connection(), preferences, actors[0] ?? 'unknown'),
    ...(state.connection().epoch === epoch ? [] : [{ type: 'EngineStarted' as const, data: { epoch, version } }]),
    ...actors.map((actor) => ({ type: 'SyncRequested' as const, data: { actor, ...whom } })),
    ...(notifications === undefined ? [] : [{ type: 'NotificationsReceived' as const, data: notifications }]),
    { type: 'SyncStarted', data: { trigger } },
  ];
};
