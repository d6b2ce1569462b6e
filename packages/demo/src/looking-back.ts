import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { addressOf } from './cast.js';
import { digestIn, removeLocal } from './rebuild.js';
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

export const historyStep = async ({ simulator, narrator, check, run }: Scene, userId: string): Promise<void> => {
  narrator.step(
    'Why?',
    "Why is Ada's account as it is? The log tells: what Graph said and when, what was sent because of it, and what came back.",
  );
  const { stdout } = await run(`why ${addressOf(simulator, userId)}`, { as: 'table' });
  check(
    'She joined, her account was made, she was held and returned: all of it stands there, back to the answers of Graph.',
    ['CreateUser', 'the deactivation waits', 'request-id'].every((word) => stdout.includes(word)),
  );
};

export const replayStep = async ({ folder, narrator, check, run, ask }: Scene): Promise<void> => {
  narrator.step(
    'Replay',
    'All state follows from the log: it is folded from its first event, and once more after the local database is thrown away.',
  );
  const log = join(folder, 'fabrikam.db');
  const bytes = async (): Promise<string> =>
    createHash('sha256')
      .update(await readFile(log))
      .digest('hex');
  const before = await bytes();
  const first = digestIn((await run('replay', { as: 'report' })).stdout);
  await removeLocal(folder);
  const second = summaryOf((await ask('replay --json')).stdout);
  check(`Both replays end in the same state, ${first.slice(0, 16)}…`, first === second.stateDigest, second.stateDigest);
  check(
    'They end at the hash where the log ends, and changed not one byte of it.',
    second.head.hash === headOf((await ask('status --json')).stdout) && (await bytes()) === before,
  );
};

export const statusStep = async ({ simulator, narrator, check, run }: Scene): Promise<void> => {
  narrator.step('Where it stands', 'Two commands for every day.');
  const { stdout } = await run('status');
  await run('people', { as: 'table', lines: 8 });
  const inScope = simulator.directory.reachableUsers().size;
  check(
    `The engine knows ${inScope} people in the group, as many as the directory has.`,
    stdout.includes(`${inScope} people in scope, ${inScope} with a Learn Amp account`),
  );
};
