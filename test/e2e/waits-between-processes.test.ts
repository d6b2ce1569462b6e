import { openMemoryStores } from '@learnamp/directory-sync';
import { startSimulator } from '@learnamp/directory-sync-simulator';
import { expect, it, onTestFinished } from 'vitest';
import { openCommandLine } from '../support/command-line.js';
import { connect } from '../support/connect.js';
import { none } from '../support/report.js';
import { calm, nobody } from '../support/stage.js';

it('what Graph asked one command to wait for, the next one waits for, too; a dry run looks at it and writes nothing', async () => {
  const simulator = await startSimulator({ seed: 3, company: nobody, graph: calm });
  onTestFinished(() => simulator.close());
  const commandLine = await openCommandLine(simulator, { extra: { patienceSeconds: 5 } });
  expect(await commandLine.run(['sync'])).toMatchObject({ code: 0 });
  simulator.faults.add({ system: 'graph', times: 1, action: { status: 429, headers: { 'retry-after': '600' } } });
  const told = await commandLine.run(['sync']);
  expect(told).toMatchObject({ code: 1 });
  const until = /wait until (\S+);/.exec(told.stderr)?.[1] ?? '';
  expect(Date.parse(until) - Date.now()).toBeGreaterThan(500_000);
  const asked = simulator.requests.counts().graph;
  for (const words of [['sync'], ['sync', '--dry-run']]) {
    const again = await commandLine.run(words);
    expect(again).toMatchObject({ code: 1 });
    expect(again.stderr).toContain('wait until');
  }
  expect(simulator.requests.counts().graph).toBe(asked);
});

it('beside an engine that has to wait longer than the patience, a sync says until when instead of waiting along', async () => {
  const simulator = await startSimulator({ seed: 3, company: nobody, graph: calm });
  const stores = openMemoryStores();
  const engine = connect(simulator, { stores });
  onTestFinished(async () => {
    await engine.close();
    await simulator.close();
  });
  expect(await engine.sync()).toMatchObject({ exitCode: 0 });
  const waitingUntil = new Date(Date.now() + 600_000).toISOString();
  const webhook = { state: 'off', lastNotificationAt: null, expiresAt: null, problem: null };
  // What a running engine tells of itself every ten seconds.
  await stores.cache.put(
    'live:fabrikam',
    JSON.stringify({
      toldAt: new Date().toISOString(),
      running: true,
      cycle: 'waiting',
      nextSyncAt: waitingUntil,
      waitingUntil,
      lastError: null,
      webhook,
    }),
  );
  const report = await engine.sync({ actor: 'ann', patienceMs: 20_000 });
  expect(report).toMatchObject({ ok: false, exitCode: 1, error: { code: 'throttled' }, events: none });
  expect(report.error?.message).toContain(waitingUntil);
  // It was asked all the same: the engine takes it up when it may.
  const asked: string[] = [];
  for await (const { type } of engine.events({ types: ['SyncRequested'] })) asked.push(type);
  expect(asked).toHaveLength(1);
});
