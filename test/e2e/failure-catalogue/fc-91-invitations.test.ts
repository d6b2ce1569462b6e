import { randomFrom } from '@learnamp/directory-sync-simulator';
import { expect, it } from 'vitest';
import { openStage, type Stage } from '../../support/stage.js';

/** Some weeks of a company: people come, leave, return, are renamed; answers get lost; the process is restarted. */
const liveThrough = async (stage: Stage, seed: number): Promise<void> => {
  const random = randomFrom(seed, 'weeks');
  const { directory, simulator } = stage;
  const everyone = [...stage.crew(10)];
  const imported = stage.hire('Imogen Ported');
  everyone.push(imported);
  stage.learnAmp.addAccount({ email: 'imogen.ported@fabrikam.example', firstName: 'Imogen', lastName: 'Ported' });
  for (let week = 0; week < 6; week += 1) {
    if (random.chance(0.5)) everyone.push(...stage.crew(random.integer(1, 3)));
    const someone = random.pick(everyone as [string, ...string[]]);
    const inScope = directory.group(directory.scopeGroupId).memberIds.has(someone);
    if (inScope) stage.leave(someone);
    else directory.addMember(directory.scopeGroupId, someone);
    const other = random.pick(everyone as [string, ...string[]]);
    directory.updateUser(other, { userPrincipalName: `week${week}.${seed}@fabrikam.example` });
    const lost = simulator.faults.add({
      system: 'learnAmp',
      method: random.pick(['POST', 'PUT']),
      every: random.integer(2, 4),
      times: 2,
      action: random.pick(['applyThenReset', 'truncate']),
    });
    await stage.sync({ full: random.chance(0.3) });
    lost.remove();
    if (random.chance(0.5)) await stage.reopen();
    await stage.sync();
  }
};

const createdByUs = (stage: Stage) =>
  stage.learnAmp.accounts().filter(({ role, email }) => role === 'viewer' && !email.startsWith('imogen'));

it.each([1, 2, 3, 4])(
  'FC-91 with invitations at once there is one mail for each first creation, whatever happens after it (seed %i)',
  async (seed) => {
    const stage = await openStage({
      seed,
      preferences: { invitations: 'immediate', deactivationHold: { enabled: false } },
      storage: 'memory',
    });
    await liveThrough(stage, seed);
    const invited = stage.learnAmp.invitations().map(({ accountId }) => accountId);
    const imported = stage.learnAmp.accounts().find(({ firstName }) => firstName === 'Imogen')?.id;
    const created = stage.learnAmp
      .accounts()
      .filter(({ id, role }) => role === 'viewer' && id !== imported)
      .map(({ id }) => id);
    expect(invited.toSorted()).toEqual(created.toSorted());
    expect(invited).not.toContain(imported);
  },
);

it.each([1, 2])('FC-91 with invitations off there is none, and every creation says so (seed %i)', async (seed) => {
  const stage = await openStage({ seed, preferences: { deactivationHold: { enabled: false } }, storage: 'memory' });
  await liveThrough(stage, seed);
  expect(createdByUs(stage).length).toBeGreaterThan(9);
  expect(stage.learnAmp.invitations()).toEqual([]);
  for (const { method, path, body } of stage.learnAmp.writes())
    if (method === 'POST' && path === '/v1/users') expect(String(body['skipInvitation'])).toBe('true');
});

it('FC-91 switching them on later mails nobody who is there, and one who comes', async () => {
  const stage = await openStage();
  const crew = stage.crew(8);
  await stage.sync();
  await stage.reopen({ preferences: { invitations: 'immediate' } });
  await stage.sync();
  await stage.sync({ full: true });
  stage.leave(crew[0] ?? '');
  await stage.sync();
  stage.directory.addMember(stage.directory.scopeGroupId, crew[0] ?? '');
  await stage.sync();
  expect(stage.learnAmp.invitations()).toEqual([]);
  const late = stage.hire('Lea Late');
  await stage.sync();
  expect(stage.learnAmp.invitations().map(({ accountId }) => accountId)).toEqual([stage.account(late).id]);
});
