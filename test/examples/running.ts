// #region host
import { createServer, type RequestListener } from 'node:http';
import {
  openSyncEngine,
  toNodeListener,
  type ConnectionOptions,
  type Stores,
  type SyncEngine,
} from '@learnamp/directory-sync';

/** What the host brings along. */
export type Host = {
  readonly stores: Stores;
  readonly publicUrl: string;
  readonly connections: ReadonlyArray<ConnectionOptions>;
  /** Everything else that the host's server answers. */
  readonly pages: RequestListener;
  readonly tell: (line: string) => void;
};

export type InStep = { readonly engine: SyncEngine; readonly stop: () => Promise<void> };

export const keepInStep = async (host: Host, port: number): Promise<InStep> => {
  const { stores, publicUrl, connections, pages, tell } = host;
  // #region engine
  const engine = openSyncEngine({
    stores,
    notifications: { publicUrl },
    alert: ({ kind, connectionId, counts }) => tell(`${connectionId}: ${kind} ${JSON.stringify(counts)}`),
    onCycle: ({ report, nextSyncAt }) => {
      if (!report.ok) tell(`${report.connectionId}: ${report.error?.message}, again at ${nextSyncAt}`);
    },
  });
  for (const connection of connections)
    await engine.add(connection).catch((problem: unknown) => tell(`${connection.connectionId}: ${String(problem)}`));
  const notifications = toNodeListener(engine.handler);
  const { pathname } = new URL(publicUrl);
  const server = createServer((request, response) => {
    if (request.url?.split('?')[0] === pathname) notifications(request, response);
    else pages(request, response);
  });
  server.listen(port, '127.0.0.1', engine.start);
  // #endregion engine
  return {
    engine,
    // The port first, so that nothing comes while cycles end.
    stop: async () => {
      server.close();
      await engine.stop({ deadlineMs: 10_000 });
    },
  };
};
// #endregion host

// #region administration
/** "Sync users" of an administrator. */
export const syncUsers = async (engine: SyncEngine, connectionId: string, actor: string): Promise<string> => {
  const report = await engine.connection(connectionId)?.sync({ actor });
  if (report === undefined) return 'There is no such connection.';
  return report.error?.message ?? `${report.people.linked} of ${report.people.inScope} people have an account.`;
};

/** A line for each company. */
export const overview = async (engine: SyncEngine): Promise<ReadonlyArray<string>> => {
  const all = await engine.status();
  return all.map(({ connectionId, freshness, paused, live }) => {
    const age = freshness === null ? 'never read' : `read ${freshness.ageSeconds} s ago`;
    const problem = live.lastError?.message ?? live.webhook.problem ?? 'no problem';
    return `${connectionId}: ${paused ? 'paused' : live.cycle}, ${age}, ${problem}`;
  });
};
// #endregion administration
