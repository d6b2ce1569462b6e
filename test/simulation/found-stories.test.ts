import type { SimulatedResponse } from '@learnamp/directory-sync-simulator';
import { describe, expect, it } from 'vitest';
import { openStory, type Story } from './story.js';

/** The smallest stories of what the random companies found. Each was seen to fail before its fix. */

const managerOf = ({ simulator, oracle }: Story, id: string): number | null | undefined =>
  simulator.learnAmp.account(oracle.accountOf(id)?.id ?? 0)?.managerId;
const isActive = ({ simulator, oracle }: Story, id: string): boolean =>
  simulator.learnAmp.account(oracle.accountOf(id)?.id ?? 0)?.status !== 'deactivated';

describe('managers', () => {
  it('whose removal the delta never tells is noticed by a full read', async () => {
    const story = await openStory();
    const { directory, faults } = story.simulator;
    const [boss, ann] = [story.hire('Bo Boss'), story.hire('Ann Lee')];
    directory.setManager(ann, boss);
    await story.sync();
    directory.clearManager(ann);
    const silent = (key: string, value: unknown): unknown => (key === 'manager@delta' ? undefined : value);
    const rewrite = (response: SimulatedResponse): SimulatedResponse => ({
      ...response,
      body: JSON.parse(JSON.stringify(response.body, silent)) as unknown,
    });
    const fault = faults.add({ path: /users\/.*delta/, action: { rewrite } });
    await story.sync({ full: true });
    expect(fault.hits()).toBeGreaterThan(0);
    expect(managerOf(story, ann)).toBeNull();
  });

  it('an override that Learn Amp handed to the owner is cleared when the person returns without that manager', async () => {
    const story = await openStory();
    const { directory, scopeGroupId } = story.simulator;
    const [boss, ann] = [story.hire('Bo Boss'), story.hire('Ann Lee')];
    directory.setManager(ann, boss);
    await story.sync();
    for (const id of [ann, boss]) directory.removeMember(scopeGroupId, id);
    await story.sync();
    expect(managerOf(story, ann)).toBe(story.simulator.learnAmp.owner().id);
    directory.addMember(scopeGroupId, ann);
    await story.sync();
    expect(managerOf(story, ann)).toBeNull();
  });

  it('an override whose receipt was lost is cleared like any other that was set', async () => {
    const story = await openStory();
    const { directory, faults } = story.simulator;
    const [boss, ann] = [story.hire('Bo Boss'), story.hire('Ann Lee')];
    await story.sync();
    directory.setManager(ann, boss);
    faults.add({ system: 'learnAmp', method: 'PUT', action: 'applyThenReset' });
    expect((await story.attempt()).ok).toBe(false);
    await story.sync();
    directory.clearManager(ann);
    await story.sync();
    expect(managerOf(story, ann)).toBeNull();
  });

  it('whose deletion was lost with the cursor of the users is as unknown as one whose deletion was told', async () => {
    const story = await openStory();
    const { directory } = story.simulator;
    const [boss, ann] = [story.hire('Bo Boss'), story.hire('Ann Lee')];
    directory.setManager(ann, boss);
    await story.sync();
    directory.purgeUser(boss);
    story.simulator.expireDeltaTokens();
    await story.sync();
    expect(managerOf(story, ann)).toBe(story.simulator.learnAmp.owner().id);
  });
});

describe('a manager who comes back outside the scope', () => {
  it('while the cursor of the users was lost is known to be there, and no override is kept for them', async () => {
    const story = await openStory({ outsiders: 20 });
    const { directory, scopeGroupId } = story.simulator;
    const [boss, ann] = [story.hire('Bo Boss'), story.hire('Ann Lee')];
    directory.setManager(ann, boss);
    await story.sync();
    directory.deleteUser(boss);
    await story.sync();
    expect(managerOf(story, ann)).toBe(story.simulator.learnAmp.owner().id);
    directory.restoreUser(boss);
    directory.removeMember(scopeGroupId, boss);
    story.simulator.expireDeltaTokens();
    await story.sync();
    expect(managerOf(story, ann)).toBeNull();
  });
});

