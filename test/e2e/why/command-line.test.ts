import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startSimulator } from '@learnamp/directory-sync-simulator';
import { expect, it, onTestFinished } from 'vitest';
import { openCommandLine } from '../../support/command-line.js';
import { calm, nobody, personNamed } from '../../support/stage.js';

const GUID = '00000000-0000-4000-8000-0000000000aa';

const filesIn = (folder: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(folder).map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex'),
    ]),
  );

const open = async () => {
  const simulator = await startSimulator({ seed: 3, company: nobody, graph: calm });
  onTestFinished(() => simulator.close());
  const ann = simulator.directory.addUser(personNamed('Ann Lee'));
  simulator.directory.addMember(simulator.scopeGroupId, ann);
  const line = await openCommandLine(simulator, { eventLog: { kind: 'sqlite', path: './log.db' } });
  return { simulator, ann, ...line };
};

it('views make no file where there is no log, and record nothing', { timeout: 240_000 }, async () => {
  const { folder, run } = await open();
  for (const words of [['people'], ['why', GUID], ['export', GUID], ['accesses'], ['status'], ['events']])
    expect(await run(words), words.join(' ')).toMatchObject({ code: 0, stderr: '' });
  expect(readdirSync(folder)).toEqual(['directory-sync.json']);
});

it(
  'views leave a record in the log and nothing else; status, events and the list of looks leave all as it is',
  { timeout: 240_000 },
  async () => {
    const { folder, run, ann } = await open();
    expect((await run(['sync', '--json'])).code).toBe(0);
    const synced = filesIn(folder);
    for (const words of [['status'], ['events'], ['accesses']]) expect((await run(words)).code).toBe(0);
    expect(filesIn(folder)).toEqual(synced);
    for (const words of [['people'], ['why', 'Ann.Lee@fabrikam.example'], ['export', ann, '--by', 'Dora Data']])
      expect(await run(words), words.join(' ')).toMatchObject({ code: 0, stderr: '' });
    const { 'log.db': log, ...others } = filesIn(folder);
    expect(log).not.toBe(synced['log.db']);
    expect({ ...others, 'log.db': synced['log.db'] }).toEqual(synced);
    const looks = (await run(['accesses', '--json'])).stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(looks).toMatchObject([{ view: 'people' }, { view: 'why', userIds: [ann] }, { actor: 'Dora Data' }]);
  },
);

it('no address stands on standard error, whatever goes wrong', { timeout: 240_000 }, async () => {
  const { run, simulator } = await open();
  await run(['sync', '--json']);
  const stranger = 'quillon.xanthopoulos@fabrikam.example';
  const unknown = await run(['why', stranger]);
  const nowhere = await run(['why', stranger, '--live']);
  simulator.directory.withdraw('users');
  const refused = await run(['why', stranger, '--live']);
  expect([unknown.code, nowhere.code, refused.code]).toEqual([2, 2, 1]);
  for (const { stdout, stderr } of [unknown, nowhere, refused]) {
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^[^@]+\.\n$/);
    expect(stderr).not.toMatch(/quillon|xanthopoulos/i);
  }
});
