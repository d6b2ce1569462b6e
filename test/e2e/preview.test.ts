import { readdir } from 'node:fs/promises';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStores } from '@learnamp/directory-sync/sqlite';
import { startSimulator } from '@learnamp/directory-sync-simulator';
import { describe, expect, it, onTestFinished } from 'vitest';
import { connect } from '../support/connect.js';
import { contentsOf } from '../support/files.js';
import { facts, none } from '../support/report.js';
import { calm, openStage, type Stage, type StageOptions } from '../support/stage.js';

type Listed = { readonly kind: string; readonly subject: string };

const sorted = (commands: ReadonlyArray<Listed>): ReadonlyArray<string> =>
  commands.map(({ kind, subject }) => `${kind} ${subject}`).toSorted();

/** What a preview says would be sent, and that it touched nothing: no file, and nothing at Learn Amp. */
const previewed = async (stage: Stage, options: { readonly full?: boolean } = {}) => {
  await stage.close();
  const before = await contentsOf(stage.folder);
  await stage.reopen();
  stage.newWrites();
  stage.simulator.requests.reset();
  const preview = await stage.engine().preview(options);
  expect(stage.newWrites()).toEqual([]);
  for (const { method } of stage.simulator.requests.matching({ system: 'learnAmp' })) expect(method).toBe('GET');
  for (const { method, path } of stage.simulator.requests.matching({ system: 'graph' }))
    expect(method === 'GET' || path.endsWith('/$batch')).toBe(true);
  await stage.close();
  expect(await contentsOf(stage.folder)).toEqual(before);
  await stage.reopen();
  const teams = preview.commands.filter(({ kind }) => kind === 'EnsureTeam').length;
  const people = preview.commands.filter(({ kind, held }) => kind !== 'EnsureTeam' && !held);
  const held = preview.commands.filter((command) => command.held).map(({ userId }) => userId ?? '');
  return { preview, teams, held, people: people.map(({ kind, userId }) => ({ kind, subject: userId ?? '' })) };
};

/** What the log says was dispatched from here on. */
const dispatchedSince = async (stage: Stage, known: number) => {
  const events = (await stage.events('CommandsDispatched')).slice(known);
  const items = events.flatMap(({ data }) => (data as { readonly items: ReadonlyArray<Listed> }).items);
  return {
    teams: items.filter(({ kind }) => kind === 'EnsureTeam').length,
    people: items.filter(({ kind }) => kind !== 'EnsureTeam'),
  };
};

/** The preview, and then the sync: the same commands, the same events, the same people held. */
const expectPreviewEqualsSync = async (stage: Stage, options: { readonly full?: boolean } = {}) => {
  const known = (await stage.events('CommandsDispatched')).length;
  const { inScope, linked, held: heldNow, parked } = (await stage.engine().status()).people;
  const { preview, people, teams, held } = await previewed(stage, options);
  const report = await stage.sync(options);
  const dispatched = await dispatchedSince(stage, known);
  expect(sorted(people)).toEqual(sorted(dispatched.people));
  expect(teams).toBe(dispatched.teams);
  expect(held.toSorted()).toEqual(
    report.attention
      .filter(({ kind }) => kind === 'held')
      .map(({ userId }) => userId as string)
      .toSorted(),
  );
  expect(preview.report.exitCode).toBe(report.exitCode);
  expect(facts(preview.expected)).toEqual(facts(report));
  expect(preview.expected.people).toEqual(report.people);
  expect(preview.report).toMatchObject({ events: none, people: { inScope, linked, held: heldNow, parked } });
  const unsent = Object.entries(report.commands).map(([kind, counts]) => [kind, { ...counts, succeeded: 0 }] as const);
  expect(preview.report.commands).toEqual(Object.fromEntries(unsent));
  return { preview, report };
};

const openCompany = (options: StageOptions = {}) =>
  openStage({
    seed: 3,
    graph: calm,
    company: { people: 20, outsiders: 6, existingAccounts: 3, photos: 0 },
    preferences: { customFields: { employeeId: 'Staff no' }, invitations: 'immediate' },
    learnAmp: { customFields: [{ name: 'Staff no' }] },
    ...options,
  });

