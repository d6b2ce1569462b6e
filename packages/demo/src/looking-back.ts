import { createHash } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { addressOf } from './cast.js';
import type { Scene } from './scene.js';

const headOf = (status: string): string =>
  (JSON.parse(status) as { readonly head: { readonly hash: string } }).head.hash;

type Summary = { readonly stateDigest: string; readonly head: { readonly hash: string } };
const summaryOf = (replay: string): Summary =>
  (JSON.parse(replay.trimEnd().split('\n').at(-1) ?? '{}') as { readonly summary: Summary }).summary;

export const restartStep = async ({ simulator, narrator, check, run, ask }: Scene): Promise<void> => {
  const before = headOf((await ask('status --json')).stdout);
  const writes = simulator.requests.count({ system: 'learnAmp' });
  narrator.step(
    'Restart',
    'Every command so far was a process of its own, which knew nothing but the log. With nothing new to read, the next one goes on in silence.',
  );
  await run('sync');
  check('It asked Learn Amp nothing.', simulator.requests.count({ system: 'learnAmp' }) === writes);
  check(
    'It appended nothing: the log still ends at the same hash.',
    headOf((await ask('status --json')).stdout) === before,
  );
};

export const historyStep = async (scene: Scene, userId: string): Promise<void> => {
  const { simulator, narrator, check, run, ask } = scene;
  narrator.step('One history', "Why does Ada's account look as it does? The log tells, event by event.");
  const address = addressOf(simulator, userId);
  await run(`events --user ${address}`, { as: 'table' });
  const events = (await ask(`events --json --user ${address}`)).stdout;
  check(
    'Among them: she joined, her account was linked, and what was sent.',
    ['UserJoinedGroup', 'UserLinked', 'CommandSucceeded'].every((type) => events.includes(`"${type}"`)),
  );
};

export const replayStep = async ({ folder, narrator, check, run, ask }: Scene): Promise<void> => {
  narrator.step(
    'Replay',
    'All state follows from the log. It is folded twice from its first event, the second time without the local database.',
  );
  await run('replay');
  const first = summaryOf((await ask('replay --json')).stdout);
  const status = headOf((await ask('status --json')).stdout);
  const log = join(folder, 'fabrikam.db');
  const before = createHash('sha256')
    .update(await readFile(log))
    .digest('hex');
  for (const name of await readdir(folder)) if (name.startsWith('fabrikam.db.local')) await rm(join(folder, name));
  const second = summaryOf((await ask('replay --json')).stdout);
  check(
    `Both replays end in the state ${first.stateDigest.slice(0, 16)}…, at the hash where the log ends.`,
    first.stateDigest === second.stateDigest && first.head.hash === status && second.head.hash === status,
    `${first.stateDigest} and ${second.stateDigest}`,
  );
  check(
    'Replaying changed not one byte of the log.',
    createHash('sha256')
      .update(await readFile(log))
      .digest('hex') === before,
  );
};

export const statusStep = async ({ simulator, narrator, check, run, ask }: Scene): Promise<void> => {
  narrator.step('Where it stands', 'Two commands for every day.');
  await run('status');
  await run('people', { as: 'table', lines: 8 });
  const people = (await ask('people --json')).stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { readonly inScope: boolean });
  const inScope = simulator.directory.reachableUsers().size;
  check(
    `The engine knows ${inScope} people in the group, as many as the directory has.`,
    people.filter((person) => person.inScope).length === inScope,
  );
};
