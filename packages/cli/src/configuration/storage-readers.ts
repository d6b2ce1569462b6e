import { resolve } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import type { Storage } from './configuration.js';
import { connectionString, withFilesFrom } from './connection-string.js';
import {
  byKind,
  type ConfigurationMistake,
  mistake,
  oneOf,
  optional,
  own,
  type Reader,
  record,
  required,
  text,
} from './reader.js';
import { secret, type Secret, type SecretSources } from './secret.js';

type EventLog =
  | { readonly kind: 'sqlite'; readonly path: string }
  | { readonly kind: 'eventstoredb'; readonly connectionString: Secret }
  | { readonly kind: 'memory' };

/** Left out, the log is `<connectionId>.db` beside the configuration file. */
export const eventLog = (sources: SecretSources): Reader<EventLog | undefined> =>
  optional(
    byKind<EventLog>({
      sqlite: record<Extract<EventLog, { readonly kind: 'sqlite' }>>({
        kind: oneOf(['sqlite']),
        path: required(text, 'the file of the event log'),
      }),
      eventstoredb: record<Extract<EventLog, { readonly kind: 'eventstoredb' }>>({
        kind: oneOf(['eventstoredb']),
        connectionString: required(connectionString(sources), 'how to reach the cluster'),
      }),
      memory: record<Extract<EventLog, { readonly kind: 'memory' }>>({ kind: oneOf(['memory']) }),
    }),
  );

export type Keys = { readonly path: string | undefined; readonly masterKey: Secret | undefined };

const MASTER_KEY_BYTES = 32;

/** As `openssl rand -base64 32` prints one. What it says is never repeated. */
export const masterKeyFrom =
  (sources: SecretSources): Reader<Secret> =>
  (input, path) => {
    const read = secret(sources)(input, path);
    if (E.isLeft(read)) return read;
    const given = read.right.reveal();
    return /^[A-Za-z0-9+/]+=*$/.test(given) && Buffer.from(given, 'base64').length === MASTER_KEY_BYTES
      ? read
      : mistake(path, 'must be 32 bytes in base64, as "openssl rand -base64 32" prints them');
  };

/** `keys`: where the key store is, and what wraps its keys. */
export const keysOf = (sources: SecretSources): Reader<Keys | undefined> =>
  optional(
    record<Keys>({
      path: optional(required(text, 'the file of the key store')),
      masterKey: optional(masterKeyFrom(sources)),
    }),
  );

/** `local`: an object with one path. */
export const fileOf =
  (what: string): Reader<string | undefined> =>
  (input, path) => {
    if (input === undefined) return E.right(undefined);
    const read = record<{ readonly path: string }>({ path: required(text, what) })(input, path);
    return E.isLeft(read) ? read : E.right(read.right.path);
  };

/** Beside EventStoreDB there is no log file to name the other two after. */
export const pathsBesideACluster = (input: unknown): ReadonlyArray<ConfigurationMistake> =>
  own(own(input, 'eventLog'), 'kind') === 'eventstoredb'
    ? ['keys', 'local']
        .filter((key) => own(own(input, key), 'path') === undefined)
        .map((key) => ({ path: `${key}.path`, message: 'is required with "eventstoredb"' }))
    : [];

export type StorageParts = {
  readonly connectionId: string;
  readonly eventLog: EventLog | undefined;
  readonly keys: Keys | undefined;
  readonly local: string | undefined;
};

/** Beside a cluster both files must be named: that they are is checked where the configuration is read. */
const besideACluster = (
  connection: Secret,
  { keys, local = '' }: StorageParts,
  folder: string,
): E.Either<ReadonlyArray<ConfigurationMistake>, Storage> => {
  const [keysPath, localPath] = [resolve(folder, keys?.path ?? ''), resolve(folder, local)];
  if (localPath === keysPath) return mistake('local.path', 'must not be the file of the key store');
  return E.right({
    kind: 'eventstoredb',
    connectionString: withFilesFrom(folder, connection),
    keysPath,
    localPath,
    masterKey: keys?.masterKey,
  });
};

/** Settles the files of a connection. One file cannot be two of them. */
export const settleStorage = (
  parts: StorageParts,
  folder: string,
): E.Either<ReadonlyArray<ConfigurationMistake>, Storage> => {
  if (parts.eventLog?.kind === 'memory') return E.right({ kind: 'memory' });
  if (parts.eventLog?.kind === 'eventstoredb') return besideACluster(parts.eventLog.connectionString, parts, folder);
  const logPath = resolve(folder, parts.eventLog?.path ?? `${parts.connectionId}.db`);
  const keysPath = parts.keys?.path === undefined ? `${logPath}.keys` : resolve(folder, parts.keys.path);
  const localPath = parts.local === undefined ? `${logPath}.local` : resolve(folder, parts.local);
  if (keysPath === logPath) return mistake('keys.path', 'must not be the file of the event log');
  if (localPath === logPath) return mistake('local.path', 'must not be the file of the event log');
  if (localPath === keysPath) return mistake('local.path', 'must not be the file of the key store');
  return E.right({ kind: 'sqlite', logPath, keysPath, localPath, masterKey: parts.keys?.masterKey });
};
