import { startSimulator } from '@learnamp/directory-sync-simulator';
import { expect, onTestFinished, test } from 'vitest';
import { commandLineIn, type InProcess } from '../support/command-line-in-process.js';
import { sqliteFolder } from '../support/connect.js';
import { hostileNames, obeyed } from '../support/hostile-names.js';
import { calm, nobody, personNamed } from '../support/stage.js';

const openCompany = async () => {
  const simulator = await startSimulator({ seed: 3, company: nobody, graph: calm });
  onTestFinished(simulator.close);
  const { folder, remove } = await sqliteFolder();
  onTestFinished(remove);
  const { configuration, env } = simulator.config();
  const line = await commandLineIn(folder, { ...configuration, patienceSeconds: 1 }, env);
  const { directory, scopeGroupId } = simulator;
  const ids = hostileNames.map((name, n) => {
    const texts = { displayName: name, jobTitle: name, department: name, officeLocation: name };
    const userId = directory.addUser(personNamed(`Hostile Number${n}`, texts));
    directory.addMember(scopeGroupId, userId);
    return userId;
  });
  return { simulator, line, ids };
};

/** Reads everybody; then everybody changes, and more leave than may leave at once. */
const liveThroughIt = async ({ simulator, line, ids }: Awaited<ReturnType<typeof openCompany>>): Promise<void> => {
  expect((await line.run('sync --yes --no-photos')).code).toBeLessThan(5);
  ids.forEach((id, n) => {
    const name = hostileNames[(n + 1) % hostileNames.length] ?? '';
    simulator.directory.updateUser(id, { jobTitle: name, surname: name, givenName: name });
  });
  for (const id of ids.slice(0, 60)) simulator.directory.removeMember(simulator.scopeGroupId, id);
  expect((await line.run('preview --names')).code).toBe(3);
  expect((await line.run('sync --no-photos')).code).toBe(3);
};

const both = (one: string): ReadonlyArray<string> => [
  ...['people', 'held', 'parked', 'events', 'replay', 'preview --names', 'state --at 700', 'diff --from 600 --to 900'],
  ...[`why ${one}`, `events --user ${one}`, `state --at 200 --user ${one}`],
];
const textAlone = (one: string): ReadonlyArray<string> => [
  ...['status', 'replay --history', 'accesses', 'verify', 'rebuild --list', `why ${one} --live`, 'doctor --names'],
  ...[`sync --user ${one}`, 'sync --dry-run', 'reconcile', 'log head'],
];

const documentsIn = (stdout: string): ReadonlyArray<unknown> =>
  stdout
    .split('\n')
    .filter((text) => text !== '')
    .map((text) => JSON.parse(text) as unknown);

const expectHarmless = async (line: InProcess, words: string): Promise<string> => {
  const { code, stdout, stderr } = await line.run(words);
  expect(code, `${words}\n${stderr}`).not.toBe(2);
  expect(stdout, words).not.toBe('');
  expect(obeyed.exec(stdout)?.[0], words).toBeUndefined();
  expect(obeyed.exec(stderr)?.[0], `stderr of ${words}`).toBeUndefined();
  return stdout;
};

test('there are a hundred of them, and each is another one', () => {
  expect(new Set(hostileNames).size).toBe(hostileNames.length);
  expect(hostileNames.length).toBeGreaterThanOrEqual(100);
});

test('hostile names do nothing in the output of any verb: as text for a terminal, as JSON, in an export', async () => {
  const company = await openCompany();
  const { line, ids } = company;
  await liveThroughIt(company);
  const one = ids[70] ?? '';
  for (const words of textAlone(one)) await expectHarmless(line, words);
  for (const words of both(one)) {
    await expectHarmless(line, words);
    documentsIn(await expectHarmless(line, `${words} --json`));
  }
  // One line a person, whatever the name breaks.
  const people = (await expectHarmless(line, 'people')).split('\n');
  for (const id of ids) expect(people.filter((text) => text.includes(id))).toHaveLength(1);
  expect(documentsIn(await expectHarmless(line, 'log export')).length).toBeGreaterThan(500);
  // As JSON it is the name that was recorded, whatever stands in it.
  const names = documentsIn((await line.run('people --json')).stdout) as ReadonlyArray<{
    readonly displayName: string;
  }>;
  const told = names.map(({ displayName }) => displayName);
  expect(hostileNames.filter((name) => !told.includes(name)).length).toBeLessThan(12);
  for (const at of [0, 20, 50, 62, 80]) {
    const [document] = documentsIn(await expectHarmless(line, `export ${ids[at] ?? ''} --json`));
    expect(JSON.stringify(document)).toContain(JSON.stringify(hostileNames[at]).slice(1, -1));
  }
}, 180_000);
