import { expect, it } from 'vitest';
import { idOf } from '../support/simulator-settings.js';
import { calm, openStage } from '../support/stage.js';

it('who is held, and who is parked, come in pages: all are counted, those of the page are shown and recorded as seen', async () => {
  const stage = await openStage({ graph: calm, patienceMs: 500 });
  const crew = [...stage.crew(12)].sort();
  const leavers = crew.slice(0, 7);
  await stage.sync();
  for (const userId of leavers) stage.leave(userId);
  const refused = stage.simulator.faults.add({
    system: 'learnAmp',
    method: 'PUT',
    action: { status: 422, body: { errors: [] } },
  });
  for (const userId of crew.slice(7)) stage.directory.updateUser(userId, { jobTitle: 'Writer' });
  await stage.sync();
  refused.remove();
  const engine = stage.engine();
  const first = await engine.held({ limit: 4 });
  expect(first).toMatchObject({ more: 3, counts: [{ kind: 'deactivations', people: 7 }] });
  const last = await engine.held({ limit: 4, after: idOf(leavers[3] ?? '') });
  expect(last).toMatchObject({ more: 0, counts: [{ people: 7 }] });
  expect([...first.people, ...last.people].map(({ userId }) => userId)).toEqual(leavers);
  expect(await engine.held()).toMatchObject({ more: 0 });
  const parked = await engine.parked({ limit: 2, after: idOf(crew[7] ?? '') });
  expect(parked).toMatchObject({ more: 2, counts: [{ kind: 'rejected', people: 5 }] });
  expect(parked.people.map(({ userId }) => userId)).toEqual(crew.slice(8, 10));
  const looks = [];
  for await (const look of engine.accesses()) looks.push(look);
  expect(looks.map(({ view, count }) => [view, count])).toEqual([
    ['held', 4],
    ['held', 3],
    ['held', 7],
    ['parked', 2],
  ]);
});
