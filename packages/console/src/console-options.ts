import type { DirectorySync, Logger, ObjectId, Preferences } from '@learnamp/directory-sync';
import type { ConnectionSettingsStore } from './connection-settings.js';

/** What a visitor may do. A viewer sees everything an admin sees, and changes nothing. */
export type Role = 'admin' | 'viewer';

/** Who looks at the console, as the host's own sign-in knows them: recorded with whatever they see and decide. */
export type Visitor = {
  readonly name: string;
  readonly role: Role;
  /** What only their session with the host has: a consent is taken from the session that began it. Default: the name. */
  readonly session?: string | undefined;
};

/** One company as the console shows it. */
export type ConsoleConnection = {
  /** Names the company in addresses of the console. */
  readonly connectionId: string;
  /** What people call the company. Default: the connection id. */
  readonly name?: string | undefined;
  /** GUID of the Entra tenant. */
  readonly tenantId: ObjectId;
  /** Object id of the scope group. */
  readonly groupId: ObjectId;
  /** As they are in effect. */
  readonly preferences: Preferences;
  /** What the console asks for everything it shows and does. */
  readonly engine: DirectorySync;
};

/** What the console shows, to whom, and under which path. Pages are answered from memory; nothing is kept on disk. */
export type ConsoleOptions = {
  /** The companies as they are now: asked for with every request. */
  readonly connections: () => ReadonlyArray<ConsoleConnection>;
  /** The path under which the host mounts it, such as `/admin/directory-sync`. Default: the root. */
  readonly basePath?: string | undefined;
  /**
   * Who asks. `undefined`: nobody whom the host knows, who is shown nothing. Without this option the console answers only
   * where it is asked for as `localhost`, `127.0.0.1` or `[::1]`, and whoever asks there is an admin.
   */
  readonly authorise?: ((request: Request) => Promise<Visitor | undefined>) | undefined;
  /** Without `authorise`: under which name whoever asks is recorded. Default `local`. */
  readonly localName?: string | undefined;
  /**
   * The origin under which browsers see the console, such as `https://admin.example`, where that is another than the one of
   * the requests that arrive: behind a proxy that does not pass the host on.
   */
  readonly publicOrigin?: string | undefined;
  /** Where settings are kept: without it they are shown and tried out, and changed where the host keeps them. */
  readonly settings?: ConnectionSettingsStore | undefined;
  /** Told of requests that failed for reasons nobody foresaw. Default: nobody. */
  readonly logger?: Logger | undefined;
  /** The clock, for tests. */
  readonly now?: (() => Date) | undefined;
};

/** Answers every request under `basePath`: the application's files and the API behind it. */
export type Console = { readonly fetch: (request: Request) => Promise<Response> };
