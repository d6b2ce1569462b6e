import { describe, expect, it } from 'vitest';
import { news, succeeded } from '../../support/report.js';
import { calm, openStage, type Stage } from '../../support/stage.js';

const REPORTS = 8;

/** A boss with reports, and another manager; everybody has an account. */
const openTeam = async () => {
  const stage = await openStage({ graph: calm });
  const [boss, next] = [stage.hire('Bea Boss'), stage.hire('Nia Next')];
  const reports = stage.crew(REPORTS);
  for (const id of reports) stage.directory.setManager(id, boss);
  stage.crew(20);
  await stage.sync();
  stage.newWrites();
  return { stage, boss, next, reports };
};

const managers = (stage: Stage, people: ReadonlyArray<string>): ReadonlyArray<string | undefined> => [
  ...new Set(people.map((id) => stage.managerOf(id)?.email)),
];

const ownerOf = (stage: Stage): string => stage.learnAmp.owner().email;

/** Where in the order of writes something of this shape came. */
const places = (stage: Stage, matches: (write: ReturnType<Stage['newWrites']>[number]) => boolean) => {
  const writes = stage.newWrites();
  return writes.flatMap((write, at) => (matches(write) ? [at] : []));
};

describe('FC-97 deactivating a manager hands the reports to the owner', () => {
  it('whoever has another manager in the directory by then is given that one before the boss goes', async () => {
    const { stage, boss, next, reports } = await openTeam();
    for (const id of reports) stage.directory.setManager(id, next);
    stage.leave(boss);
    await stage.sync();
    const writes = stage.newWrites();
    const at = writes.findIndex(({ path }) => path.endsWith('/deactivate'));
    expect(at).toBe(writes.length - 1);
    expect(managers(stage, reports)).toEqual([stage.account(next).email]);
  });

  it('whoever gets one later is given that one then, from the owner', async () => {
    const { stage, boss, next, reports } = await openTeam();
    stage.leave(boss);
    await stage.sync();
    for (const id of reports) stage.directory.setManager(id, next);
    expect(succeeded(await stage.sync())).toEqual({ SetOverrideManager: REPORTS });
    expect(managers(stage, reports)).toEqual([stage.account(next).email]);
  });

  it('while the directory still names the boss nothing points to somebody inactive, and that is no failure', async () => {
    const { stage, boss, reports } = await openTeam();
    stage.leave(boss);
    const report = await stage.sync();
    expect(report.exitCode).toBe(0);
    await stage.sync();
    expect(managers(stage, reports)).toEqual([undefined]);
    for (const full of [false, true]) expect(news(await stage.sync({ full }))).toEqual({});
    expect((await stage.sync()).commands.SetOverrideManager).toMatchObject({ deferred: REPORTS, rejected: 0 });
  });

  it('when the boss returns the account is active first, and then everybody who was managed has the boss again', async () => {
    const { stage, boss, reports } = await openTeam();
    stage.leave(boss);
    await stage.sync();
    await stage.sync();
    stage.newWrites();
    stage.directory.addMember(stage.directory.scopeGroupId, boss);
    const report = await stage.sync();
    expect(succeeded(report)).toMatchObject({ ReactivateUser: 1, SetOverrideManager: REPORTS });
    const account = stage.account(boss);
    const [reactivated = -1, ...set] = places(
      stage,
      ({ path, body }) => path.endsWith('/reactivate') || String(body['managerId']) === String(account.id),
    );
    expect(set).toHaveLength(REPORTS);
    for (const at of set) expect(at).toBeGreaterThan(reactivated);
    expect(managers(stage, reports)).toEqual([account.email]);
    await stage.checkInvariants();
  });

  it('by hand, with the boss still in the group: active again, and the reports back, by one look', async () => {
    const { stage, boss, reports } = await openTeam();
    stage.learnAmp.deactivate(stage.account(boss).id);
    expect(managers(stage, reports)).toEqual([ownerOf(stage)]);
    await stage.sync({ full: true });
    expect(managers(stage, reports)).toEqual([stage.account(boss).email]);
    expect(news(await stage.sync({ full: true }))).toEqual({});
  });

  it('off and on again between two looks: the reports are found at the owner and given back', async () => {
    const { stage, boss, reports } = await openTeam();
    const { id, email } = stage.account(boss);
    stage.learnAmp.deactivate(id);
    stage.learnAmp.reactivate(id);
    expect(managers(stage, reports)).toEqual([ownerOf(stage)]);
    expect(news(await stage.sync())).toEqual({});
    const report = await stage.sync({ full: true });
    expect(succeeded(report)).toEqual({ SetOverrideManager: REPORTS });
    expect(managers(stage, reports)).toEqual([email]);
    expect((await stage.events('DriftDetected')).length).toBe(REPORTS);
  });
});
