import type { AuditedLog } from '../audit/audited-log.js';
import { makeRecordedPreferences } from '../audit/recorded-preferences.js';
import type { WhatIfParts } from '../audit/what-if.js';
import { checkIdentity } from '../connection-identity.js';
import type { Connection } from './open-connection.js';

/** What an audit of this connection's log gets to see of it: no client of either side, and nothing that appends. */
export const auditedLogOf = ({ options, stream, world }: Connection): AuditedLog => ({
  stream,
  check: (state) => checkIdentity(options, state.connection()),
  recorded: () =>
    makeRecordedPreferences({
      keys: options.keys,
      connectionId: options.connectionId,
      present: options.preferences,
    }),
  now: world.now,
});

/** What a what-if gets to see: states of its own, over the rows and the tail of the log. */
export const whatIfPartsOf = ({ options, view, world }: Connection): WhatIfParts => ({
  view,
  present: options.preferences,
  now: world.now,
});