describe('who comes back', () => {
  it('from the recycle bin while the cursor of the users was lost is active again', async () => {
    const story = await openStory({ outsiders: 20 });
    const ann = story.hire('Ann Lee');
    await story.sync();
    story.simulator.directory.deleteUser(ann);
    await story.sync();
    story.simulator.directory.restoreUser(ann);
    story.simulator.expireDeltaTokens();
    await story.sync();
    expect(isActive(story, ann)).toBe(true);
  });

  it('with a nested group that was deleted during a full sync is active again', async () => {
    const story = await openStory();
    const { directory, scopeGroupId } = story.simulator;
    const nested = directory.addGroup({ displayName: 'Nested' });
    directory.nestGroup(scopeGroupId, nested);
    const ann = story.hire('Ann Lee', {}, nested);
    await story.sync();
    directory.deleteGroup(nested);
    await story.sync();
    await story.sync({ full: true });
    directory.restoreGroup(nested);
    await story.sync({ full: true });
    expect(isActive(story, ann)).toBe(true);
  });
});

describe('what happens in one sync', () => {
  it('the team of somebody who had to wait for an address is made when they have it', async () => {
    const story = await openStory();
    const { directory } = story.simulator;
    const ann = story.hire('Ann Lee');
    await story.sync();
    directory.updateUser(ann, { userPrincipalName: 'ann.new@fabrikam.example' });
    story.hire('Other Ann', { userPrincipalName: 'ann.lee@fabrikam.example', department: 'Harbour' });
    await story.sync();
    expect(story.simulator.learnAmp.teamsNamed('Harbour')).toHaveLength(1);
  });

  it("a proxy's page in answer to a deactivation does not count as one", async () => {
    const story = await openStory();
    const { directory, faults, scopeGroupId } = story.simulator;
    const ann = story.hire('Ann Lee');
    await story.sync();
    directory.removeMember(scopeGroupId, ann);
    faults.add({ system: 'learnAmp', path: /deactivate$/, action: 'html' });
    await story.attempt();
    expect(isActive(story, ann)).toBe(true);
    await story.sync();
    expect(isActive(story, ann)).toBe(false);
  });

  it('a hire date that means "not set" blanks nothing in an account that is adopted', async () => {
    const story = await openStory();
    const { learnAmp } = story.simulator;
    const email = 'ann.lee@fabrikam.example';
    const made = learnAmp.addAccount({ email, firstName: 'Ann', lastName: 'Lee', hireDate: '2001-02-03' });
    story.oracle.noteHandmade(made);
    story.hire('Ann Lee', { employeeHireDate: '0001-01-01T00:00:00Z' });
    await story.sync();
    expect(learnAmp.account(made.id)?.hireDate).toBe('2001-02-03');
  });
});

it('a false leave of somebody who has moved within the scope deactivates nobody, heals, and is quiet then', async () => {
  const story = await openStory();
  const { directory, faults, scopeGroupId } = story.simulator;
  const [here, there] = [directory.addGroup({ displayName: 'Here' }), directory.addGroup({ displayName: 'There' })];
  directory.nestGroup(scopeGroupId, here);
  const ann = story.hire('Ann Lee', {}, here);
  await story.sync();
  // Followed by a cursor of its own, which has nothing to do with the way by which the person once came.
  directory.nestGroup(scopeGroupId, there);
  directory.removeMember(here, ann);
  directory.addMember(there, ann);
  await story.sync();
  const gone = { '@odata.type': '#microsoft.graph.user', id: ann, '@removed': { reason: 'deleted' } };
  const value = [{ id: there, 'members@delta': [gone] }];
  const rewrite = (response: SimulatedResponse): SimulatedResponse => ({
    ...response,
    body: { ...(response.body as object), value },
  });
  faults.add({ path: /groups\/.*delta/, action: { rewrite } });
  for (let sync = 0; sync < 3; sync++) {
    expect((await story.attempt()).ok).toBe(true);
    expect(isActive(story, ann)).toBe(true);
  }
  await story.sync();
  expect((await story.sync()).events).toEqual({});
});
