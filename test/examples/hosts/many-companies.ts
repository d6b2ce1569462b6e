// #region many
import {
  openSyncEngine,
  type Alert,
  type ConnectionOptions,
  type Stores,
  type SyncEngine,
} from '@learnamp/directory-sync';

/** Those whose log or key store cannot be used, by connection; everybody else is kept in step. */
export type Started = { readonly engine: SyncEngine; readonly refused: ReadonlyMap<string, string> };

/**
 * One process for all of them. What is bounded: requests under way at once (`requestsAtOnce`, over all companies, handed out in
 * turn), people delivered to at once within a company, pages and rows in memory. What a company does to others: nothing.
 */
export const keepAllInStep = async (
  stores: Stores,
  connections: ReadonlyArray<ConnectionOptions>,
  tell: (alert: Alert) => void,
): Promise<Started> => {
  const engine = openSyncEngine({ stores, requestsAtOnce: 32, alert: tell });
  const refused = new Map<string, string>();
  for (const connection of connections) {
    try {
      await engine.add(connection);
    } catch (problem) {
      refused.set(connection.connectionId, problem instanceof Error ? problem.message : String(problem));
    }
  }
  engine.start();
  return { engine, refused };
};

/** Who has not been read to the end for an hour, and why as far as it is known. */
export const behind = async (engine: SyncEngine): Promise<ReadonlyMap<string, string>> => {
  const all = await engine.status();
  const late = all.filter(({ paused, freshness }) => !paused && (freshness === null || freshness.ageSeconds > 3_600));
  return new Map(late.map(({ connectionId, live }) => [connectionId, live.lastError?.code ?? 'not read yet']));
};
// #endregion many
