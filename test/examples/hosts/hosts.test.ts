import { openMemoryStores } from '@learnamp/directory-sync';
import { startSimulator, type Simulator } from '@learnamp/directory-sync-simulator';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { connectionAt, freePort } from '../../support/example-company.js';
import { buildHost, type HostOptions } from './fastify-host.js';
import { startHost } from './node-host.js';

/** Long enough for a machine that is busy with other things. */
const PATIENCE = { timeout: 60_000, interval: 30 };

/** The sign-in of the two hosts: a cookie, as any host has one. */
const signedIn: HostOptions['signedIn'] = async (request) => {
  const name = /session=(\w+)/.exec(request.headers.get('cookie') ?? '')?.[1];
  return name === undefined ? undefined : { name, isAdmin: name === 'ann' };
};

const hosts = {
  Fastify: async (options: HostOptions, port: number) => {
    const app = await buildHost(options);
    await app.listen({ port, host: '127.0.0.1' });
    return { close: () => app.close() };
  },
  'node:http': startHost,
};

const open = async (start: (typeof hosts)[keyof typeof hosts]) => {
  const simulator = await startSimulator({ seed: 6, company: { people: 4, photos: 0 } });
  onTestFinished(() => simulator.close());
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const publicUrl = `${origin}/hooks/graph`;
  const connections = [connectionAt(simulator, 'contoso')];
  const host = await start({ stores: openMemoryStores(), publicUrl, connections, signedIn }, port);
  onTestFinished(() => host.close());
  return { simulator, origin, publicUrl, host };
};

const accountOf = ({ learnAmp }: Simulator, userId: string) => learnAmp.accountByExternalId(userId);

describe.each(Object.entries(hosts))('a host with %s', { timeout: 240_000 }, (_, start) => {
  test('takes notifications, and ends in good order: the port is free, and nobody is asked anything more', async () => {
    const { simulator, publicUrl, origin, host } = await open(start);
    const [first = ''] = simulator.company.people;
    await vi.waitFor(() => expect(simulator.subscriptions.list()).toHaveLength(2), PATIENCE);
    expect(simulator.subscriptions.list().map(({ notificationUrl }) => notificationUrl)).toEqual([
      publicUrl,
      publicUrl,
    ]);
    await vi.waitFor(() => expect(accountOf(simulator, first)).toBeDefined(), PATIENCE);
    simulator.directory.updateUser(first, { jobTitle: 'Captain' });
    expect(await simulator.subscriptions.notify('users', [first])).toEqual([202]);
    await vi.waitFor(() => expect(accountOf(simulator, first)?.jobTitle).toBe('Captain'), PATIENCE);
    await host.close();
    await expect(fetch(`${origin}/healthz`)).rejects.toThrow();
    simulator.requests.reset();
    await new Promise((resolve) => setImmediate(resolve));
    expect(simulator.requests.count()).toBe(0);
  });

  test('has the console behind its own sign-in: admins change, others look, strangers see nothing', async () => {
    const { origin } = await open(start);
    const at = `${origin}/admin/directory-sync`;
    const as = (name: string) => ({ cookie: `session=${name}` });
    expect((await fetch(`${at}/api/companies`)).status).toBe(401);
    const session = await fetch(`${at}/api/session`, { headers: as('vic') });
    expect(await session.json()).toMatchObject({ name: 'vic', role: 'viewer' });
    const pause = (headers: Record<string, string>) =>
      fetch(`${at}/api/companies/contoso/pause`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ reason: 'maintenance' }),
      });
    expect((await pause({ ...as('vic'), origin })).status).toBe(403);
    expect((await pause({ ...as('ann'), origin: 'http://127.0.0.1:1' })).status).toBe(403);
    expect((await pause({ ...as('ann'), origin })).status).toBe(200);
    const company = await fetch(`${at}/api/companies/contoso`, { headers: as('vic') });
    expect(await company.json()).toMatchObject({ status: { paused: true } });
  });
});
