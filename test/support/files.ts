import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What stands in a folder, byte for byte: a digest of each file by its name. */
export const contentsOf = async (folder: string): Promise<Readonly<Record<string, string>>> => {
  const names = (await readdir(folder)).toSorted();
  const digests = await Promise.all(
    names.map(
      async (name) =>
        [
          name,
          createHash('sha256')
            .update(await readFile(join(folder, name)))
            .digest('hex'),
        ] as const,
    ),
  );
  return Object.fromEntries(digests);
};

/** Everything but the local cache, which may be thrown away at any time, and SQLite's shared memory, which holds no data. */
export const withoutCache = (contents: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(contents).filter(([name]) => !name.includes('.local') && !name.endsWith('-shm')));
