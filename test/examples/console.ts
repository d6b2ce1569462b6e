// #region mount
import type { ConnectionOptions, DirectorySync, ObjectId, Preferences, SyncEngine } from '@learnamp/directory-sync';
import { makeConsole, type Console, type Visitor } from '@learnamp/directory-sync-console';

export type ConnectedCompany = {
  readonly connectionId: string;
  readonly name: string;
  readonly tenantId: ObjectId;
  readonly groupId: ObjectId;
  readonly preferences: Preferences;
  readonly engine: DirectorySync;
};

/** The console for those whom our own sign-in knows: administrators decide, support looks. */
export const mountConsole = (
  companies: () => ReadonlyArray<ConnectedCompany>,
  signedIn: (request: Request) => Promise<{ readonly name: string; readonly isAdmin: boolean } | undefined>,
): Console =>
  makeConsole({
    basePath: '/admin/directory-sync',
    connections: companies,
    authorise: async (request): Promise<Visitor | undefined> => {
      const user = await signedIn(request);
      return user === undefined ? undefined : { name: user.name, role: user.isAdmin ? 'admin' : 'viewer' };
    },
  });
// #endregion mount

// #region connected
/** The connections of a running engine, as the console wants them. */
export const connectedTo = (
  engine: SyncEngine,
  connections: ReadonlyArray<ConnectionOptions>,
): ReadonlyArray<ConnectedCompany> =>
  connections.flatMap((connection) => {
    const one = engine.connection(connection.connectionId);
    return one === undefined ? [] : [{ ...connection, name: connection.connectionId, engine: one }];
  });
// #endregion connected
