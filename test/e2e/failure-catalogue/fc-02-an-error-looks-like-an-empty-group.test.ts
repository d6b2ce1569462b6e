import type { FaultAction } from '@learnamp/directory-sync-simulator';
import { expect, it } from 'vitest';
import { openStage } from '../../support/stage.js';

const body = (value: unknown): FaultAction => ({ rewrite: (response) => ({ ...response, body: value }) });

const ways: ReadonlyArray<readonly [string, FaultAction, string]> = [
  ['answers 503 for as long as it is asked', { status: 503, body: {} }, 'graph-unreachable'],
  ['cuts the connection', 'reset', 'graph-unreachable'],
  ['is never answered', 'hang', 'graph-unreachable'],
  ['breaks off in the middle of the body', 'truncate', 'graph-unreachable'],
  ['is a web page of a proxy with status 200', 'html', 'graph-'],
  ['is an error with status 200', body({ error: { code: 'serviceNotAvailable', message: 'Busy' } }), 'graph-'],
  ['has neither a list nor a link', body({}), 'graph-protocol'],
  ['is an empty list without a link', body({ value: [] }), 'graph-protocol'],
  ['has a list that is null', body({ value: null, '@odata.nextLink': 'x' }), 'graph-protocol'],
];

/** Pages of one object, in order, so that "the third page" is the same in each case. */
const graph = { pageSize: { min: 1, max: 1 }, sliceSize: { min: 2, max: 2 }, emptyPages: false, replays: false };

it.each(ways)('FC-02 a page of the members that %s is never an empty group', async (_how, action, code) => {
  const stage = await openStage({ graph, patienceMs: 250, storage: 'memory' });
  const crew = stage.crew(12);
  const ready = await stage.sync();
  expect(ready.exitCode).toBe(0);

  for (const id of crew.slice(0, 4)) stage.leave(id);
  stage.hire('Ann Lee');
  for (const full of [false, true]) {
    const fault = stage.simulator.faults.add({ system: 'graph', path: /\/groups\/.*delta/, from: 2, action });
    stage.newWrites();
    const report = await stage.sync({ full });
    expect(fault.hits()).toBeGreaterThan(0);
    expect(report).toMatchObject({ ok: false, exitCode: 1, people: { inScope: 12 } });
    expect(report.error?.code).toContain(code);
    expect(report.events).not.toHaveProperty('UserLeftGroup');
    expect(report.events).not.toHaveProperty('LeaveConfirmed');
    expect(report.commands).toEqual({});
    expect(stage.newWrites()).toEqual([]);
    fault.remove();
  }
  // An absence counted from half of a full read would show here.
  expect((await stage.events('SyncAborted')).length).toBeGreaterThan(0);
  const end = await stage.sync();
  expect(end).toMatchObject({ exitCode: 0, people: { inScope: 9, linked: 9 } });
  expect(stage.learnAmp.deactivations()).toHaveLength(4);
});
