import { randomUUID } from 'node:crypto';
import { open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export type Replaced = 'replaced' | 'changed-meanwhile';

const flushFolder = async (folder: string): Promise<void> => {
  // Not every system lets a folder be opened; the file itself is on the disk by then.
  const opened = await open(folder, 'r').catch(() => undefined);
  await opened?.sync().catch(() => undefined);
  await opened?.close();
};

/**
 * Puts another text in the place of a file's in one step: whoever reads it sees all of the old or all of the new one, and so
 * does a machine that loses its power. Refuses where the file no longer holds what it is thought to hold. A link stays a link.
 */
export const replaceFile = async (named: string, expected: string, text: string): Promise<Replaced> => {
  const path = await realpath(named);
  const { mode } = await stat(path);
  const beside = join(dirname(path), `.${randomUUID()}.tmp`);
  const file = await open(beside, 'wx', mode & 0o777);
  try {
    try {
      await file.chmod(mode & 0o777);
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    if ((await readFile(path, 'utf8')) !== expected) {
      await rm(beside, { force: true });
      return 'changed-meanwhile';
    }
    await rename(beside, path);
  } catch (problem) {
    await rm(beside, { force: true });
    throw problem;
  }
  await flushFolder(dirname(path));
  return 'replaced';
};
