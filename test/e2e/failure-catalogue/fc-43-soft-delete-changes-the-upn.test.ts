import type { SimulatedResponse } from '@learnamp/directory-sync-simulator';
import { expect, it } from 'vitest';
import { expectOneAccountEach } from '../../support/links.js';
import { attentionOf, facts, news, none, succeeded } from '../../support/report.js';
import { calm, openStage, type Stage, type StageOptions } from '../../support/stage.js';

const address = 'ann.lee@fabrikam.example';
const prefixed = (userId: string): string => `${userId.replaceAll('-', '')}${address}`;

const openCompany = async (options: StageOptions = {}) => {
  const stage = await openStage({ graph: calm, ...options });
  const ann = stage.hire('Ann Lee', { jobTitle: 'Engineer', mail: 'ann@elsewhere.example' });
  stage.crew(9);
  await stage.sync();
  stage.newWrites();
  return { stage, ann };
};

/** Graph shows the name that the account has in the recycle bin wherever it shows the account, and not yet that it is gone. */
const leakName = ({ simulator }: Stage, userId: string) =>
  simulator.faults.add({
    path: /\/users/,
    action: {
      rewrite: (response: SimulatedResponse): SimulatedResponse => ({
        ...response,
        body: JSON.parse(
          JSON.stringify(response.body, (key, value: unknown) =>
            key === 'userPrincipalName' && value === address ? prefixed(userId) : value,
          ),
        ) as unknown,
      }),
    },
  });

const mappings = [['userPrincipalName'], ['userPrincipalName', 'mail']].map((email) => ({
  email,
  mapped: email.join(', '),
}));

it.each(mappings)(
  'FC-43 the prefixed name is told by the delta before the removal is: stored as said, reported, and sent to nobody (from $mapped)',
  async ({ email }) => {
    const { stage, ann } = await openCompany({ preferences: { attributes: { email } } });
    const leak = leakName(stage, ann);
    stage.directory.updateUser(ann, { userPrincipalName: 'on.the.way@fabrikam.example', jobTitle: 'Writer' });
    stage.directory.updateUser(ann, { userPrincipalName: address });
    const report = await stage.sync();
    expect(leak.hits()).toBeGreaterThan(0);
    expect(facts(report)).toEqual({ UserPrincipalNameChanged: 1, JobTitleChanged: 1, CommandSucceeded: 1 });
    expect(succeeded(report)).toEqual({ UpdateProfile: 1 });
    expect(attentionOf(report, ann)).toEqual(['no-email: deleted-account-address']);
    expect(stage.account(ann)).toMatchObject({ email: address, jobTitle: 'Writer', status: 'not_invited' });

    leak.remove();
    stage.directory.deleteUser(ann);
    const gone = await stage.sync();
    expect(facts(gone)).toMatchObject({ UserDeleted: 1, UserLeftGroup: 1, LeaveConfirmed: 1 });
    expect(succeeded(gone)).toEqual({ DeactivateUser: 1 });
    expect(stage.learnAmp.accountByExternalId(ann)).toMatchObject({ email: address, status: 'deactivated' });
    expect(JSON.stringify(stage.newWrites())).not.toContain(prefixed(ann));
    await expectOneAccountEach(stage);
  },
);

it.each(mappings)(
  'FC-43 a direct read shows the prefixed name: likewise, and it passes (from $mapped)',
  async ({ email }) => {
    // A company of which the scope is a small part: a full sync reads the members one by one, by `$batch`.
    const { stage, ann } = await openCompany({
      company: {
        people: 0,
        outsiders: 60,
        guest: false,
        mononym: false,
        things: false,
        existingAccounts: 0,
        photos: 0,
      },
      preferences: { attributes: { email } },
    });
    const leak = leakName(stage, ann);
    const report = await stage.sync({ full: true });
    expect(stage.simulator.requests.count({ path: /\/users\/[^/]+$/ })).toBeGreaterThan(0);
    expect(leak.hits()).toBeGreaterThan(0);
    expect(news(report)).toEqual({ UserPrincipalNameChanged: 1 });
    expect(report.commands).toEqual({});
    expect(attentionOf(report, ann)).toEqual(['no-email: deleted-account-address']);

    leak.remove();
    const after = await stage.sync({ full: true });
    expect(news(after)).toEqual({ UserPrincipalNameChanged: 1 });
    expect(after).toMatchObject({ exitCode: 0, commands: none, attention: [] });
    expect(stage.newWrites()).toEqual([]);
  },
);

it('FC-43 somebody who joins under a prefixed name is not created: they are asked for again, and nobody waits for them', async () => {
  const { stage } = await openCompany();
  const [ben, cleo] = [stage.hire('Ben Ode'), stage.hire('Cleo Day')];
  const leak = stage.simulator.faults.add({
    path: new RegExp(`/users/${ben}`),
    action: {
      rewrite: ({ body, ...rest }) => ({
        ...rest,
        body: { ...(body as object), userPrincipalName: `${ben.replaceAll('-', '')}ben.ode@fabrikam.example` },
      }),
    },
  });
  const report = await stage.sync();
  expect(leak.hits()).toBeGreaterThan(0);
  expect(facts(report)).toMatchObject({ GroupMemberAdded: 2, UserJoinedGroup: 1 });
  expect(stage.accountOf(cleo)).toBeDefined();
  expect(stage.accountOf(ben)).toBeUndefined();

  leak.remove();
  expect(succeeded(await stage.sync())).toEqual({ CreateUser: 1 });
  expect(stage.account(ben).email).toBe('ben.ode@fabrikam.example');
  await expectOneAccountEach(stage);
});

it('FC-43 what still shows a deleted account under its prefixed name neither brings it back nor renames it', async () => {
  const { stage, ann } = await openCompany();
  stage.directory.deleteUser(ann);
  await stage.sync();
  stage.newWrites();
  const echo = stage.simulator.faults.add({
    path: /\/users\/.*delta/,
    action: {
      rewrite: ({ body, ...rest }) => ({
        ...rest,
        body: {
          ...(body as object),
          value: [{ id: ann, userPrincipalName: prefixed(ann), jobTitle: 'Ghost', accountEnabled: true }],
        },
      }),
    },
  });
  const report = await stage.sync();
  expect(echo.hits()).toBeGreaterThan(0);
  expect(report).toMatchObject({ exitCode: 0, events: none });
  expect(stage.newWrites()).toEqual([]);
  expect(stage.learnAmp.accountByExternalId(ann)).toMatchObject({ status: 'deactivated', email: address });
});
