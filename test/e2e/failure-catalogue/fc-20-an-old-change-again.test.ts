import { expect, it } from 'vitest';
import { attentionOf, facts, succeeded } from '../../support/report.js';
import { calm, openStage, type Stage } from '../../support/stage.js';

type Entry = Readonly<Record<string, unknown>>;
type Body = Readonly<Record<string, unknown>> & { readonly value: ReadonlyArray<Entry> };

/** The next answer of the resource's delta tells these entries too, under its new token. */
const tellAgain = (stage: Stage, resource: 'users' | 'groups', entries: ReadonlyArray<Entry>) =>
  stage.simulator.faults.add({
    system: 'graph',
    path: new RegExp(`/${resource}/.*delta`),
    match: ({ query }) => ![...query.values()].includes('latest'),
    times: 1,
    action: {
      rewrite: (response) => {
        const body = response.body as Body;
        return { ...response, body: { ...body, value: [...body.value, ...entries] } };
      },
    },
  });

const removal = (stage: Stage, id: string): Entry => ({
  id: stage.directory.scopeGroupId,
  'members@delta': [{ '@odata.type': '#microsoft.graph.user', id, '@removed': { reason: 'deleted' } }],
});

it('FC-20 the old removal of somebody who was added again deactivates nobody, and what is recorded heals', async () => {
  const stage = await openStage({ graph: calm });
  const [ann = ''] = stage.crew(6);
  await stage.sync();
  stage.leave(ann);
  await stage.sync();
  expect(stage.account(ann).status).toBe('deactivated');
  stage.directory.addMember(stage.directory.scopeGroupId, ann);
  await stage.sync();
  expect(stage.account(ann).status).not.toBe('deactivated');
  const deactivations = stage.learnAmp.deactivations().length;
  stage.newWrites();

  const again = tellAgain(stage, 'groups', [removal(stage, ann)]);
  const report = await stage.sync();
  expect(again.hits()).toBe(1);
  // Recorded as said, and contradicted by a direct read before anything destructive is planned.
  expect(facts(report)).toEqual({ GroupMemberRemoved: 1, UserLeftGroup: 1, LeaveUnconfirmed: 1 });
  expect(attentionOf(report, ann)).toEqual([expect.stringContaining('leave-unconfirmed')]);
  expect(report.commands).toEqual({});

  await stage.sync();
  await stage.sync();
  const healed = await stage.sync();
  expect(healed).toMatchObject({ exitCode: 0, people: { inScope: 6, linked: 6 }, attention: [] });
  expect(stage.learnAmp.deactivations()).toHaveLength(deactivations);
  expect(stage.newWrites()).toEqual([]);
  expect((await stage.sync()).events).toEqual({});
});

it('FC-20 the same removal again and again is the same: nobody is deactivated by being told it often', async () => {
  const stage = await openStage({ graph: calm });
  const [ann = ''] = stage.crew(6);
  await stage.sync();
  stage.newWrites();
  for (let round = 0; round < 6; round += 1) {
    tellAgain(stage, 'groups', [removal(stage, ann)]);
    expect(succeeded(await stage.sync())).toEqual({});
  }
  expect(stage.learnAmp.deactivations()).toEqual([]);
  expect(await stage.sync({ full: true })).toMatchObject({ exitCode: 0, people: { inScope: 6, linked: 6 } });
  expect(stage.newWrites()).toEqual([]);
});

it.each(['changed', 'deleted'])(
  'FC-20 the old deletion (%s) of an account that is there is contradicted by reading it',
  async (reason) => {
    const stage = await openStage({ graph: calm });
    const [ann = ''] = stage.crew(6);
    await stage.sync();
    stage.newWrites();
    const again = tellAgain(stage, 'users', [{ id: ann, '@removed': { reason } }]);
    const report = await stage.sync();
    expect(again.hits()).toBe(1);
    expect(report.commands).toEqual({});
    await stage.sync();
    expect(stage.learnAmp.deactivations()).toEqual([]);
    expect(await stage.sync({ full: true })).toMatchObject({ people: { inScope: 6, linked: 6 } });
    expect(stage.newWrites()).toEqual([]);
  },
);

it('FC-20 a change whose value is known adds nothing; an older value is recorded as said and put right when it is told', async () => {
  const stage = await openStage({ graph: calm });
  const [ann = ''] = stage.crew(4, { jobTitle: 'Engineer' });
  await stage.sync();
  stage.directory.updateUser(ann, { jobTitle: 'Architect' });
  await stage.sync();
  const { userPrincipalName, displayName } = stage.directory.user(ann).properties;
  tellAgain(stage, 'users', [{ id: ann, userPrincipalName, displayName, jobTitle: 'Architect' }]);
  expect((await stage.sync()).events).toEqual({});
  tellAgain(stage, 'users', [{ id: ann, userPrincipalName, displayName, jobTitle: 'Engineer' }]);
  expect(facts(await stage.sync())).toEqual({ JobTitleChanged: 1, CommandSucceeded: 1 });
  // No later entry need come: the daily full cycle reads what is there.
  expect(facts(await stage.sync({ full: true }))).toMatchObject({ JobTitleChanged: 1, CommandSucceeded: 1 });
  expect(stage.account(ann).jobTitle).toBe('Architect');
});

it('FC-20 an old addition of somebody who left brings nobody back, now or later: whether they are a member is asked first', async () => {
  const stage = await openStage({ graph: calm });
  const [ann = ''] = stage.crew(6);
  await stage.sync();
  stage.leave(ann);
  await stage.sync();
  tellAgain(stage, 'groups', [
    { id: stage.directory.scopeGroupId, 'members@delta': [{ '@odata.type': '#microsoft.graph.user', id: ann }] },
  ]);
  stage.newWrites();
  expect(facts(await stage.sync())).toEqual({ GroupMemberAdded: 1 });
  expect((await stage.sync()).events).toEqual({});
  expect(stage.newWrites()).toEqual([]);
  await stage.sync({ full: true });
  expect(stage.account(ann).status).toBe('deactivated');
  expect((await stage.sync()).events).toEqual({});
});