describe('a preview', () => {
  it('of a first sync lists what it sends, in words, and writes nothing anywhere', async () => {
    const stage = await openCompany();
    const { preview } = await expectPreviewEqualsSync(stage);
    expect(preview.commands.length).toBeGreaterThan(60);
    for (const { summary } of preview.commands) expect(summary).toMatch(/\w+/);
  });

  it('of an ordinary day lists what it sends', async () => {
    const stage = await openCompany();
    await stage.sync();
    const { directory } = stage;
    const people = [...directory.reachableUsers()];
    const [one = '', two = '', three = '', four = '', five = ''] = people;
    directory.updateUser(one, { jobTitle: 'Writer', department: 'A new department', employeeId: '1' });
    directory.updateUser(two, { userPrincipalName: 'renamed@fabrikam.example', officeLocation: null });
    directory.setManager(three, four);
    directory.deleteUser(five);
    stage.hire('Ann Lee', { department: 'Another new one' });
    const { preview } = await expectPreviewEqualsSync(stage);
    expect(preview.commands.map(({ kind }) => kind)).toContain('DeactivateUser');
  });

  it('of a day on which much is held lists that as held', async () => {
    const stage = await openStage({ graph: calm });
    const crew = stage.crew(12);
    await stage.sync();
    for (const id of crew.slice(0, 7)) stage.leave(id);
    stage.directory.updateUser(crew[9] ?? '', { jobTitle: 'Writer' });
    const { preview, report } = await expectPreviewEqualsSync(stage);
    expect(report).toMatchObject({ exitCode: 3, people: { held: 7 } });
    expect(preview.commands.filter(({ held }) => held)).toHaveLength(7);
  });

  it('of a full sync, and of a day on which nothing happened, lists that too', async () => {
    const stage = await openCompany();
    await stage.sync();
    const { preview: idle } = await expectPreviewEqualsSync(stage);
    expect(idle.commands).toEqual([]);
    const account = stage.learnAmp.accounts().at(-1);
    stage.learnAmp.deactivate(account?.id ?? 0);
    const { preview } = await expectPreviewEqualsSync(stage, { full: true });
    expect(preview.commands.map(({ kind }) => kind)).toContain('ReactivateUser');
  });

  it('knows of an account that somebody who comes later has already', async () => {
    const stage = await openStage({ graph: calm });
    stage.crew(4);
    await stage.sync();
    stage.learnAmp.addAccount({ email: 'ann.lee@fabrikam.example', firstName: 'By', lastName: 'Hand' });
    stage.hire('Ann Lee', { jobTitle: 'Engineer' });
    stage.hire('Ben Ode');
    const { preview } = await expectPreviewEqualsSync(stage);
    expect(preview.commands.map(({ kind }) => kind)).toContain('LinkUser');
  });

  it('can be asked for again and again, and between syncs', async () => {
    const stage = await openCompany({ storage: 'memory' });
    const first = await stage.engine().preview();
    const second = await stage.engine().preview();
    expect(second.commands).toEqual(first.commands);
    await stage.sync();
    expect((await stage.engine().preview()).commands).toEqual([]);
    expect((await stage.sync()).events).toEqual({});
  });

  it('that fails says why like a sync, and has written nothing', async () => {
    const stage = await openStage({ graph: calm, patienceMs: 250 });
    stage.crew(2);
    await stage.sync();
    const silent = stage.simulator.faults.add({ system: 'graph', action: 'reset' });
    const { preview } = await previewed(stage);
    expect(preview.report).toMatchObject({ ok: false, exitCode: 1, error: { code: 'graph-unreachable' } });
    silent.remove();
    expect((await stage.sync()).events).toEqual({});
  });
});

describe('a preview before there is any log', () => {
  it('makes no file', async () => {
    const simulator = await startSimulator({ seed: 1, graph: calm, company: { people: 8, photos: 0 } });
    const folder = await mkdtemp(join(tmpdir(), 'directory-sync-'));
    const path = join(folder, 'log.db');
    const stores = await openSqliteStores({
      logPath: path,
      keysPath: `${path}.keys`,
      localPath: `${path}.local`,
      readOnly: true,
    });
    const engine = connect(simulator, { stores });
    onTestFinished(async () => {
      await engine.close();
      await simulator.close();
      await rm(folder, { recursive: true, force: true });
    });
    const { report, commands } = await engine.preview();
    expect(report).toMatchObject({ ok: true, exitCode: 0 });
    expect(commands.filter(({ kind }) => kind === 'CreateUser' || kind === 'LinkUser')).toHaveLength(8);
    expect(simulator.learnAmp.writes()).toEqual([]);
    expect(await readdir(folder)).toEqual([]);
  });
});
