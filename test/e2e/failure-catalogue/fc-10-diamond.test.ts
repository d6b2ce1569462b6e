import { expect, it } from 'vitest';
import { facts, none } from '../../support/report.js';
import { calm, openStage } from '../../support/stage.js';

it('FC-10 leaving one side of a diamond is no leave; leaving both is', async () => {
  const stage = await openStage({ graph: calm });
  const { europe, americas, falcon } = stage.simulator.company.groups;
  const { directory } = stage;
  stage.crew(8);
  const ann = stage.hire('Ann Lee', {}, europe);
  directory.addMember(americas, ann);
  const ben = stage.hire('Ben Ode', {}, falcon);
  await stage.sync();
  stage.newWrites();

  directory.removeMember(europe, ann);
  // Falcon stands in both Europe and the Americas.
  directory.detachGroup(europe, falcon);
  const one = await stage.sync();
  expect(one).toMatchObject({ exitCode: 0, commands: none, people: { inScope: 10 } });
  expect(facts(one)).toEqual({ GroupMemberRemoved: 2 });
  expect(stage.newWrites()).toEqual([]);

  directory.removeMember(americas, ann);
  directory.detachGroup(americas, falcon);
  const both = await stage.sync();
  expect(facts(both)).toEqual({ GroupMemberRemoved: 2, UserLeftGroup: 2, LeaveConfirmed: 2, CommandSucceeded: 2 });
  for (const id of [ann, ben]) expect(stage.account(id).status).toBe('deactivated');
});
