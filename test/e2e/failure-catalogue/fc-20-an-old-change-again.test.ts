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
    // By polls alone: nobody waits for the daily full cycle to be told of again.
    for (let round = 0; round < 3; round += 1) expect((await stage.sync()).commands).toEqual({});
    stage.directory.updateUser(ann, { jobTitle: 'Writer' });
    expect(await stage.sync()).toMatchObject({ exitCode: 0, people: { inScope: 6, linked: 6 }, attention: [] });
    expect(stage.account(ann).jobTitle).toBe('Writer');
    expect(stage.learnAmp.deactivations()).toEqual([]);
    stage.newWrites();
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

/** Twenty people in the scope group, and four more in one below it. */
const openNested = async () => {
  const stage = await openStage({ graph: calm });
  const nested = stage.directory.addGroup({ displayName: 'Nested' });
  stage.directory.nestGroup(stage.directory.scopeGroupId, nested);
  stage.crew(20);
  const below = stage.crew(4, {}, nested);
  await stage.sync();
  stage.newWrites();
  return { stage, nested, below };
};

it.each(['its deletion (changed)', 'its deletion (deleted)', 'its removal'] as const)(
  'FC-20 of a subgroup that is there again, %s told anew deactivates nobody below it, and what is recorded heals',
  async (what) => {
    const { stage, nested } = await openNested();
    const reason = what.includes('changed') ? 'changed' : 'deleted';
    const edge = { '@odata.type': '#microsoft.graph.group', id: nested, '@removed': { reason: 'deleted' } };
    const told: Entry =
      what === 'its removal'
        ? { id: stage.directory.scopeGroupId, 'members@delta': [edge] }
        : { id: nested, '@removed': { reason } };
    const again = tellAgain(stage, 'groups', [told]);
    const report = await stage.sync();
    expect(again.hits()).toBe(1);
    expect(facts(report)).toMatchObject({ UserLeftGroup: 4, LeaveUnconfirmed: 4 });
    expect(report.commands).toEqual({});
    for (let round = 0; round < 3; round += 1) expect(succeeded(await stage.sync())).toEqual({});
    const healed = await stage.sync();
    expect(healed).toMatchObject({ exitCode: 0, people: { inScope: 24, linked: 24 }, attention: [] });
    expect(stage.learnAmp.deactivations()).toEqual([]);
    expect(stage.newWrites()).toEqual([]);
    await stage.checkInvariants();
  },
);

it('FC-20 the old deletion of the scope group itself freezes it, takes nobody out, and is over with the next full sync', async () => {
  const { stage } = await openNested();
  tellAgain(stage, 'groups', [{ id: stage.directory.scopeGroupId, '@removed': { reason: 'changed' } }]);
  expect(await stage.sync()).toMatchObject({ ok: true, commands: {}, people: { inScope: 24, linked: 24 } });
  expect(await stage.engine().held()).toMatchObject({ scopeFrozen: 'scope-group-deleted' });
  const fresh = stage.hire('Neva New');
  expect(await stage.sync({ full: true })).toMatchObject({ exitCode: 0, people: { inScope: 25, linked: 25 } });
  expect(stage.account(fresh).status).toBe('not_invited');
  expect(await stage.events('UserLeftGroup')).toEqual([]);
  expect(await stage.engine().held()).toMatchObject({ scopeFrozen: null });
});

it('FC-20 the old addition of a subgroup that was taken out brings nobody back', async () => {
  const { stage, nested, below } = await openNested();
  stage.directory.detachGroup(stage.directory.scopeGroupId, nested);
  expect(succeeded(await stage.sync())).toEqual({ DeactivateUser: 4 });
  stage.newWrites();
  const edge = { '@odata.type': '#microsoft.graph.group', id: nested };
  tellAgain(stage, 'groups', [{ id: stage.directory.scopeGroupId, 'members@delta': [edge] }]);
  for (const full of [false, false, true]) expect((await stage.sync({ full })).commands).toEqual({});
  expect(stage.newWrites()).toEqual([]);
  for (const userId of below) expect(stage.account(userId).status).toBe('deactivated');
  expect(await stage.sync()).toMatchObject({ exitCode: 0, events: {}, people: { inScope: 20 } });
});
