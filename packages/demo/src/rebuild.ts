import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { differences, everythingIn } from './compare.js';
import type { Scene } from './scene.js';

/** The digest of the state in what a command printed. */
export const digestIn = (output: string): string => /\b[0-9a-f]{64}\b/.exec(output)?.[0] ?? 'none';

/** Removes the local database: what can be made again from the log. */
export const removeLocal = async (folder: string): Promise<void> => {
  for (const name of await readdir(folder)) if (name.startsWith('fabrikam.db.local')) await rm(join(folder, name));
};

export const rebuildStep = async ({ simulator, folder, narrator, check, run }: Scene): Promise<void> => {
  const { reachableUsers } = simulator.directory;
  const before = everythingIn(simulator);
  narrator.step(
    'Rebuild',
    'So that a start need not read the whole log, what follows from it stands in rows of the local database. They are compared with the log, row by row.',
  );
  const verified = digestIn((await run('rebuild --verify')).stdout);
  narrator.blank();
  narrator.say('The local database is deleted. The next command is right all the same:');
  await removeLocal(folder);
  const { stdout } = await run('sync');
  const inScope = reachableUsers().size;
  check(
    `It knows all ${inScope} people and their accounts, sent nothing, and Learn Amp is as it was.`,
    stdout.includes(`${inScope} people in scope, ${inScope} with a Learn Amp account`) &&
      everythingIn(simulator) === before &&
      differences(simulator).length === 0,
  );
  const rebuilt = digestIn((await run('rebuild')).stdout);
  check(
    `Rebuilt from the first event on, the state has the digest it had before: ${rebuilt.slice(0, 16)}…`,
    rebuilt === verified && rebuilt !== 'none',
    verified,
  );
};
