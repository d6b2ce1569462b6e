import type { AuditedLog } from '../audit/audited-log.js';
import { makeRecordedPreferences } from '../audit/recorded-preferences.js';
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
