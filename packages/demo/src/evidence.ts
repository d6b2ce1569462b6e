import { cp, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { addressOf, nameOf } from './cast.js';
import { accountOf, differences, everythingIn } from './compare.js';
import type { Scene } from './scene.js';

/** What Learn Amp would be sent under other preferences, against what it holds. */
export const whatIfStep = async ({ simulator, folder, narrator, check, run }: Scene): Promise<void> => {
  const before = everythingIn(simulator);
  narrator.step(
    'What if',
    'Somebody wants the department in the field for the location, too. Before anything is saved: what would be sent?',
  );
  await writeFile(join(folder, 'other.json'), '{ "attributes": { "location": "department" } }\n');
  const { stdout } = await run('replay --with-preferences other.json', { lines: 12 });
  check('It would change profiles, and nothing was sent.', stdout.includes('UpdateProfile'));
  check('Learn Amp is as it was.', everythingIn(simulator) === before && differences(simulator).length === 0);
};

type Line = { readonly revision: string; readonly recordedAt: string };

/** A copy of the connection in a folder of its own, with one digit of the log changed: the time of one of its events. */
const forgedCopy = async (folder: string, { recordedAt }: Line): Promise<string> => {
  const copy = join(folder, 'forged');
  await mkdir(copy);
  for (const name of await readdir(folder))
    if (name.startsWith('fabrikam.db') || name === 'directory-sync.json')
      await cp(join(folder, name), join(copy, name));
  const path = join(copy, 'fabrikam.db');
  const bytes = await readFile(path);
  const at = bytes.indexOf(recordedAt);
  if (at === -1) throw new Error('The time to be changed is not in the file.');
  const digit = at + recordedAt.length - 2;
  bytes[digit] = bytes[digit] === 0x30 ? 0x31 : 0x30;
  await writeFile(path, bytes);
  return 'forged/directory-sync.json';
};

export const tamperStep = async ({ folder, narrator, check, run, ask }: Scene): Promise<void> => {
  narrator.step(
    'Evidence',
    'The log is checked from its first event on: its chain of hashes, and every command ever sent, derived again from what was known then.',
  );
  const verified = await run('verify', { as: 'table' });
  check('Nothing differs.', verified.stdout.includes('Verified'));
  narrator.blank();
  narrator.say('In a copy of the log, somebody changes one digit: an event seems to have happened at another moment.');
  const [, second] = (await ask('events --json')).stdout.split('\n').map((line) => line.trim());
  const forged = await forgedCopy(folder, JSON.parse(second ?? '{}') as Line);
  const { stdout } = await run(`verify --config ${forged}`, { as: 'table' }, 1);
  check('It is found, and named by its revision.', /chain: revision \d+/.test(stdout));
};

const filesWith = async (folder: string, text: string): Promise<ReadonlyArray<string>> => {
  const names = (await readdir(folder)).filter((name) => name.startsWith('fabrikam.db'));
  const found = await Promise.all(
    names.map(async (name) => ((await readFile(join(folder, name))).includes(text) ? [name] : [])),
  );
  return found.flat();
};

export const eraseStep = async ({ simulator, folder, cast, narrator, check, run }: Scene): Promise<void> => {
  const address = addressOf(simulator, cast.leaver);
  narrator.step(
    'Somebody asks to be forgotten',
    `${nameOf(simulator, cast.leaver)} left the group, and the account is deactivated. The key under which the log keeps what is known of them is destroyed; the log itself stays as it is.`,
  );
  await run(`erase ${accountOf(simulator, cast.leaver)?.id ?? cast.leaver} --reason Asked-for --by Privacy`);
  const left = await filesWith(folder, address);
  check(`No file holds ${address} any more.`, left.length === 0, left.join(', '));
  const { stdout } = await run(`why ${cast.leaver}`, { lines: 6, rest: 'ids and times, and nothing else' });
  check('What was known of them cannot be told by anybody.', !stdout.includes(address));
  const verified = await run('verify', { as: 'table' });
  check('The log is still whole.', verified.stdout.includes('Verified'));
};
