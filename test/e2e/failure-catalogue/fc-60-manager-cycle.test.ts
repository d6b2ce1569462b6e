import { describe, expect, it } from 'vitest';
import { none, succeeded } from '../../support/report.js';
import { calm, openStage, type Stage } from '../../support/stage.js';

const ringOf = (stage: Stage, size: number): ReadonlyArray<string> => {
  const ring = stage.crew(size);
  for (const [at, id] of ring.entries()) stage.directory.setManager(id, ring[(at + 1) % size] ?? '');
  return ring;
};

const expectRing = (stage: Stage, ring: ReadonlyArray<string>): void => {
  for (const [at, id] of ring.entries())
    expect(stage.managerOf(id)?.id).toBe(stage.account(ring[(at + 1) % ring.length] ?? '').id);
};

describe('FC-60 a cycle of managers', () => {
  it.each([2, 3])('a ring of %i is passed on as said, without waiting for itself', async (size) => {
    const stage = await openStage({ graph: calm });
    const ring = ringOf(stage, size);
    const report = await stage.sync();
    expect(report.exitCode).toBe(0);
    expect(succeeded(report)).toEqual({ CreateUser: size, SetOverrideManager: size });
    expectRing(stage, ring);
    const posts = stage.newWrites().map(({ method }) => method);
    // Users first, managers second: nobody waits for anybody.
    expect(posts.lastIndexOf('POST')).toBeLessThan(posts.indexOf('PUT'));
    expect(await stage.sync()).toMatchObject({ events: none, commands: none });
    await stage.checkInvariants();
  });

  it('somebody’s own manager gets no command, and is counted as waiting', async () => {
    const stage = await openStage({ graph: calm });
    const ann = stage.hire('Ann Lee');
    stage.directory.setManager(ann, ann);
    const report = await stage.sync();
    expect(report).toMatchObject({ exitCode: 0, commands: { SetOverrideManager: { deferred: 1, succeeded: 0 } } });
    expect((await stage.events('CommandDeferred')).map(({ data }) => data)).toMatchObject([
      { userId: ann, on: 'manager-self' },
    ]);
    expect(stage.account(ann).managerId).toBeNull();
    expect((await stage.sync()).events).toEqual({});
  });

  it('where Learn Amp refuses the edge that closes the ring, that one waits and is not asked for again; all else goes on', async () => {
    const stage = await openStage({ graph: calm });
    const ring = ringOf(stage, 3);
    const [ann = ''] = ring;
    const other = stage.hire('Ben Ode');
    const refused = stage.simulator.faults.add({
      system: 'learnAmp',
      method: 'PUT',
      match: ({ path, body }) => body.includes('managerId') && path.endsWith(`/${stage.accountOf(ann)?.id ?? 'none'}`),
      action: { status: 422, body: { message: 'managerId would make a cycle', errors: { managerId: ['is a cycle'] } } },
    });
    const report = await stage.sync();
    expect(refused.hits()).toBe(1);
    // A reference that Learn Amp does not take waits for a fact; it counts as no failure of the person (learnamp.md 7.4).
    expect(report.exitCode).toBe(0);
    expect(report.commands.SetOverrideManager).toMatchObject({ succeeded: 2, deferred: 1, rejected: 0 });
    expect(stage.account(ann).managerId).toBeNull();
    stage.directory.updateUser(other, { jobTitle: 'Writer' });
    expect(succeeded(await stage.sync())).toEqual({ UpdateProfile: 1 });
    for (const full of [false, true]) expect(succeeded(await stage.sync({ full }))).toEqual({});
    expect(refused.hits()).toBe(1);

    refused.remove();
    stage.directory.setManager(ann, other);
    expect(succeeded(await stage.sync())).toEqual({ SetOverrideManager: 1 });
    expect(stage.managerOf(ann)?.id).toBe(stage.account(other).id);
  });
});
