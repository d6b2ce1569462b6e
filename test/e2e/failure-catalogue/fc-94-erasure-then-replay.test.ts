import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DirectorySync, ObjectId } from '@learnamp/directory-sync';
import { describe, expect, it } from 'vitest';
import { canariesIn } from '../../support/canaries.js';
import { canaries, canaryName, canaryProfile } from '../../support/person-canary.js';
import { none, succeeded } from '../../support/report.js';
import { calm, expectReplayEqualsLive, openStage, type Stage } from '../../support/stage.js';

const by = { actor: 'Data protection', reason: 'article 17' };
const idOf = (userId: string): ObjectId => userId as ObjectId;

/** A company of eleven; one of them carries the canaries, in all that is synced, and has changed jobs. */
const openCompany = async (): Promise<{ readonly stage: Stage; readonly xq: ObjectId }> => {
  const stage = await openStage({
    graph: calm,
    preferences: { customFields: { employeeId: 'Phone' } },
    learnAmp: { customFields: [{ name: 'Phone' }] },
  });
  stage.crew(10, { department: 'Sales' });
  const xq = stage.hire(canaryName, { ...canaryProfile, department: 'Sales' });
  await stage.sync();
  stage.directory.updateUser(xq, { jobTitle: 'Vexillologist of canaries' });
  await stage.sync();
  return { stage, xq: idOf(xq) };
};

const leave = async ({ stage, xq }: Awaited<ReturnType<typeof openCompany>>): Promise<void> => {
  stage.leave(xq);
  expect(succeeded(await stage.sync())).toEqual({ DeactivateUser: 1 });
};

const everything = async (engine: DirectorySync): Promise<string> => {
  const shown: unknown[] = [await engine.status()];
  for await (const event of engine.events()) shown.push(event);
  for await (const person of engine.people()) shown.push(person);
  for await (const step of engine.replay()) shown.push(step);
  return JSON.stringify(shown).toLowerCase();
};

const others = async (engine: DirectorySync, userId: ObjectId): Promise<ReadonlyArray<unknown>> => {
  const people: unknown[] = [];
  for await (const person of engine.people()) if (person.userId !== userId) people.push(person);
  return people;
};

describe('FC-94 somebody who left is erased', () => {
  it('no byte of the data is left in any file, and replay, counts and rebuild stay sound', async () => {
    const company = await openCompany();
    const { stage, xq } = company;
    // Before, the local database holds them in clear: the search below would find them.
    expect(canariesIn(stage.folder, canaries)).not.toEqual([]);
    await leave(company);
    copyFileSync(join(stage.folder, 'log.db.local'), join(stage.folder, 'log.db.local.damaged'));
    const before = await stage.events();
    const [kept, people] = [await others(stage.engine(), xq), (await stage.engine().status()).people];

    expect(await stage.engine().erase(xq, by)).toEqual({ userId: xq, outcome: 'erased' });

    expect(canariesIn(stage.folder, canaries)).toEqual([]);
    const shown = await everything(stage.engine());
    expect(canaries.filter((canary) => shown.includes(canary.toLowerCase()))).toEqual([]);
    const after = await stage.events();
    expect(after.slice(0, -1).map(({ id, type, metadata }) => [id, type, metadata])).toEqual(
      before.map(({ id, type, metadata }) => [id, type, metadata]),
    );
    expect(after.at(-1)).toMatchObject({ type: 'PersonErased', data: { userId: xq, ...by } });
    expect(after.filter(({ erased }) => erased === true).length).toBeGreaterThan(5);
    expect(await others(stage.engine(), xq)).toEqual(kept);
    expect((await stage.engine().status()).people).toEqual(people);
    await expectReplayEqualsLive(stage.engine());
    expect(await stage.engine().rebuild({ verify: true })).toMatchObject({ differences: 0, events: after.length });

    await stage.close();
    expect(canariesIn(stage.folder, canaries)).toEqual([]);
  });

  it('the engine goes on, also after a rebuild and after the local database is lost', async () => {
    const company = await openCompany();
    const { stage, xq } = company;
    await leave(company);
    await stage.engine().erase(xq, by);
    stage.newWrites();
    expect((await stage.sync({ full: true })).commands).toEqual(none);
    await stage.engine().rebuild();
    const ann = stage.hire('Ann Lee', { department: 'Sales' });
    expect(succeeded(await stage.sync())).toMatchObject({ CreateUser: 1 });
    stage.leave(ann);
    expect(succeeded(await stage.sync())).toEqual({ DeactivateUser: 1 });
    await expectReplayEqualsLive(stage.engine());
    expect(stage.account(xq).status).toBe('deactivated');
    expect(canariesIn(stage.folder, canaries)).toEqual([]);
  });

  it('a second erasure records nothing, and nobody unknown is erased', async () => {
    const company = await openCompany();
    const { stage, xq } = company;
    await leave(company);
    await stage.engine().erase(xq, by);
    const events = await stage.events();
    expect(await stage.engine().erase(xq, by)).toEqual({ userId: xq, outcome: 'already-erased' });
    const stranger = idOf('00000000-0000-4000-8000-00000000dead');
    expect(await stage.engine().erase(stranger, by)).toEqual({ userId: stranger, outcome: 'nothing-known' });
    expect(await stage.events()).toEqual(events);
  });
});

describe('FC-94 the erasure is refused, with the reason', () => {
  it('while the person is in the group', async () => {
    const { stage, xq } = await openCompany();
    const events = await stage.events();
    await expect(stage.engine().erase(xq, by)).rejects.toMatchObject({
      code: 'not-erasable',
      message: expect.stringMatching(/is still in the group: take them out of it/) as unknown,
    });
    expect(await stage.events()).toEqual(events);
    expect((await stage.sync()).events).toEqual(none);
  });

  it('while the deactivation waits for approval: nobody would deactivate the account any more', async () => {
    const stage = await openStage({ graph: calm });
    const crew = stage.crew(10);
    await stage.sync();
    for (const userId of crew.slice(0, 6)) stage.leave(userId);
    expect((await stage.sync()).exitCode).toBe(3);
    await expect(stage.engine().erase(idOf(crew[0] ?? ''), by)).rejects.toThrow(/waits for approval/);
  });

  it('while it is not known what came of a command', async () => {
    const { stage, xq } = await openCompany();
    stage.leave(xq);
    const lost = stage.simulator.faults.add({ system: 'learnAmp', path: /deactivate$/, action: 'applyThenReset' });
    await stage.sync();
    expect(lost.hits()).toBeGreaterThan(0);
    await expect(stage.engine().erase(xq, by)).rejects.toThrow(/command under way/);
    lost.remove();
    await stage.sync();
    expect(await stage.engine().erase(xq, by)).toMatchObject({ outcome: 'erased' });
  });
});
