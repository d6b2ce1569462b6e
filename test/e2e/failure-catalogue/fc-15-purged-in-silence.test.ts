import { expect, it } from 'vitest';
import { facts, news, succeeded } from '../../support/report.js';
import { calm, openStage } from '../../support/stage.js';

/** The deltas of a group that ends no membership of a purged account. */
const silent = { ...calm, purgesEndMemberships: false, removedInFirstRound: false };

it('FC-15 a purged member leaves by the word of users/delta alone; the edge that the group delta never ends goes with the daily full sync', async () => {
  const stage = await openStage({ graph: silent });
  stage.crew(9);
  const ann = stage.hire('Ann Lee');
  await stage.sync();
  stage.directory.purgeUser(ann);
  const report = await stage.sync();
  expect(facts(report)).toEqual({ UserDeleted: 1, UserLeftGroup: 1, LeaveConfirmed: 1, CommandSucceeded: 1 });
  expect(succeeded(report)).toEqual({ DeactivateUser: 1 });
  const [deleted, left] = await stage.events('UserDeleted', 'UserLeftGroup');
  expect(deleted?.data).toEqual({ userId: ann, reason: 'permanent' });
  expect(left?.data).toEqual({ userId: ann, reason: 'deleted' });
  expect((await stage.sync()).events).toEqual({});

  const full = await stage.sync({ full: true });
  expect(news(full)).toEqual({ GroupMemberRemoved: 1 });
  expect(full.commands).toEqual({});
  expect(news(await stage.sync({ full: true }))).toEqual({});
});

it('FC-15 a purge that no delta tells at all is found by the daily full sync, and confirmed before anything is sent', async () => {
  const stage = await openStage({ graph: silent });
  stage.crew(9);
  const ann = stage.hire('Ann Lee');
  await stage.sync();
  stage.newWrites();
  const silence = stage.simulator.faults.add({
    path: /\/users\/.*delta/,
    action: {
      rewrite: ({ body, ...rest }) => {
        const { value = [], ...page } = body as { readonly value?: ReadonlyArray<{ readonly id: string }> };
        return { ...rest, body: { ...page, value: value.filter(({ id }) => id !== ann) } };
      },
    },
  });
  stage.directory.purgeUser(ann);
  expect((await stage.sync()).events).toEqual({});
  expect(silence.hits()).toBeGreaterThan(0);
  expect(stage.newWrites()).toEqual([]);

  const report = await stage.sync({ full: true });
  expect(news(report)).toMatchObject({ GroupMemberRemoved: 1, UserLeftGroup: 1, LeaveConfirmed: 1 });
  expect(succeeded(report)).toEqual({ DeactivateUser: 1 });
  expect(stage.learnAmp.accountByExternalId(ann)).toMatchObject({ status: 'deactivated' });
  expect(news(await stage.sync({ full: true }))).toEqual({});
});
