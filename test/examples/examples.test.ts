import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openMemoryStores, toObjectId } from '@learnamp/directory-sync';
import { startSimulator, type Simulator } from '@learnamp/directory-sync-simulator';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { connect } from '../support/connect.js';
import { syncCompany, type Company } from './embedding.js';
import { historyOf, summary, syncFor, whatWouldHappen } from './reading.js';
import { keepSubscribed } from './tenant.js';

// The examples of the documentation, run. docs.test.ts sees to it that the documentation shows exactly these.
let simulator: Simulator;
let folder = '';
beforeAll(async () => {
  simulator = await startSimulator({ seed: 3, company: { people: 12 } });
  folder = await mkdtemp(join(tmpdir(), 'examples-'));
});
afterAll(async () => {
  await simulator.close();
  await rm(folder, { recursive: true, force: true });
});

const objectId = (text: string) => {
  const id = toObjectId(text);
  if (id === undefined) throw new Error(`${text} is no GUID`);
  return id;
};

test('a company is synced with a few lines', async () => {
  const { graphUrl, authorityUrl, learnAmpUrl } = simulator;
  const company: Company = {
    connectionId: 'example',
    tenantId: objectId(simulator.tenantId),
    groupId: objectId(simulator.scopeGroupId),
    graph: { clientId: simulator.clientId, clientSecret: simulator.clientSecret },
    learnAmp: { clientId: simulator.learnAmpClientId, clientSecret: simulator.learnAmpClientSecret },
  };
  const addresses = { folder, graph: graphUrl, authority: authorityUrl, learnAmp: learnAmpUrl };
  const report = await syncCompany(company, addresses);
  expect(report).toMatchObject({ ok: true, exitCode: 0, people: { inScope: 12, linked: 12 } });
  expect(simulator.learnAmp.invitations().length).toBeGreaterThan(0);
});

test('the engine is asked what it would do, what it did, and why', async () => {
  const engine = connect(simulator, { connectionId: 'reading' });
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  try {
    expect((await whatWouldHappen(engine)).length).toBeGreaterThan(0);
    expect(await summary(engine)).toMatch(/^12 accounts are as the directory says/);
    const [first = ''] = simulator.company.people;
    expect((await historyOf(engine, objectId(first))).some((line) => line.endsWith('UserJoinedGroup'))).toBe(true);
    expect((await syncFor(engine, 60_000)).exitCode).toBe(0);
    expect(log).toHaveBeenCalled();
  } finally {
    log.mockRestore();
    await engine.close();
  }
});

test('a tenant is kept subscribed', async () => {
  const free = createServer().listen(0, '127.0.0.1');
  await once(free, 'listening');
  const { port } = free.address() as AddressInfo;
  await new Promise((resolve) => free.close(resolve));
  const controller = new AbortController();
  const { tenantId, graphUrl, authorityUrl, clientId, clientSecret } = simulator;
  const caughtUp = new Promise<void>((resolve) => {
    void keepSubscribed(
      {
        tenantId,
        cloud: 'global',
        baseUrl: graphUrl,
        auth: { kind: 'client-secret', authority: authorityUrl, clientId, clientSecret },
        patienceMs: 30_000,
      },
      openMemoryStores(),
      { publicUrl: `http://127.0.0.1:${port}/notifications`, port, signal: controller.signal },
      async () => resolve(),
    );
  });
  await caughtUp;
  expect(simulator.subscriptions.list().map(({ resource }) => resource)).toEqual(['/users', '/groups']);
  controller.abort();
});
