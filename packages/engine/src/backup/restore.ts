import { openKeyStoreFile, readLogFacts } from '@learnamp/directory-sync-event-log-sqlite';
import type { ObjectId } from '@learnamp/directory-sync-domain';
import { constants, existsSync } from 'node:fs';
import { chmod, copyFile, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeManifest, MANIFEST, refuse, type BackupManifest } from './manifest.js';
import { sha256Of } from './sha256-of.js';

/** Where a backup is and where its files are put. Nothing is written over: `wrong-file` where something stands. */
export type RestoreOptions = {
  readonly folder: string;
  readonly logPath: string;
  readonly keysPath: string;
  readonly localPath: string;
  /** People erased since the backup was made: their keys, which it brings back, are destroyed before they are put in place. */
  readonly erasures?: ReadonlyArray<ObjectId> | undefined;
};

/** What was put in place: when the backup was made and the head of each stream in it. */
export type RestoreReport = Pick<BackupManifest, 'madeAt' | 'streams'> & {
  /** People whose keys the backup would have brought back. */
  readonly destroyed: number;
};

const mustBeAbsent = ({ logPath, keysPath, localPath }: RestoreOptions): void => {
  const standing = [logPath, keysPath, localPath].flatMap((path) => [path, `${path}-wal`]).find(existsSync);
  if (standing !== undefined)
    throw refuse(`${standing} exists: move log, key store and local database aside first. Nothing was restored.`);
};

const readManifest = async (folder: string): Promise<BackupManifest> => {
  const text = await readFile(join(folder, MANIFEST), 'utf8').catch(() => undefined);
  if (text === undefined) throw refuse(`${folder} holds no ${MANIFEST}: it is no backup, or not a whole one.`);
  return decodeManifest(text, folder);
};

const check = async (folder: string, manifest: BackupManifest): Promise<void> => {
  for (const { name, sha256 } of [manifest.log, manifest.keys]) {
    const path = join(folder, name);
    if (!existsSync(path) || (await sha256Of(path)) !== sha256)
      throw refuse(`${path} is not the file that was backed up. Nothing was restored.`);
  }
};

const checkHeads = async (path: string, manifest: BackupManifest): Promise<void> => {
  const { streams } = await readLogFacts({ path, type: '' });
  const heads = (
    list: ReadonlyArray<{ readonly name: string; readonly revision: bigint | string; readonly hash: string }>,
  ) => list.map(({ name, revision, hash }) => `${name} ${revision} ${hash}`).join('\n');
  if (heads(streams) !== heads(manifest.streams))
    throw refuse('The log does not end where the manifest says. Nothing was restored.');
};

/** Works on the copy that is not in place yet, so the keys are never where an engine would find them. */
const destroyKeys = async (
  path: string,
  manifest: BackupManifest,
  userIds: ReadonlyArray<ObjectId>,
): Promise<number> => {
  const keys = await openKeyStoreFile({ path });
  try {
    if (keys.id !== manifest.keyStoreId)
      throw refuse('The key store is not the one that the manifest names. Nothing was restored.');
    return userIds.length === 0 ? 0 : await keys.destroy(userIds);
  } finally {
    keys.close();
  }
};

const copyClosed = async (from: string, to: string): Promise<void> => {
  await copyFile(from, to, constants.COPYFILE_EXCL);
  await chmod(to, 0o600);
};

/**
 * Puts a backup in place where nothing stands. What is checked first: that it is whole and unchanged, and that the log ends
 * where it ended. Nothing else has to be done: the next sync reads what happened since, and whoever got an account meanwhile
 * is found by the external id before one would be made.
 */
export const restoreSqliteStores = async (options: RestoreOptions): Promise<RestoreReport> => {
  const { folder, logPath, keysPath } = options;
  mustBeAbsent(options);
  const manifest = await readManifest(folder);
  await check(folder, manifest);
  const [log, keys] = [`${logPath}.restoring`, `${keysPath}.restoring`];
  try {
    await copyClosed(join(folder, manifest.log.name), log);
    await copyClosed(join(folder, manifest.keys.name), keys);
    await checkHeads(log, manifest);
    const destroyed = await destroyKeys(keys, manifest, options.erasures ?? []);
    // A log without its key store is refused by every start; a key store without its log would begin a new one.
    await rename(log, logPath);
    await rename(keys, keysPath);
    return { madeAt: manifest.madeAt, streams: manifest.streams, destroyed };
  } finally {
    for (const path of [log, keys])
      for (const file of [path, `${path}-wal`, `${path}-shm`]) await rm(file, { force: true });
  }
};
