import { startSimulator } from '@learnamp/directory-sync-simulator';
import { expect, onTestFinished, test } from 'vitest';
import { openCommandLine } from '../support/command-line.js';
import { calm, nobody, personNamed } from '../support/stage.js';

/** Each command is a process of its own. */
const LIMIT = 240_000;

/** The built command line over a company of nine that was synced once. */
const openCompany = async () => {
  const simulator = await startSimulator({ seed: 7, company: nobody, graph: calm });
  onTestFinished(() => simulator.close());
  const { directory, learnAmp } = simulator;
  const crew = Array.from({ length: 9 }, (_, n) => {
    const userId = directory.addUser(personNamed(`Crew Member${n}`));
    directory.addMember(directory.scopeGroupId, userId);
    return userId;
  });
  const { run } = await openCommandLine(simulator);
  const call = (words: string) => run(words.split(' '));
  const json = async (words: string): Promise<unknown> => JSON.parse((await call(`${words} --json`)).stdout);
  expect(await call('sync')).toMatchObject({ code: 0 });
  const account = (userId = '') => learnAmp.accountByExternalId(userId);
  return { simulator, directory, learnAmp, crew, call, json, account };
};

test(
  'people are held, shown by a preview, decided by name and by all, and told by exit codes',
  { timeout: LIMIT },
  async () => {
    const { directory, learnAmp, crew, call, json } = await openCompany();
    const leavers = crew.slice(0, 6);
    for (const userId of leavers) directory.removeMember(directory.scopeGroupId, userId);
    const preview = await call('preview');
    expect(preview).toMatchObject({ code: 3 });
    expect(preview.stdout).toContain('waits for approval');
    expect(preview.stdout).not.toContain('Crew Member');
    expect((await call('preview --names')).stdout).toContain('Crew Member0');
    expect(await json('held')).toMatchObject({ people: [], more: 0 });

    expect(await call('sync')).toMatchObject({ code: 3 });
    const held = await call('held --limit 4');
    expect(held).toMatchObject({ code: 3, stderr: '' });
    expect(held.stdout).toContain('6 people wait for a decision');
    expect(held.stdout).toContain('2 people more');
    const [first = '', second = ''] = leavers;
    const one = await call(`held approve --user ${first} --by Olga --reason known`);
    expect(one).toMatchObject({ code: 3 });
    expect(one.stdout).toContain('1 deactivation approved.');
    expect(learnAmp.deactivations()).toHaveLength(1);
    expect(await call(`held reject --user ${second} --by Olga --reason stays`)).toMatchObject({ code: 3 });
    expect(await call('held approve --by Olga --reason known')).toMatchObject({ code: 0 });
    expect(learnAmp.deactivations()).toHaveLength(5);
    expect(await call('held')).toMatchObject({ code: 0 });
    expect(await call('held approve --reason known')).toMatchObject({ code: 2 });
  },
);

test('somebody who is refused is parked, told, and tried again', { timeout: LIMIT }, async () => {
  const { simulator, directory, crew, call, json, account } = await openCompany();
  const [ann = ''] = crew;
  const refused = simulator.faults.add({
    system: 'learnAmp',
    method: 'PUT',
    action: { status: 422, body: { errors: [] } },
  });
  directory.updateUser(ann, { jobTitle: 'Writer' });
  expect(await call('sync')).toMatchObject({ code: 4 });
  const parked = await call('parked');
  expect(parked).toMatchObject({ code: 4, stderr: '' });
  expect(parked.stdout).toContain('1 person is parked');
  expect(parked.stdout).toContain('rejected: UpdateProfile');
  refused.remove();
  expect(await call('pause --by Olga --reason lunch')).toMatchObject({ code: 0 });
  const paused = await call(`retry ${ann} --reason fixed --by Olga`);
  expect(paused).toMatchObject({ code: 1 });
  expect(paused.stdout).toContain('To be tried again once the connection is resumed');
  expect(account(ann)?.jobTitle).not.toBe('Writer');
  expect(await call('resume --by Olga --reason back')).toMatchObject({ code: 0 });
  expect(await call('sync')).toMatchObject({ code: 0 });
  expect(account(ann)?.jobTitle).toBe('Writer');
  expect(await json('parked')).toMatchObject({ people: [], more: 0 });
});

test(
  'what was changed by hand is put right, and a disconnected company keeps its people',
  { timeout: LIMIT },
  async () => {
    const { directory, learnAmp, crew, call, account } = await openCompany();
    const [ann = '', ben = ''] = crew;
    learnAmp.updateAccount(account(ann)?.id ?? 0, { lastName: 'Other' });
    const reconciled = await call('reconcile');
    expect(reconciled).toMatchObject({ code: 0 });
    expect(reconciled.stdout).toContain('lastName 1');
    expect(account(ann)?.lastName).not.toBe('Other');

    const ended = await call('disconnect --by Olga --reason sold');
    expect(ended).toMatchObject({ code: 0 });
    expect(ended.stdout).toContain('everybody keeps the account they have');
    directory.removeMember(directory.scopeGroupId, ben);
    expect(await call('sync')).toMatchObject({ code: 1 });
    expect(await call('reconcile')).toMatchObject({ code: 1 });
    expect(learnAmp.deactivations()).toEqual([]);
  },
);
