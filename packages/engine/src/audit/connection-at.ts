import type { StoredRecord } from '@learnamp/directory-sync-event-sourcing';
import type { EngineState } from '../state/engine-state.js';
import { stateDigest } from '../state/state-digest.js';
import { placeOf } from './fold-to.js';
import type { ConnectionAt } from './state-views.js';

/** What is told of a connection beside its people; the same before and after where nothing of it changed. */
export const connectionFacts = (state: EngineState): Omit<ConnectionAt, '_tag' | 'at' | 'events' | 'stateDigest'> => {
  const connection = state.connection();
  const { everInScope, inScope, linked, waiting } = state.counts();
  return {
    tenantId: connection.created?.tenantId ?? null,
    groupId: connection.groupId ?? null,
    paused: connection.paused,
    initialSyncDone: connection.initialSyncDone,
    epoch: connection.epoch,
    lastSync: connection.lastSync ?? null,
    scopeHold: connection.scopeHold ?? null,
    cursors: Object.values(connection.cursors).map(({ cursor, source, delta, page }) => ({
      cursor,
      source,
      reached: page === undefined ? 'deltaLink' : 'page',
      issuedAt: (page ?? delta)?.issuedAt ?? '',
    })),
    teams: Object.keys(connection.teams).length,
    unsupported: connection.unsupported,
    people: { known: everInScope, inScope, linked, waiting, held: state.deliveredIn('held').length },
    preferences: connection.preferences ?? null,
  };
};

export const connectionAt = (state: EngineState, last: StoredRecord | undefined): ConnectionAt => ({
  _tag: 'Connection',
  at: last === undefined ? null : placeOf(last),
  events: state.eventCount(),
  stateDigest: stateDigest(state),
  ...connectionFacts(state),
});
