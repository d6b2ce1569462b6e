import { expect, it } from 'vitest';
import { expectOneAccountEach } from '../../support/links.js';
import { facts, none, succeeded } from '../../support/report.js';
import { calm, openStage } from '../../support/stage.js';

const day = 24 * 3_600_000;

const openCompany = async (purgesEndMemberships: boolean) => {
  const stage = await openStage({ graph: { ...calm, purgesEndMemberships } });
  stage.crew(9);
  const ann = stage.hire('Ann Lee');
  await stage.sync();
  const { id } = stage.account(ann);
  stage.newWrites();
  return { stage, ann, id };
};

it.each([true, false])(
  'FC-45 the end of the recycle period of somebody who was deleted before is recorded and sends nothing (memberships end aloud: %s)',
  async (aloud) => {
    const { stage, ann, id } = await openCompany(aloud);
    stage.directory.deleteUser(ann);
    expect(succeeded(await stage.sync())).toEqual({ DeactivateUser: 1 });
    stage.newWrites();
    for (let week = 0; week < 5; week++) {
      stage.simulator.advanceClock(6 * day);
      await stage.sync();
    }
    stage.directory.purgeUser(ann);
    const report = await stage.sync();
    expect(facts(report)).toEqual({ UserDeleted: 1, ...(aloud ? { GroupMemberRemoved: 1 } : {}) });
    expect(report).toMatchObject({ exitCode: 0, commands: none });
    expect((await stage.events('UserDeleted')).map(({ data }) => data)).toEqual([
      { userId: ann, reason: 'soft' },
      { userId: ann, reason: 'permanent' },
    ]);
    expect(stage.newWrites()).toEqual([]);
    expect(stage.learnAmp.account(id)).toMatchObject({ integrationExternalId: ann, status: 'deactivated' });
    await expectOneAccountEach(stage);
    expect((await stage.sync()).events).toEqual({});
  },
);

it.each([true, false])(
  'FC-45 a purge without an earlier deletion is one deactivation, and no delete (memberships end aloud: %s)',
  async (aloud) => {
    const { stage, ann, id } = await openCompany(aloud);
    stage.directory.purgeUser(ann);
    const report = await stage.sync();
    expect(facts(report)).toEqual({
      UserDeleted: 1,
      UserLeftGroup: 1,
      LeaveConfirmed: 1,
      CommandSucceeded: 1,
      ...(aloud ? { GroupMemberRemoved: 1 } : {}),
    });
    expect(succeeded(report)).toEqual({ DeactivateUser: 1 });
    expect(stage.newWrites()).toMatchObject([{ method: 'PUT', path: `/v1/users/${id}/deactivate` }]);
    expect(stage.learnAmp.account(id)).toMatchObject({ integrationExternalId: ann, status: 'deactivated' });
    await expectOneAccountEach(stage);
    expect((await stage.sync()).events).toEqual({});
  },
);

it('FC-45 deleted and purged while nobody synced for 35 days, with every token expired: one deactivation, confirmed', async () => {
  const { stage, ann, id } = await openCompany(false);
  stage.directory.deleteUser(ann);
  stage.simulator.advanceClock(31 * day);
  stage.directory.purgeUser(ann);
  stage.simulator.advanceClock(4 * day);
  const report = await stage.sync();
  expect(report).toMatchObject({ exitCode: 0, people: { inScope: 9, linked: 9 } });
  expect(facts(report)).toMatchObject({ UserLeftGroup: 1, LeaveConfirmed: 1 });
  expect(
    new Set((await stage.events('ResyncRequired')).map(({ data }) => (data as { source: string }).source)),
  ).toEqual(new Set(['users', 'groups']));
  expect(succeeded(report)).toEqual({ DeactivateUser: 1 });
  expect(stage.newWrites()).toMatchObject([{ path: `/v1/users/${id}/deactivate` }]);
  await expectOneAccountEach(stage);
});
