import { expect, it } from 'vitest';
import { facts, none, succeeded } from '../../support/report.js';
import { calm, openStage } from '../../support/stage.js';

it('FC-21 a member whose profile cannot be read yet is not created half, and comes as soon as it can', async () => {
  const stage = await openStage({ graph: calm });
  stage.crew(30);
  await stage.sync();
  stage.newWrites();
  const ann = stage.hire('Ann Lee', { jobTitle: 'Engineer' });
  const absent = stage.simulator.faults.add({
    system: 'graph',
    path: new RegExp(`/users/${ann}`),
    action: { status: 404, body: { error: { code: 'Request_ResourceNotFound', message: 'Not found' } } },
  });
  const early = await stage.sync();
  expect(absent.hits()).toBeGreaterThan(0);
  expect(early).toMatchObject({ ok: true, exitCode: 0, commands: none, people: { inScope: 30, linked: 30 } });
  expect(facts(early)).toEqual({ GroupMemberAdded: 1 });
  expect(stage.newWrites()).toEqual([]);

  absent.remove();
  const later = await stage.sync();
  expect(facts(later)).toEqual({ UserJoinedGroup: 1, CommandSucceeded: 1, UserLinked: 1 });
  expect(succeeded(later)).toEqual({ CreateUser: 1 });
  expect(stage.account(ann).jobTitle).toBe('Engineer');
});

it('FC-21 a profile that arrives without its principal name is incomplete: no event, asked again', async () => {
  const stage = await openStage({ graph: calm });
  stage.crew(4);
  await stage.sync();
  const ann = stage.hire('Ann Lee');
  const half = stage.simulator.faults.add({
    system: 'graph',
    path: new RegExp(`/users/${ann}`),
    action: { rewrite: (response) => ({ ...response, body: { id: ann, displayName: null, userPrincipalName: null } }) },
  });
  const early = await stage.sync();
  expect(half.hits()).toBeGreaterThan(0);
  expect(early.events).not.toHaveProperty('UserJoinedGroup');
  expect(stage.accountOf(ann)).toBeUndefined();
  half.remove();
  await stage.sync();
  expect(stage.account(ann).status).toBe('not_invited');
});

it.each([1, 2, 3])('FC-21 any order of groups, people and pages ends in the same accounts (seed %i)', async (seed) => {
  const company = { people: 24, outsiders: 8, existingAccounts: 0, photos: 0 };
  const wanted = async (graph: Parameters<typeof openStage>[0]) => {
    const stage = await openStage({ seed, company, storage: 'memory', ...graph });
    expect((await stage.sync()).exitCode).toBe(0);
    return stage.learnAmp
      .accounts()
      .map(({ email, firstName, department, primaryTeamId, managerId }) => ({
        email,
        firstName,
        department,
        team: stage.learnAmp.team(primaryTeamId ?? 0)?.name,
        manager: stage.learnAmp.account(managerId ?? 0)?.email,
      }))
      .toSorted((one, other) => (one.email < other.email ? -1 : 1));
  };
  const tiny = { pageSize: { min: 1, max: 2 }, sliceSize: { min: 1, max: 2 } };
  const noisy = await wanted({ graph: tiny });
  // Every profile by itself, since the scope is a small part of the tenant.
  const single = await wanted({ graph: { ...calm, ...tiny }, company: { ...company, outsiders: 120 } });
  expect(noisy).toEqual(await wanted({ graph: calm }));
  expect(single.length).toBe(noisy.length);
});
