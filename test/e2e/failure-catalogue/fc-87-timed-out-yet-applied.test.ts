import type { FaultRule } from '@learnamp/directory-sync-simulator';
import { describe, expect, it } from 'vitest';
import { succeeded } from '../../support/report.js';
import { calm, openStage, type StageOptions } from '../../support/stage.js';

const creation: FaultRule = {
  system: 'learnAmp',
  method: 'POST',
  path: /\/v1\/users$/,
  times: 1,
  action: 'applyThenHang',
};
/** A replica that has not heard of the account yet. */
const byExternalId: FaultRule = {
  system: 'learnAmp',
  method: 'GET',
  path: /\/by_integration_external_id\//,
  action: { status: 404, body: { error: 'Not found' } },
};
const byAddress: FaultRule = {
  system: 'learnAmp',
  method: 'GET',
  path: /\/v1\/users$/,
  match: ({ query }) => query.has('filters[email]'),
  action: { status: 200, headers: { 'total-pages': '0' }, body: { users: [] } },
};

const openTimedOut = async (options: StageOptions = {}) => {
  const stage = await openStage({
    graph: calm,
    patienceMs: 1_200,
    preferences: { invitations: 'immediate' },
    ...options,
  });
  await stage.sync();
  const ann = stage.hire('Ann Lee');
  const lost = stage.simulator.faults.add(creation);
  return { stage, ann, lost };
};

describe('FC-87 a creation that took longer than we waited and was applied all the same', () => {
  it('is looked up at once: one account, one mail, and it is told as found', async () => {
    const { stage, ann, lost } = await openTimedOut();
    const report = await stage.sync();
    expect(lost.hits()).toBe(1);
    expect(succeeded(report)).toEqual({ CreateUser: 1 });
    expect(await stage.events('CommandSucceeded')).toMatchObject([
      { data: { result: 'found', command: { userId: ann } } },
    ]);
    expect(stage.learnAmp.accounts()).toHaveLength(3);
    expect(stage.learnAmp.invitations().map(({ accountId }) => accountId)).toEqual([stage.account(ann).id]);
    expect((await stage.sync()).events).toEqual({});
    await stage.checkInvariants();
  });

  it('that the first look does not show yet is asked for again before anything is created', async () => {
    const { stage, ann } = await openTimedOut();
    const lags = [byExternalId, byAddress].map((rule) => stage.simulator.faults.add({ ...rule, times: 1 }));
    expect(succeeded(await stage.sync())).toEqual({ CreateUser: 1 });
    expect(lags.map((lag) => lag.hits())).toEqual([1, 1]);
    expect(stage.learnAmp.writes().filter(({ method }) => method === 'POST')).toHaveLength(1);
    expect(stage.learnAmp.invitations()).toHaveLength(1);
    expect(stage.account(ann).integrationExternalId).toBe(ann);
    await stage.checkInvariants();
  });

  it('that no look shows in this cycle is looked for by the next one, and not created a second time', async () => {
    const { stage, ann } = await openTimedOut();
    const lags = [byExternalId, byAddress].map((rule) => stage.simulator.faults.add(rule));
    await stage.sync();
    for (const lag of lags) {
      expect(lag.hits()).toBeGreaterThan(1);
      lag.remove();
    }
    expect(stage.learnAmp.writes().filter(({ method }) => method === 'POST')).toHaveLength(1);
    expect(await stage.sync()).toMatchObject({ ok: true, exitCode: 0, people: { linked: 1 } });
    expect(await stage.events('UserLinked')).toMatchObject([{ data: { userId: ann, how: 'found' } }]);
    expect(stage.learnAmp.writes().filter(({ method }) => method === 'POST')).toHaveLength(1);
    expect(stage.learnAmp.invitations()).toHaveLength(1);
    await stage.checkInvariants();
  });
});
