import { afterEach, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../simulator.js';
import type { FaultAction } from './fault-plan.js';

const open: Simulator[] = [];
const start = async (): Promise<Simulator> => {
  const simulator = await startSimulator({ seed: 1, company: { people: 5 } });
  open.push(simulator);
  return simulator;
};
afterEach(async () => {
  await Promise.all(open.splice(0).map((simulator) => simulator.close()));
});

const createUser = async (simulator: Simulator, signal?: AbortSignal): Promise<Response> =>
  fetch(`${simulator.learnAmpUrl}/v1/users`, {
    method: 'POST',
    headers: { authorization: `Bearer ${simulator.learnAmpToken()}` },
    body: new URLSearchParams({ email: 'new@x.example', firstName: 'New', lastName: 'Person', skipInvitation: 'true' }),
    ...(signal === undefined ? {} : { signal }),
  });
const applied = (simulator: Simulator): boolean => simulator.learnAmp.accountByEmail('new@x.example') !== undefined;

describe('the fault plan', () => {
  it.each<[string, FaultAction, boolean]>([
    ['reset', 'reset', false],
    ['applyThenReset', 'applyThenReset', true],
    ['truncate', 'truncate', true],
  ])('%s: the answer is lost', async (_, action, isApplied) => {
    const simulator = await start();
    const fault = simulator.faults.add({ system: 'learnAmp', method: 'POST', path: /^\/v1\/users$/, nth: 1, action });
    await expect(createUser(simulator).then((response) => response.json())).rejects.toThrow();
    expect(applied(simulator)).toBe(isApplied);
    expect(fault.hits()).toBe(1);
    expect((await createUser(simulator)).status).toBe(isApplied ? 400 : 201);
  });

  it.each<[string, FaultAction, boolean]>([
    ['hang', 'hang', false],
    ['applyThenHang', 'applyThenHang', true],
  ])('%s: no answer until the client gives up', async (_, action, isApplied) => {
    const simulator = await start();
    simulator.faults.add({ action });
    await expect(createUser(simulator, AbortSignal.timeout(100))).rejects.toThrow();
    expect(applied(simulator)).toBe(isApplied);
    expect(simulator.requests.all().map(({ status }) => status)).toEqual([0]);
  });

  it('closing ends requests that hang', async () => {
    const simulator = await start();
    simulator.faults.add({ action: 'hang' });
    const hanging = expect(createUser(simulator)).rejects.toThrow();
    while (simulator.requests.count() === 0) await new Promise((resolve) => setImmediate(resolve));
    await simulator.close();
    await hanging;
  });

  it('html, wrong JSON and statuses come instead of the work', async () => {
    const simulator = await start();
    simulator.faults.add({ nth: 1, action: 'html' });
    simulator.faults.add({ nth: 2, action: 'wrongJson' });
    simulator.faults.add({ from: 3, times: 2, action: { status: 503, headers: { 'retry-after': '1' } } });
    const html = await createUser(simulator);
    expect([html.status, html.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(await (await createUser(simulator)).json()).toEqual({ unexpected: true });
    for (let count = 3; count <= 4; count += 1) {
      const busy = await createUser(simulator);
      expect([busy.status, busy.headers.get('retry-after'), await busy.text()]).toEqual([503, '1', '']);
    }
    expect(applied(simulator)).toBe(false);
    expect((await createUser(simulator)).status).toBe(201);
    expect(simulator.requests.all().map(({ status }) => status)).toEqual([200, 200, 503, 503, 201]);
  });

  it('an answer can be rewritten, or held back for a while', async () => {
    const simulator = await start();
    simulator.faults.add({ nth: 1, action: { rewrite: (response) => ({ ...response, body: { id: 'other' } }) } });
    simulator.faults.add({ nth: 2, action: { delayMs: 30 } });
    expect(await (await createUser(simulator)).json()).toEqual({ id: 'other' });
    const began = performance.now();
    expect((await createUser(simulator)).status).toBe(400);
    expect(performance.now() - began).toBeGreaterThan(25);
  });

  it('a fault that was removed strikes no more', async () => {
    const simulator = await start();
    simulator.faults.add({ action: 'reset' }).remove();
    simulator.faults.add({ every: 2, action: { status: 500 } });
    const statuses = [];
    for (let count = 0; count < 4; count += 1) statuses.push((await createUser(simulator)).status);
    expect(statuses).toEqual([201, 500, 400, 500]);
    simulator.faults.clear();
    expect((await createUser(simulator)).status).toBe(400);
  });
});

describe('the request log', () => {
  it('records every request without its credentials, and counts by system, method and path', async () => {
    const simulator = await start();
    await createUser(simulator);
    await fetch(`${simulator.graphUrl}/users/$count`, { headers: { authorization: 'Bearer x', prefer: 'a' } });
    expect(simulator.requests.counts()).toEqual({ graph: 1, learnAmp: 1, token: 0 });
    expect(simulator.requests.count({ system: 'learnAmp', method: 'POST', path: /users$/ })).toBe(1);
    expect(simulator.requests.all()[1]).toMatchObject({
      path: '/v1.0/users/$count',
      status: 401,
      headers: { prefer: 'a' },
    });
    expect(JSON.stringify(simulator.requests.all())).not.toContain('Bearer');
    simulator.requests.reset();
    expect(simulator.requests.count()).toBe(0);
  });

  it('a body above four mebibytes is refused', async () => {
    const simulator = await start();
    const response = await fetch(`${simulator.graphUrl}/$batch`, {
      method: 'POST',
      body: 'x'.repeat(4 * 1024 * 1024 + 1),
    });
    expect(response.status).toBe(413);
  });
});
