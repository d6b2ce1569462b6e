import { afterEach, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../simulator.js';

const ann = { email: 'ann@x.example', firstName: 'Ann', lastName: 'Able' };

const open: Simulator[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((simulator) => simulator.close()));
});

const start = async (): Promise<{ simulator: Simulator; call: Call; id: number; team: number }> => {
  const simulator = await startSimulator({ seed: 4, company: { people: 2 } });
  open.push(simulator);
  const call = callOf(simulator);
  const { id } = simulator.learnAmp.addAccount(ann);
  const { id: team } = simulator.learnAmp.addTeam({ name: 'Sales' });
  return { simulator, call, id, team };
};

const callOf =
  (simulator: Simulator) =>
  async (method: string, path: string, fields: Record<string, string> = {}): Promise<number> => {
    const { status } = await fetch(`${simulator.learnAmpUrl}/v1/${path}`, {
      method,
      headers: { authorization: `Bearer ${simulator.learnAmpToken()}` },
      ...(method === 'GET' ? {} : { body: new URLSearchParams(fields) }),
    });
    return status;
  };
type Call = ReturnType<typeof callOf>;

describe('what is asked for a second time', () => {
  it('is answered like the first time, and counted', async () => {
    const { simulator, call, id, team } = await start();
    const twice = async (...given: Parameters<Call>): Promise<void> => {
      const before = simulator.learnAmp.repeats().length;
      await call(...given);
      expect(simulator.learnAmp.repeats()).toHaveLength(before);
      await call(...given);
      expect(simulator.learnAmp.repeats()).toHaveLength(before + 1);
    };
    await twice('PUT', `users/${id}/deactivate`);
    await twice('PUT', `users/${id}/reactivate`);
    await twice('PUT', `users/${id}`, { ...ann, primaryTeamId: String(team) });
    await twice('POST', 'teams', { name: 'Legal', integrationExternalId: 'a:legal' });
    expect(simulator.learnAmp.repeats().map(({ effect }) => effect)).toEqual([
      'deactivation',
      'reactivation',
      'membership',
      'team',
    ]);
  });

  it('knows whether somebody looked in between, at an account or at the list', async () => {
    const { simulator, call, id } = await start();
    for (const look of [undefined, `users/${id}`, 'users?filters[status]=deactivated']) {
      await call('PUT', `users/${id}/deactivate`);
      if (look !== undefined) await call('GET', look);
      await call('PUT', `users/${id}/deactivate`);
      await call('PUT', `users/${id}/reactivate`);
    }
    expect(simulator.learnAmp.repeats().map(({ looked }) => looked)).toEqual([false, true, true]);
  });

  it('is no repeat where a hand undid it, or was the first', async () => {
    const { simulator, call, id, team } = await start();
    simulator.learnAmp.deactivate(id);
    await call('PUT', `users/${id}/deactivate`);
    await call('PUT', `users/${id}/reactivate`);
    simulator.learnAmp.deactivate(id);
    await call('PUT', `users/${id}/reactivate`);
    await call('PUT', `users/${id}`, { ...ann, primaryTeamId: String(team) });
    simulator.learnAmp.updateAccount(id, { primaryTeamId: null });
    await call('PUT', `users/${id}`, { ...ann, primaryTeamId: String(team) });
    expect(simulator.learnAmp.repeats()).toEqual([]);
  });

  it('counts a picture that stands already', async () => {
    const { simulator, id } = await start();
    for (const text of ['one', 'one', 'other'])
      simulator.learnAmp.setAvatar(id, { bytes: Buffer.from(text), mediaType: 'image/jpeg' });
    expect(simulator.learnAmp.repeats()).toMatchObject([{ effect: 'avatar', of: String(id), looked: false }]);
  });
});
