import { checkIdentity } from '../connection-identity.js';
import type { RebuildOptions, RebuildReport } from '../directory-sync.js';
import { rebuildRows } from '../rebuild/rebuild-rows.js';
import type { Connection } from './open-connection.js';

/** Rows from the log, in the place of those that stand, or compared with them; what is open goes on over the new ones. */
export const runRebuild = async (connection: Connection, options: RebuildOptions): Promise<RebuildReport> => {
  const { stream, projections, world } = connection;
  const { preferences } = connection.options;
  const report = await rebuildRows(
    {
      stream,
      projections,
      rows: await connection.rows(),
      preferences,
      now: world.now,
      check: (state) => checkIdentity(connection.options, state.connection()),
    },
    options,
  );
  if (options.verify !== true) await connection.forget();
  return report;
};
