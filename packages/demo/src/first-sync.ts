import { readdir } from 'node:fs/promises';
import { differences } from './compare.js';
import type { Scene } from './scene.js';

/** Steps 1 and 2: look first, then fill Learn Amp. */
export const previewStep = async ({ simulator, folder, narrator, check, run }: Scene): Promise<void> => {
  narrator.step('Preview', 'Before the first sync, a dry run reads both sides and counts what it would do.');
  await run('sync --dry-run', { until: /^command\s/, rest: 'each change by name' });
  const files = await readdir(folder);
  check(
    'Nothing was written: no request changed Learn Amp, and the folder still holds the configuration alone.',
    simulator.learnAmp.writes().length === 0 && files.length === 1,
    `${simulator.learnAmp.writes().length} writes, files: ${files.join(', ')}`,
  );
};

export const initialStep = async ({ simulator, narrator, check, run }: Scene): Promise<void> => {
  const { learnAmp, company, directory } = simulator;
  const before = learnAmp.accounts();
  const [existing] = company.existing;
  const adopted = before.find(({ id }) => id === existing?.accountId);
  narrator.step(
    'The initial sync',
    'The same command without --dry-run creates the accounts, the teams and the lines to managers.',
  );
  await run('sync --yes');
  const inScope = directory.reachableUsers();
  const wrong = differences(simulator);
  check(
    `Learn Amp agrees with the directory about all ${inScope.size} people: names, e-mail, job title, location, ` +
      'primary team and manager were compared one by one.',
    wrong.length === 0,
    wrong.slice(0, 3).join('; '),
  );
  check(
    'Each person has one account, although Project Falcon is reached on two paths and some people sit in two groups.',
    learnAmp.accounts().length === before.length - company.existing.length + inScope.size,
    `${learnAmp.accounts().length} accounts`,
  );
  if (adopted !== undefined) {
    const now = learnAmp.account(adopted.id);
    check(
      `The account ${adopted.firstName} ${adopted.lastName} had already was adopted, not doubled: it is still account ${adopted.id}.`,
      now?.integrationExternalId === existing?.userId,
    );
  }
  const guest = learnAmp.accountByExternalId(company.guestId ?? '');
  check(
    `The guest got an account under the address that reaches her: ${guest?.email ?? 'none'}.`,
    guest?.email === directory.user(company.guestId ?? '').properties.mail,
  );
  check(
    'No invitation mail went out: inviting is a preference, and "manual" is its default.',
    learnAmp.invitations().length === 0,
  );
};
