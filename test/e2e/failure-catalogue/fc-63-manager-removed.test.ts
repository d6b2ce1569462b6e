import type { FaultAction } from '@learnamp/directory-sync-simulator';
import { describe, expect, it } from 'vitest';
import { facts, succeeded } from '../../support/report.js';
import { calm, openStage, type StageOptions } from '../../support/stage.js';

const openPair = async (options: StageOptions = {}) => {
  const stage = await openStage({ graph: calm, ...options });
  const [boss, ann] = [stage.hire('Bea Boss'), stage.hire('Ann Lee')];
  stage.directory.setManager(ann, boss);
  const crew = stage.crew(6);
  await stage.sync();
  stage.newWrites();
  return { stage, boss, ann, crew };
};

// The catalogue proposes to keep the override of an emptied field; the design clears it by default (`blanks: 'clear'`), since
// a stale manager keeps seeing the data of people who are no longer theirs, and keeps it with `blanks: 'keep'`.
describe('FC-63 the manager is removed', () => {
  it.each([
    ['clear', 1],
    ['keep', 0],
  ] as const)('with blanks: %s the override of the engine is cleared %i times', async (blanks, cleared) => {
    const { stage, boss, ann } = await openPair({ preferences: { blanks } });
    stage.directory.clearManager(ann);
    const report = await stage.sync();
    expect(facts(report)).toMatchObject({ ManagerUnassigned: 1 });
    expect(succeeded(report)).toEqual(cleared === 0 ? {} : { ClearOverrideManager: 1 });
    expect(stage.managerOf(ann)?.id).toBe(cleared === 0 ? stage.account(boss).id : undefined);
    await stage.sync({ full: true });
    expect(stage.managerOf(ann)?.id).toBe(cleared === 0 ? stage.account(boss).id : undefined);
  });

  it('one that was set by hand is not the engine’s to clear', async () => {
    const { stage, ann, crew } = await openPair();
    const byHand = stage.account(crew[0] ?? '');
    stage.learnAmp.updateAccount(stage.account(ann).id, { managerId: byHand.id });
    stage.directory.clearManager(ann);
    await stage.sync({ full: true });
    expect(stage.managerOf(ann)?.id).toBe(byHand.id);
  });
});

describe('FC-63 the switch is turned off and on', () => {
  it('off: no manager command of any kind, nothing is cleared; on again: everything is applied', async () => {
    const { stage, boss, ann, crew } = await openPair();
    const [ben = '', cleo = ''] = crew;
    await stage.reopen({ preferences: { assignOverrideManagers: false } });
    stage.directory.setManager(ben, boss);
    stage.directory.clearManager(ann);
    for (const full of [false, true]) await stage.sync({ full });
    expect(stage.newWrites().filter(({ body }) => 'managerId' in body)).toEqual([]);
    expect(stage.managerOf(ann)?.id).toBe(stage.account(boss).id);
    expect(stage.account(ben).managerId).toBeNull();

    stage.directory.setManager(cleo, boss);
    await stage.reopen({ preferences: { assignOverrideManagers: true } });
    const on = await stage.sync();
    expect(succeeded(on)).toEqual({ SetOverrideManager: 2, ClearOverrideManager: 1 });
    for (const id of [ben, cleo]) expect(stage.managerOf(id)?.id).toBe(stage.account(boss).id);
    expect(stage.managerOf(ann)).toBeUndefined();
  });
});

const notFound = (code: string): FaultAction => ({ status: 404, body: { error: { code, message: 'not there' } } });
const unknown: ReadonlyArray<readonly [string, FaultAction]> = [
  ['404 with another code', notFound('ResourceNotFound')],
  ['404 without a code', { status: 404, body: {} }],
  ['403', { status: 403, body: { error: { code: 'Authorization_RequestDenied', message: 'no' } } }],
  ['500', { status: 500, body: { error: { code: 'InternalServerError', message: 'no' } } }],
];

/** `$expand` is refused, so that the manager is a request of its own. */
const asksApart = (stage: Awaited<ReturnType<typeof openPair>>['stage']) =>
  stage.simulator.faults.add({
    system: 'graph',
    match: ({ inBatch, query }) => inBatch && query.has('$expand'),
    action: { status: 400, body: { error: { code: 'Request_UnsupportedQuery', message: 'expand' } } },
  });

/** Somebody joins, and their manager is asked for in a request of its own. */
const joining = async (action: FaultAction | undefined) => {
  const { stage, boss } = await openPair({ patienceMs: 500 });
  asksApart(stage);
  const fault =
    action === undefined ? undefined : stage.simulator.faults.add({ system: 'graph', path: /\/manager$/, action });
  const ben = stage.hire('Ben Ode');
  return { stage, boss, ben, fault };
};

describe('FC-63 what "no manager" is (I-13)', () => {
  it('404 with the code of a missing resource is none: whoever has no manager is served', async () => {
    const { stage, ben } = await joining(undefined);
    expect((await stage.sync()).exitCode).toBe(0);
    expect(stage.account(ben).managerId).toBeNull();
    expect(
      stage.simulator.requests.all().some(({ items }) => items.some(({ path }) => path.endsWith('/manager'))),
    ).toBe(true);
  });

  it.each(unknown)('%s is unknown: nobody joins without the manager they may have', async (_how, action) => {
    const { stage, boss, ben, fault } = await joining(action);
    stage.directory.setManager(ben, boss);
    await stage.sync();
    expect(fault?.hits()).toBeGreaterThan(0);
    const joined = async () =>
      (await stage.events('UserJoinedGroup')).flatMap(({ data }) => {
        const { userId, managerId } = data as { readonly userId: string; readonly managerId: string | null };
        return userId === ben ? [managerId] : [];
      });
    expect(await joined()).toEqual([]);
    fault?.remove();
    await stage.sync();
    expect(await joined()).toEqual([boss]);
    expect(stage.managerOf(ben)?.id).toBe(stage.account(boss).id);
    expect(await stage.events('ManagerUnassigned')).toEqual([]);
  });
});
