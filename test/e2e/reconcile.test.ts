import { describe, expect, it } from 'vitest';
import { facts, none, succeeded } from '../support/report.js';
import { calm, openStage } from '../support/stage.js';

const openTidy = async () => {
  const stage = await openStage({ graph: calm });
  const crew = stage.crew(10, { jobTitle: 'Clerk' });
  await stage.sync();
  stage.newWrites();
  return { stage, crew };
};

describe('reconcile', () => {
  it('does not make a first sync: nobody was asked about it', async () => {
    const stage = await openStage({ graph: calm });
    stage.crew(3);
    await expect(stage.engine().reconcile()).rejects.toThrow('Nobody was synced yet');
    expect(stage.newWrites()).toEqual([]);
  });

  it('says what was looked at, finds nothing where nothing was changed, and records nothing', async () => {
    const { stage } = await openTidy();
    const { report, looked, differences } = await stage.engine().reconcile();
    expect(report).toMatchObject({ ok: true, exitCode: 0, commands: none });
    expect(facts(report)).toEqual({});
    // The company's owner and an admin have accounts as well.
    expect(looked).toEqual({ accounts: 12, compared: 10 });
    expect(differences).toEqual([]);
    expect(stage.newWrites()).toEqual([]);
  });

  it('reads Learn Amp to its end, and the directory no further than any sync does', async () => {
    const { stage, crew } = await openTidy();
    const [ann = '', ben = '', cleo = '', dan = ''] = crew;
    stage.leave(dan);
    await stage.sync();
    const edit = (id: string, patch: Parameters<typeof stage.learnAmp.updateAccount>[1]) =>
      stage.learnAmp.updateAccount(stage.account(id).id, patch);
    edit(ann, { jobTitle: 'Chief' });
    edit(cleo, { email: 'elsewhere@fabrikam.example' });
    edit(dan, { status: 'confirmed' });
    stage.learnAmp.deleteAccount(stage.account(ben).id);
    stage.simulator.requests.reset();
    const { report, looked, differences } = await stage.engine().reconcile({ actor: 'Olga' });
    expect(stage.simulator.requests.count({ system: 'graph', path: /\$batch|members/ })).toBe(0);
    expect(looked).toEqual({ accounts: 11, compared: 9 });
    const expected = [
      { userId: ann, fields: ['jobTitle'], outcome: 'put-right' },
      { userId: ben, fields: ['account'], outcome: 'parked' },
      { userId: cleo, fields: ['email'], outcome: 'parked' },
      { userId: dan, fields: ['status'], outcome: 'put-right' },
    ];
    expect(differences).toEqual(expected.toSorted((a, b) => (a.userId < b.userId ? -1 : 1)));
    expect(report.exitCode).toBe(4);
    expect(succeeded(report)).toEqual({ UpdateProfile: 1, DeactivateUser: 1 });
    expect((await stage.events('SyncRequested')).at(-1)?.data).toMatchObject({ actor: 'Olga' });
    // Told once: a second look finds nothing new, and what is parked stays parked.
    const again = await stage.engine().reconcile();
    expect(again).toMatchObject({ differences: [], report: { exitCode: 4 } });
    await stage.checkInvariants();
  });

  it('holds what it finds like anything else: many people active again by hand wait for approval', async () => {
    const { stage, crew } = await openTidy();
    for (const id of crew.slice(0, 4)) stage.leave(id);
    await stage.sync();
    for (const id of crew.slice(0, 4)) stage.learnAmp.updateAccount(stage.account(id).id, { status: 'confirmed' });
    stage.leave(crew[5] ?? '');
    const { report, differences } = await stage.engine().reconcile();
    expect(report).toMatchObject({ exitCode: 3, people: { held: 5 } });
    expect(differences.map(({ outcome }) => outcome)).toEqual(['held', 'held', 'held', 'held']);
  });

  it('where Learn Amp does not answer nothing is concluded, and the report says so', async () => {
    const { stage } = await openTidy();
    await stage.reopen({ patienceMs: 250 });
    const down = stage.simulator.faults.add({ system: 'learnAmp', action: { status: 503 } });
    const { report, looked, differences } = await stage.engine().reconcile();
    expect(report).toMatchObject({ ok: false, exitCode: 1, error: { code: 'learn-amp-unreachable' } });
    expect([looked, differences]).toEqual([null, []]);
    expect(down.hits()).toBeGreaterThan(0);
    expect(await stage.events('DriftDetected')).toEqual([]);
  });
});
