import { startSimulator } from '@learnamp/directory-sync-simulator';
import { expect, it } from 'vitest';
import { connect, sqliteFolder } from '../support/connect.js';

it('syncs', async () => {
  const simulator = await startSimulator({ seed: 1 });
  const files = await sqliteFolder();
  const stores = await files.open();
  const engine = connect(simulator, { stores });
  const report = await engine.sync();
  console.log(JSON.stringify(report, null, 1).slice(0, 6000));
  console.log(simulator.requests.counts());
  const again = await engine.sync();
  console.log(JSON.stringify(again, null, 1).slice(0, 3000));
  console.log(simulator.directory.reachableUsers?.(simulator.scopeGroupId)?.size);
  await engine.close();
  await simulator.close();
  await files.remove();
  expect(report.exitCode).toBe(0);
});
