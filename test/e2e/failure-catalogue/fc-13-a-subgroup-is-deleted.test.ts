import { describe, expect, it } from 'vitest';
import { facts, succeeded } from '../../support/report.js';
import { calm, openStage, type Stage } from '../../support/stage.js';

type Entry = Readonly<Record<string, unknown>> & { readonly id: string };

/** Whether the parent's members tell of the group's end as well; Microsoft documents neither. */
const parents = { 'its parent is silent': false, 'its parent tells': true } as const;
const cases = Object.keys(parents) as ReadonlyArray<keyof typeof parents>;

const isActive = (stage: Stage, userId: string): boolean => stage.account(userId).status !== 'deactivated';

/** Twenty people in the scope group, and a group below it with two more and one of the twenty. */
const openNested = async (parent: keyof typeof parents, people = 2) => {
  const stage = await openStage({ graph: { ...calm, deletionsDetachGroups: parents[parent] } });
  const { directory } = stage;
  const nested = directory.addGroup({ displayName: 'Contractors' });
  directory.nestGroup(directory.scopeGroupId, nested);
  const [both = '', ...others] = stage.crew(20);
  directory.addMember(nested, both);
  const alone = stage.crew(people, {}, nested);
  await stage.sync();
  stage.newWrites();
  return { stage, nested, both, others, alone };
};

/** What the group's own entry says of its members is left out: that it is there again is all that is told. */
const withoutMembers = (stage: Stage, groupId: string) =>
  stage.simulator.faults.add({
    system: 'graph',
    path: /\/groups\/.*delta/,
    match: ({ query }) => ![...query.keys()].includes('$filter'),
    action: {
      rewrite: (response) => {
        const body = response.body as { readonly value: ReadonlyArray<Entry> };
        const value = body.value.map((entry) => (entry.id === groupId ? { id: entry.id } : entry));
        return { ...response, body: { ...body, value } };
      },
    },
  });

describe.each(cases)('FC-13 a subgroup is deleted, %s', (parent) => {
  it('those who were reachable through it alone leave, each confirmed; nobody else does', async () => {
    const { stage, nested, both, others, alone } = await openNested(parent);
    stage.directory.deleteGroup(nested);
    const report = await stage.sync();
    expect(report).toMatchObject({ exitCode: 0, people: { inScope: 20, held: 0 } });
    expect(facts(report)).toMatchObject({ GroupDeleted: 1, UserLeftGroup: 2, LeaveConfirmed: 2 });
    expect(succeeded(report)).toEqual({ DeactivateUser: 2 });
    expect([both, ...others].every((userId) => isActive(stage, userId))).toBe(true);
    expect(alone.some((userId) => isActive(stage, userId))).toBe(false);
    expect((await stage.sync()).events).toEqual({});
    expect(await stage.sync({ full: true })).toMatchObject({ exitCode: 0, people: { inScope: 20 } });
    expect(stage.learnAmp.deactivations()).toHaveLength(2);
    await stage.checkInvariants();
  });

  it('too many of them are held as a whole, and restoring the group lets them go', async () => {
    const { stage, nested, alone } = await openNested(parent, 8);
    stage.directory.deleteGroup(nested);
    expect(await stage.sync()).toMatchObject({ exitCode: 3, people: { inScope: 20, held: 8 } });
    await stage.reopen();
    expect(await stage.sync({ full: true })).toMatchObject({ exitCode: 3, people: { held: 8 } });
    stage.directory.restoreGroup(nested);
    expect(await stage.sync()).toMatchObject({ exitCode: 0, people: { inScope: 28, held: 0 } });
    expect(alone.every((userId) => isActive(stage, userId))).toBe(true);
    expect(stage.learnAmp.deactivations()).toEqual([]);
  });

  it.each([false, true])(
    'restored with other members it brings those, whatever was known of it (a full cycle between: %s)',
    async (full) => {
      const { stage, nested, both, alone } = await openNested(parent);
      const { directory } = stage;
      directory.deleteGroup(nested);
      await stage.sync();
      if (full) await stage.sync({ full: true });
      directory.restoreGroup(nested);
      const [ann = '', ben = ''] = alone;
      directory.removeMember(nested, ann);
      directory.removeMember(nested, both);
      const fresh = stage.hire('Neva New', {}, nested);
      const bare = withoutMembers(stage, nested);
      const report = await stage.sync();
      expect(bare.hits()).toBeGreaterThan(0);
      bare.remove();
      expect(report).toMatchObject({ exitCode: 0, people: { inScope: 22, linked: 22 } });
      expect(facts(report)).toMatchObject({ GroupRestored: 1, UserJoinedGroup: 2 });
      expect(isActive(stage, ann)).toBe(false);
      expect([ben, both, fresh].every((userId) => isActive(stage, userId))).toBe(true);
      expect(stage.learnAmp.deactivations()).toHaveLength(2);
      expect(await stage.sync({ full: true })).toMatchObject({ exitCode: 0, people: { inScope: 22 } });
      await stage.checkInvariants();
    },
  );

  it('purged afterwards it changes nothing more', async () => {
    const { stage, nested } = await openNested(parent);
    stage.directory.deleteGroup(nested);
    await stage.sync();
    stage.newWrites();
    stage.directory.purgeGroup(nested);
    for (const full of [false, true, false])
      expect(await stage.sync({ full })).toMatchObject({ exitCode: 0, people: { inScope: 20 } });
    expect(stage.newWrites()).toEqual([]);
  });

  it('deleted while nobody synced and every token expired, its members leave, each confirmed', async () => {
    const { stage, nested, both } = await openNested(parent);
    stage.simulator.advanceClock(9 * 86_400_000);
    stage.directory.deleteGroup(nested);
    await stage.reopen();
    await stage.sync();
    expect(await stage.sync({ full: true })).toMatchObject({ exitCode: 0, people: { inScope: 20, held: 0 } });
    expect(stage.learnAmp.deactivations()).toHaveLength(2);
    expect(await stage.events('LeaveConfirmed')).toHaveLength(2);
    expect(isActive(stage, both)).toBe(true);
  });

  it('purged at once its members leave as by a deletion', async () => {
    const { stage, nested, both } = await openNested(parent);
    stage.directory.purgeGroup(nested);
    await stage.sync();
    expect(await stage.sync({ full: true })).toMatchObject({ exitCode: 0, people: { inScope: 20 } });
    expect(stage.learnAmp.deactivations()).toHaveLength(2);
    expect(isActive(stage, both)).toBe(true);
  });
});
