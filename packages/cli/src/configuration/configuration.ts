import type { ObjectId, Preferences } from '@learnamp/directory-sync';
import { secretsIn } from './connection-string.js';
import { type GraphAuth, secretsOfAuth } from './graph-auth.js';
import type { Secret } from './secret.js';

export type Cloud = 'global' | 'usgov' | 'usgovdod' | 'china';
export const clouds: ReadonlyArray<Cloud> = ['global', 'usgov', 'usgovdod', 'china'];

export type { GraphAuth } from './graph-auth.js';

export type LearnAmpAuth =
  | {
      readonly kind: 'client-credentials';
      readonly clientId: string;
      readonly clientSecret: Secret;
      /** Separated by spaces; `''` sends none. */
      readonly scope: string;
    }
  | { readonly kind: 'token'; readonly token: Secret };

type LocalFiles = {
  readonly keysPath: string;
  readonly localPath: string;
  /** 32 bytes in base64: what wraps the keys in the key store. */
  readonly masterKey: Secret | undefined;
};

/** The files of a connection, as absolute paths, and where its log is when it is none of them; or nothing on disk at all. */
export type Storage =
  | (LocalFiles & { readonly kind: 'sqlite'; readonly logPath: string })
  | (LocalFiles & { readonly kind: 'eventstoredb'; readonly connectionString: Secret })
  | { readonly kind: 'memory' };

/** One connection, complete: every value checked, every default in its place, every secret read. */
export type Configuration = {
  readonly connectionId: string;
  readonly tenantId: ObjectId;
  readonly groupId: ObjectId;
  readonly storage: Storage;
  readonly graph: {
    readonly cloud: Cloud;
    /** With the version; `undefined`: the one of the cloud. */
    readonly baseUrl: string | undefined;
    readonly auth: GraphAuth;
  };
  readonly learnAmp: { readonly baseUrl: string; readonly auth: LearnAmpAuth };
  readonly preferences: Preferences;
  readonly notifications: { readonly publicUrl: string | undefined; readonly listen: string | undefined };
  readonly schedule: { readonly pollSeconds: number; readonly fullSyncHours: number };
  readonly patienceSeconds: number;
  /** Who looks at people is recorded before anything is shown. */
  readonly accessLog: boolean;
};

/** Every secret of a configuration, those read anew since it was opened included: what no output may contain. */
export const secretsOf = ({ graph, learnAmp, storage }: Configuration): ReadonlyArray<string> => [
  ...secretsOfAuth(graph.auth),
  ...(learnAmp.auth.kind === 'token' ? learnAmp.auth.token : learnAmp.auth.clientSecret).seen(),
  ...(storage.kind !== 'memory' && storage.masterKey !== undefined ? [storage.masterKey.reveal()] : []),
  ...(storage.kind === 'eventstoredb' ? secretsIn(storage.connectionString.reveal()) : []),
];
