import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultPreferences, openMemoryStores } from '@learnamp/directory-sync';
import { startSimulator, type Simulator } from '@learnamp/directory-sync-simulator';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { connect } from '../support/connect.js';
import { companyOf, connectionAt, freePort } from '../support/example-company.js';
import { idOf } from '../support/simulator-settings.js';
import { syncCompany } from './embedding.js';
import { changesOfDay, consequencesOf, wouldDeactivate } from './audit.js';
import { historyOf, summary, syncFor, whatWouldHappen } from './reading.js';
import { keepInStep, overview, syncUsers } from './running.js';
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

test('a company is synced with a few lines', async () => {
  const { graphUrl, authorityUrl, learnAmpUrl } = simulator;
  const addresses = { folder, graph: graphUrl, authority: authorityUrl, learnAmp: learnAmpUrl };
  const report = await syncCompany(companyOf(simulator, 'example'), addresses);
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
    expect((await historyOf(engine, idOf(first))).some((line) => line.endsWith('UserJoinedGroup'))).toBe(true);
    const followed = await consequencesOf(engine, idOf(first), { revision: 0n });
    expect(followed.some((line) => line.includes('UserJoinedGroup: CreateUser'))).toBe(true);
    const joined = (await historyOf(engine, idOf(first))).find((line) => line.endsWith('UserJoinedGroup')) ?? '';
    const changes = await changesOfDay(engine, new Date(joined.split(' ')[1] ?? ''), new Date());
    expect(changes.some((line) => line.startsWith(first) && line.includes('delivered.learnAmpUserId'))).toBe(true);
    expect(await wouldDeactivate(engine, { ...defaultPreferences, assignOverrideManagers: false })).toBe(0);
    expect((await syncFor(engine, 60_000)).exitCode).toBe(0);
    expect(log).toHaveBeenCalled();
  } finally {
    log.mockRestore();
    await engine.close();
  }
});

test('a host keeps several companies in step, with its own server, avatars and button', async () => {
  const companies = [
    await startSimulator({ seed: 4, company: { people: 5, photos: 1 } }),
    await startSimulator({ seed: 5, company: { people: 3, photos: 0 } }),
  ] as const;
  const [first] = companies;
  const port = await freePort();
  const publicUrl = `http://127.0.0.1:${port}/hooks/graph`;
  const pictures = new Map<string, string>();
  const store = {
    write: async (accountId: string, _picture: Uint8Array, mediaType: string) => {
      pictures.set(accountId, mediaType);
    },
    remove: async (accountId: string) => {
      pictures.delete(accountId);
    },
  };
  const connections = companies.map((at, index) => connectionAt(at, `company-${index}`, store));
  const told: string[] = [];
  const { engine, stop } = await keepInStep(
    {
      stores: openMemoryStores(),
      publicUrl,
      connections: [...connections, ...connections.slice(0, 1)],
      pages: (_request, response) => response.writeHead(200).end('a page of the host'),
      tell: (line) => told.push(line),
    },
    port,
  );
  try {
    expect(told).toEqual(['company-0: TypeError: The connection company-0 was added already.']);
    const pressed = await syncUsers(engine, 'company-0', 'Ann');
    expect(pressed).toBe('5 of 5 people have an account.');
    await vi.waitFor(() => expect([...pictures.values()]).toEqual(Array(5).fill('image/jpeg')), 20_000);
    await vi.waitFor(
      () => expect(first.subscriptions.list().map((one) => one.notificationUrl)).toEqual([publicUrl, publicUrl]),
      20_000,
    );
    expect(await (await fetch(`http://127.0.0.1:${port}/about`)).text()).toBe('a page of the host');
    const requested = [];
    for await (const { type, data } of engine.connection('company-0')?.events({ types: ['SyncRequested'] }) ?? [])
      requested.push([type, data]);
    expect(requested).toEqual([['SyncRequested', { actor: 'Ann' }]]);
    await vi.waitFor(
      async () => expect((await overview(engine))[1]).toMatch(/^company-1: (idle|syncing), read \d+ s ago, /),
      20_000,
    );
    expect(await syncUsers(engine, 'unknown', 'Ann')).toBe('There is no such connection.');
  } finally {
    await stop();
    for (const each of companies) await each.close();
  }
}, 60_000);

test('a tenant is kept subscribed', async () => {
  const port = await freePort();
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
