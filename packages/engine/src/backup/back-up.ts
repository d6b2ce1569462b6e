import { copySqliteFile, openKeyStoreFile, readLogFacts } from '@learnamp/directory-sync-event-log-sqlite';
import { type ObjectId, isObjectId } from '@learnamp/directory-sync-domain';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { MANIFEST, refuse, type BackupManifest } from './manifest.js';
import { sha256Of } from './sha256-of.js';

/** The files that are copied as a set, and where to. */
export type BackupOptions = {
  readonly logPath: string;
  readonly keysPath: string;
  /** Made by the backup; refused where it exists. */
  readonly folder: string;
  readonly now?: (() => Date) | undefined;
};

const LOG = 'log.db';
const KEYS = 'log.db.keys';
const AT_ONCE = 1_000;

const makeFolder = async (folder: string): Promise<void> => {
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code === 'EEXIST') throw refuse(`${folder} exists already: name a new folder for the backup.`);
    if (code === 'ENOENT') throw refuse(`There is no folder ${dirname(folder)}: make it, or name another one.`);
    throw cause;
  }
};

/** Proves that the copies belong together: every key that sealed something is there, or was destroyed. */
const checkKeys = async (path: string, keyIds: ReadonlyArray<string>): Promise<string> => {
  const keys = await openKeyStoreFile({ path });
  try {
    for (let at = 0; at < keyIds.length; at += AT_ONCE)
      if (keys.id === undefined || (await keys.missing(keyIds.slice(at, at + AT_ONCE))).length > 0)
        throw refuse('The key store does not belong to this log: it lacks a key of it. No backup was made.');
    return keys.id ?? '';
  } finally {
    keys.close();
  }
};

const copy = async ({ logPath, keysPath, folder, now }: BackupOptions): Promise<BackupManifest> => {
  const [log, keys] = [join(folder, LOG), join(folder, KEYS)];
  await copySqliteFile({ kind: 'event log', path: logPath, to: log });
  // Behind the log: a key is durable before its first use, so the later copy has every key of the earlier one.
  await copySqliteFile({ kind: 'key store', path: keysPath, to: keys });
  const facts = await readLogFacts({ path: log, type: 'PersonErased' });
  return {
    format: 'directory-sync-backup/1',
    madeAt: (now ?? (() => new Date()))().toISOString(),
    keyStoreId: await checkKeys(keys, facts.keyIds),
    log: { name: LOG, sha256: await sha256Of(log) },
    keys: { name: KEYS, sha256: await sha256Of(keys) },
    streams: facts.streams.map(({ name, revision, hash }) => ({ name, revision: revision.toString(), hash })),
    erasures: facts.subjects.filter((subject): subject is ObjectId => isObjectId(subject)),
  };
};

/**
 * Copies log and key store as a set into a new folder, while an engine runs. The local database is not in it: it is folded
 * from the log again, and holds people in clear. The manifest is written last: a folder without one is no backup.
 */
export const backUpSqliteStores = async (options: BackupOptions): Promise<BackupManifest> => {
  await makeFolder(options.folder);
  try {
    const manifest = await copy(options);
    const text = `${JSON.stringify(manifest, undefined, 2)}\n`;
    await writeFile(join(options.folder, MANIFEST), text, { flag: 'wx', mode: 0o600 });
    return manifest;
  } catch (error) {
    await rm(options.folder, { recursive: true, force: true });
    throw error;
  }
};
