import { expect, it } from 'vitest';
import { startSimulator } from '../simulator.js';

it('answers at the same addresses as over the socket, logs the request and dates the answer by its own clock', async () => {
  const simulator = await startSimulator({
    seed: 3,
    company: { people: 5 },
    now: () => new Date('2026-02-01T10:00:00Z'),
  });
  const url = `${simulator.graphUrl}/groups/${simulator.scopeGroupId}?$select=id,displayName`;
  const init = { headers: { authorization: `Bearer ${simulator.graphToken()}` } };
  const [direct, wired] = [await simulator.fetch(url, init), await fetch(url, init)];
  expect(direct.status).toBe(200);
  expect(await direct.json()).toEqual(await wired.json());
  expect(direct.headers.get('date')).toBe('Sun, 01 Feb 2026 10:00:00 GMT');
  expect(simulator.requests.counts().graph).toBe(2);
  await simulator.close();
});

it('takes a form at Learn Amp, and a cut or half an answer rejects as a socket would', async () => {
  const simulator = await startSimulator({ seed: 3, company: { people: 5 } });
  const post = (): Promise<Response> =>
    simulator.fetch(`${simulator.learnAmpUrl}/v1/users`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${simulator.learnAmpToken()}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: new URLSearchParams({ email: 'a@x.example', firstName: 'A', lastName: 'B', skipInvitation: 'true' }),
    });
  simulator.faults.add({ system: 'learnAmp', nth: 1, action: 'applyThenReset' });
  simulator.faults.add({ system: 'learnAmp', nth: 2, action: 'truncate' });
  await expect(post()).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
  expect(simulator.learnAmp.accountByEmail('a@x.example')?.status).toBe('not_invited');
  await expect((await post()).text()).rejects.toThrow('fetch failed');
  expect((await post()).status).toBe(400);
  await simulator.close();
});

it('an address nobody serves is refused, and what hangs ends with the signal of the caller', async () => {
  const simulator = await startSimulator({ seed: 3, company: { people: 5 } });
  await expect(simulator.fetch('http://127.0.0.1:1/v1.0/users')).rejects.toMatchObject({
    cause: { code: 'ECONNREFUSED' },
  });
  simulator.faults.add({ action: 'hang' });
  const controller = new AbortController();
  const asked = simulator.fetch(`${simulator.graphUrl}/organization`, { signal: controller.signal });
  controller.abort();
  await expect(asked).rejects.toMatchObject({ name: 'AbortError' });
  await simulator.close();
});
