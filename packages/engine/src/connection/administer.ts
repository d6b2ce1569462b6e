import { identityEvents, recordablePreferences } from '../connection-identity.js';
import type { Actor } from '../directory-sync.js';
import type { Connection } from './open-connection.js';

/** Records a pause or its end under a name. Repeats record nothing. */
export const administer = async (
  { options, open }: Connection,
  type: 'ConnectionPaused' | 'ConnectionResumed',
  by: Actor,
): Promise<void> => {
  const { state, recorder } = await open();
  const preferences = await recordablePreferences(options, options.keys);
  await recorder.refresh();
  await recorder.administer(() => {
    const { created, paused } = state.connection();
    if (paused === (type === 'ConnectionPaused')) return [];
    const opening = created === undefined ? identityEvents(options, state.connection(), preferences, by.actor) : [];
    return [...opening, { type, data: by }];
  });
};
