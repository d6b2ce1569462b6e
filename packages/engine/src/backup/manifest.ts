import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { ObjectId } from '@learnamp/directory-sync-domain';
import { DirectorySyncError } from '../directory-sync.js';

const File = t.strict({ name: t.string, sha256: t.string });

/** What a backup says of itself. It names people by object id only. */
export const BackupManifest = t.strict({
  format: t.literal('directory-sync-backup/1'),
  madeAt: t.string,
  log: File,
  keys: File,
  keyStoreId: t.string,
  streams: t.readonlyArray(t.strict({ name: t.string, revision: t.string, hash: t.string })),
  /** Everybody whose erasure was recorded until then. An older backup brings their keys back: give it this list. */
  erasures: t.readonlyArray(ObjectId),
});
export type BackupManifest = t.TypeOf<typeof BackupManifest>;

export const MANIFEST = 'manifest.json';

export const refuse = (message: string): DirectorySyncError => new DirectorySyncError('wrong-file', message);

export const decodeManifest = (text: string, folder: string): BackupManifest => {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw refuse(`The manifest in ${folder} is no JSON: this is not a whole backup. Nothing was restored.`);
  }
  const read = BackupManifest.decode(json);
  if (E.isLeft(read)) throw refuse(`The manifest in ${folder} is none that this version knows. Nothing was restored.`);
  return read.right;
};
