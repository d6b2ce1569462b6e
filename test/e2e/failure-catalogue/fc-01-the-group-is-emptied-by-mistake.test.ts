import { expect, it } from 'vitest';
import { attentionOf, facts, none, succeeded } from '../../support/report.js';
import { calm, openStage } from '../../support/stage.js';

it('FC-01 the group is emptied by mistake: everything is held and listed, a new hire is still created, and the repair dissolves it', async () => {
  const slices = { pageSize: { min: 1, max: 1 }, sliceSize: { min: 5, max: 5 } };
  const stage = await openStage({ graph: { ...calm, ...slices } });
  const { directory, learnAmp } = stage;
  const crew = stage.crew(24, { department: 'Sales' });
  await stage.sync();
  const before = learnAmp.accounts();
  stage.newWrites();

  for (const id of crew) stage.leave(id);
  stage.simulator.requests.reset();
  const emptied = await stage.sync();
  expect(stage.simulator.requests.count({ system: 'graph', path: /\/groups\/.*delta/ })).toBeGreaterThanOrEqual(5);
  expect(emptied).toMatchObject({ ok: true, exitCode: 3, people: { inScope: 0, held: 24 } });
  expect(facts(emptied)).toEqual({ GroupMemberRemoved: 24, UserLeftGroup: 24, LeaveConfirmed: 24, CommandsHeld: 1 });
  expect(emptied.commands.DeactivateUser).toMatchObject({ planned: 24, held: 24, succeeded: 0 });
  for (const id of crew) expect(attentionOf(emptied, id)).toEqual(['held: deactivations: scope-empty']);
  expect(stage.newWrites()).toEqual([]);

  await stage.reopen();
  const hire = stage.hire('Neva Newhire');
  const during = await stage.sync();
  expect(during).toMatchObject({ ok: true, exitCode: 3, people: { inScope: 1, held: 24 } });
  expect(facts(during)).toEqual({ GroupMemberAdded: 1, UserJoinedGroup: 1, CommandSucceeded: 1, UserLinked: 1 });
  expect(succeeded(during)).toEqual({ CreateUser: 1 });
  expect(stage.account(hire).status).toBe('not_invited');
  expect(await stage.sync()).toMatchObject({ exitCode: 3, events: none });

  stage.newWrites();
  for (const id of crew) directory.addMember(directory.scopeGroupId, id);
  const repaired = await stage.sync();
  expect(repaired).toMatchObject({ exitCode: 0, people: { inScope: 25, linked: 25, held: 0 } });
  expect(facts(repaired)).toEqual({ GroupMemberAdded: 24, UserJoinedGroup: 24, HoldDissolved: 1 });
  expect(repaired.commands).toEqual({});
  expect(stage.newWrites()).toEqual([]);
  expect(learnAmp.deactivations()).toEqual([]);
  expect(learnAmp.accounts().slice(0, before.length)).toEqual(before);
});
