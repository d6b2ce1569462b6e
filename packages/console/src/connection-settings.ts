import type { AdminConsentCompletion, DoctorOptions, ObjectId, Preferences } from '@learnamp/directory-sync';
import type { Visitor } from './console-options.js';

/**
 * What people decide about a connection. How both systems are signed in to is none of it: credentials are the host's, and are
 * neither taken nor shown here.
 */
export type ConnectionSettings = {
  /** `null`: nobody has said it yet. */
  readonly tenantId: ObjectId | null;
  readonly groupId: ObjectId | null;
  readonly preferences: Preferences;
};

/** A connection as the host keeps it, whether or not its tenant and group are known yet. */
export type StoredConnection = {
  readonly connectionId: string;
  /** What people call the company. Default: the connection id. */
  readonly name?: string | undefined;
  readonly settings: ConnectionSettings;
  /** Of what is stored: another one as soon as anything of it was changed. */
  readonly version: string;
};

/** What became of settings that were to be saved. `takesEffect` tells when those that were are followed. */
export type SettingsSaved =
  /** `restart`: an engine of another process runs, and follows once it is started again. */
  | { readonly _tag: 'Saved'; readonly takesEffect: 'next-sync' | 'restart' }
  /** What is stored is no longer of the version that was asked for: nothing was saved. */
  | { readonly _tag: 'ChangedMeanwhile' }
  /** A sentence that says why, and what to do. */
  | { readonly _tag: 'NotSaved'; readonly message: string };

/** What goes with settings that are to be saved: who saves, and what they have seen. */
export type SaveRequest = {
  /** The version that whoever saves has seen. */
  readonly version: string;
  readonly by: Visitor;
};

/** How a connection reaches both systems, as the host signs in to them. Nothing of it is in any answer. */
export type Reach = Pick<DoctorOptions, 'graph' | 'learnAmp' | 'notifications'> & {
  /** Where the one-time state of a consent is kept: opened for one use, or the engine's own. */
  readonly withCache: <A>(use: (cache: AdminConsentCompletion['cache']) => Promise<A>) => Promise<A>;
  /** The engine that runs, if one does: it drops its token once a consent is given. */
  readonly engine?: AdminConsentCompletion['engine'];
};

/** Where the host keeps the settings of its connections: a file, a table of its own. */
export interface ConnectionSettingsStore {
  /** Every connection, those that are not set up yet included. */
  readonly list: () => Promise<ReadonlyArray<StoredConnection>>;
  readonly read: (connectionId: string) => Promise<StoredConnection | undefined>;
  /**
   * Keeps all of it or nothing, and puts it into effect: a connection whose tenant and group are known now is among
   * `connections` once this has resolved. It begins no sync of a connection that never had one: the visitor looks at a preview
   * first. A host with a running engine adds the connection to it once its first sync has ended.
   */
  readonly save: (connectionId: string, settings: ConnectionSettings, request: SaveRequest) => Promise<SettingsSaved>;
  readonly reach: (connectionId: string) => Promise<Reach>;
}
