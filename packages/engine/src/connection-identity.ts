import type { ConnectionState } from '@learnamp/directory-sync-domain';
import { encodePreferences, isObjectId } from '@learnamp/directory-sync-domain';
import type { KeyStore } from '@learnamp/directory-sync-event-sourcing';
import { canonicalJson } from '@learnamp/directory-sync-event-sourcing';
import * as E from 'fp-ts/lib/Either.js';
import { hashedAddress } from './audit/recorded-preferences.js';
import type { DirectorySyncOptions } from './directory-sync.js';
import { DirectorySyncError } from './directory-sync.js';
import { logError } from './failure.js';
import type { Pending } from './record/recorder.js';

const FORMAT_VERSION = 1;

/** A log belongs to one tenant and one key store for good; anything else is refused before a line of it is believed. */
export const checkIdentity = (options: DirectorySyncOptions, connection: ConnectionState): void => {
  const { created } = connection;
  if (created === undefined) return;
  if (created.tenantId !== options.tenantId)
    throw new DirectorySyncError(
      'wrong-tenant',
      `tenantId: this log belongs to tenant ${created.tenantId}, not to ${options.tenantId}: use another connectionId, or another log file.`,
    );
  if (created.keyStoreId !== options.keys.id)
    throw new DirectorySyncError(
      'key-store-mismatch',
      'The key store does not belong to this log: restore the key store that was backed up with it. Nothing was read or changed.',
    );
  if (created.formatVersion > FORMAT_VERSION)
    throw new DirectorySyncError(
      'unknown-event',
      `This log was written in format ${created.formatVersion}; this version knows ${FORMAT_VERSION}: install the version that wrote it.`,
    );
};

/**
 * The rows were folded with keys this store may not have: it was restored from an older backup. Were it taken, new keys
 * would be made for people who have one, and no store could open the whole log any more (design D7).
 */
export const checkKeys = async (keys: KeyStore, newestKey: string | undefined): Promise<void> => {
  if (newestKey === undefined) return;
  const found = await keys.byId([newestKey])();
  if (E.isLeft(found)) throw logError(found.left);
  if (found.right.get(newestKey)?._tag !== 'Missing') return;
  throw new DirectorySyncError(
    'key-store-mismatch',
    'The key store is older than this log: it lacks the key that was made last. Restore the key store that was backed up with the log. Nothing was read or changed.',
  );
};

/**
 * The preferences as they may stand in the log: addresses in `neverDeactivate` as HMACs under the connection's key, since
 * the log holds no address in clear. Asks for a key only where there is such an address.
 */
export const recordablePreferences = async (
  options: Pick<DirectorySyncOptions, 'preferences' | 'connectionId'>,
  keys: KeyStore,
): Promise<Readonly<Record<string, unknown>>> => {
  const { preferences, connectionId } = options;
  if (preferences.neverDeactivate.every(isObjectId)) return encodePreferences(preferences);
  const owner = `connection:${connectionId}`;
  const found = await keys.current([owner])();
  if (E.isLeft(found)) throw logError(found.left);
  const key = found.right.get(owner);
  const neverDeactivate = preferences.neverDeactivate.map((entry) =>
    isObjectId(entry) || key === undefined ? entry : hashedAddress(key, entry),
  );
  return encodePreferences({ ...preferences, neverDeactivate });
};

/** What opens a connection, or what is different since the last cycle: recorded without any secret. */
export const identityEvents = (
  options: DirectorySyncOptions,
  connection: ConnectionState,
  encoded: Readonly<Record<string, unknown>>,
  actor: string,
): ReadonlyArray<Pending> => {
  const { settings } = options;
  const changed = (a: unknown, b: unknown): boolean => canonicalJson(a) !== canonicalJson(b);
  const preferencesChanged: ReadonlyArray<Pending> =
    connection.preferences === undefined || changed(connection.preferences, encoded)
      ? [{ type: 'PreferencesChanged', data: { preferences: encoded, actor } }]
      : [];
  if (connection.created === undefined)
    return [
      {
        type: 'ConnectionCreated',
        data: {
          formatVersion: FORMAT_VERSION,
          connectionId: options.connectionId,
          tenantId: options.tenantId,
          groupId: options.groupId,
          keyStoreId: options.keys.id,
          ...settings,
          actor,
        },
      },
      ...preferencesChanged,
    ];
  const known = connection.settings;
  const settingsChanged: ReadonlyArray<Pending> =
    known === undefined ||
    known.graphBaseUrl !== settings.graphBaseUrl ||
    known.graphCredential !== settings.graphCredential ||
    known.learnAmpBaseUrl !== settings.learnAmpBaseUrl
      ? [{ type: 'ConnectionSettingsChanged', data: { ...settings, actor } }]
      : [];
  return [...settingsChanged, ...preferencesChanged];
};
