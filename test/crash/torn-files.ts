import { copyFileSync, existsSync, mkdirSync, readFileSync, truncateSync } from 'node:fs';
import { basename, join } from 'node:path';

const HEADER = 32;
const FRAME_HEADER = 24;

/** Where the last whole transaction of a write-ahead log begins and ends, in bytes; none where nothing stands in it. */
const lastTransaction = (wal: Buffer): { readonly from: number; readonly to: number } | undefined => {
  if (wal.length < HEADER) return undefined;
  const frame = FRAME_HEADER + wal.readUInt32BE(8);
  const salt = wal.subarray(16, 24);
  let [from, to, begun] = [HEADER, 0, HEADER];
  for (let at = HEADER; at + frame <= wal.length; at += frame) {
    // Frames of an earlier round of the file carry other salts.
    if (!wal.subarray(at + 8, at + 16).equals(salt)) break;
    const commits = wal.readUInt32BE(at + 4) > 0;
    if (!commits) continue;
    [from, to, begun] = [begun, at + frame, at + frame];
  }
  return to === 0 ? undefined : { from, to };
};

/** Names the last transaction of a write-ahead log: another name after a call says that the call committed something. */
export const lastCommitOf = (walPath: string): string => {
  if (!existsSync(walPath)) return 'none';
  const wal = readFileSync(walPath);
  return `${wal.subarray(16, 24).toString('hex')} ${lastTransaction(wal)?.to ?? 0}`;
};

/**
 * A write-ahead log as it is when the power fails in the middle of its last commit: frames up to the middle of the last
 * transaction, the last of them cut.
 */
export const tearLastTransaction = (walPath: string): boolean => {
  if (!existsSync(walPath)) return false;
  const last = lastTransaction(readFileSync(walPath));
  if (last === undefined) return false;
  truncateSync(walPath, last.from + Math.floor((last.to - last.from) / 2));
  return true;
};

/** The files of a folder as they are at this moment, without SQLite's shared memory, which does not outlive a process. */
export const copyAsItStands = (paths: ReadonlyArray<string>, folder: string): void => {
  mkdirSync(folder, { recursive: true });
  for (const path of paths)
    for (const file of [path, `${path}-wal`]) if (existsSync(file)) copyFileSync(file, join(folder, basename(file)));
};
