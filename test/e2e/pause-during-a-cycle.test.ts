import { expect, it } from 'vitest';
import { connect } from '../support/connect.js';
import { hire, lastingStores, openCompany } from '../support/running-engine.js';
import { openStage } from '../support/stage.js';
import { makeVirtualTime } from '../support/virtual-time.js';

const by = { actor: 'ann', reason: 'a test' };

it('a pause ends the cycle that is under way, and a resumed connection goes on where it stood', async () => {
  const stage = await openStage();
  stage.crew(150);
  let pausing: Promise<void> | undefined;
  const report = await stage.engine().sync({
    onProgress: ({ step }) => {
      if (step === 'accounts') pausing ??= stage.engine().pause(by);
    },
  });
  await pausing;
  expect(report).toMatchObject({ ok: false, error: { code: 'stopped' } });
  expect(stage.newWrites()).toEqual([]);
  expect((await stage.engine().preview()).report.error).toBeUndefined();
  await stage.engine().resume(by);
  const resumed = await stage.sync();
  expect(resumed).toMatchObject({ ok: true, commands: { CreateUser: { succeeded: 150 } } });
});

it('a pause that another process records ends it at its next batch', async () => {
  const company = await openCompany(makeVirtualTime());
  for (let n = 0; n < 250; n += 1) hire(company, `Crew Member${String(n)}`);
  const stores = lastingStores();
  const [first, other] = [connect(company, { stores }), connect(company, { stores })];
  let pausing: Promise<void> | undefined;
  const report = await first.sync({
    onProgress: ({ step }) => {
      if (step === 'accounts') pausing ??= other.pause(by);
    },
  });
  await pausing;
  expect(report).toMatchObject({ ok: false, error: { code: 'stopped' } });
  // What was dispatched with the append that met the pause goes out, so that none of it is left without an answer.
  expect(report.people.linked).toBeLessThanOrEqual(100);
});
