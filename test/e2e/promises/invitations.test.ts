import { openLearnAmpRest } from '@learnamp/directory-sync';
import { describe, expect, it } from 'vitest';
import { succeeded } from '../../support/report.js';
import { openStage } from '../../support/stage.js';

describe('invitations', () => {
  it('are never sent by default, and every creation says so', async () => {
    const stage = await openStage();
    stage.crew(4);
    await stage.sync();
    expect(stage.learnAmp.invitations()).toEqual([]);
    const creations = stage.learnAmp.writes().filter(({ path }) => path === '/v1/users');
    expect(creations).toHaveLength(4);
    for (const { body } of creations) expect(String(body['skipInvitation'])).toBe('true');
  });

  it('are sent at once where the company wants that: one to each new person', async () => {
    const stage = await openStage({ preferences: { invitations: 'immediate' } });
    const crew = stage.crew(4);
    await stage.sync();
    await stage.sync({ full: true });
    expect(stage.learnAmp.invitations().map(({ email }) => email)).toHaveLength(4);
    expect(new Set(stage.learnAmp.invitations().map(({ accountId }) => accountId)).size).toBe(4);
    for (const id of crew) expect(stage.account(id).status).toBe('invite_pending');
    const creations = stage.learnAmp.writes().filter(({ path }) => path === '/v1/users');
    for (const { body } of creations) expect(String(body['skipInvitation'])).toBe('false');
  });

  it('switched on later go to those who come from then on, not to those who are there', async () => {
    const stage = await openStage();
    stage.crew(4);
    await stage.sync();
    await stage.reopen({ preferences: { invitations: 'immediate' } });
    expect(succeeded(await stage.sync())).toEqual({});
    const late = stage.hire('Lea Late');
    await stage.sync({ full: true });
    expect(stage.learnAmp.invitations().map(({ accountId }) => accountId)).toEqual([stage.account(late).id]);
  });

  it('switched off again are sent to nobody', async () => {
    const stage = await openStage({ preferences: { invitations: 'immediate' } });
    stage.crew(1);
    await stage.sync();
    await stage.reopen({ preferences: { invitations: 'manual' } });
    stage.crew(2);
    await stage.sync();
    expect(stage.learnAmp.invitations()).toHaveLength(1);
  });

  it('on the hire date are handed to a host that can date them', async () => {
    const stage = await openStage();
    const { simulator } = stage;
    const rest = openLearnAmpRest({
      baseUrl: simulator.learnAmpUrl,
      auth: { kind: 'token', token: simulator.learnAmpToken() },
      externalId: 'integrationExternalId',
      patienceMs: 5_000,
    });
    const asked: unknown[] = [];
    // A host creates accounts its own way; here it notes the invitation and lets the public API make the account.
    await stage.reopen({
      preferences: { invitations: 'hire-date' },
      port: {
        ...rest,
        execute: (commands, options) => {
          const silent = commands.map((sent) => {
            if (sent.command.kind !== 'CreateUser') return sent;
            asked.push(sent.command.invite);
            return { ...sent, command: { ...sent.command, invite: 'none' as const } };
          });
          return rest.execute(silent, options);
        },
      },
    });
    stage.hire('Ann Lee', { employeeHireDate: '2031-09-01T00:00:00Z' });
    stage.hire('Ben Ode');
    expect(await stage.sync()).toMatchObject({ exitCode: 0, people: { linked: 2 } });
    expect(asked).toContainEqual({ on: '2031-09-01' });
    expect(asked).toContainEqual('none');
    expect(stage.learnAmp.invitations()).toEqual([]);
  });

  it('on the hire date cannot be kept by the public API: nobody is invited too early, and it is said once', async () => {
    const stage = await openStage({ preferences: { invitations: 'hire-date' } });
    stage.hire('Ann Lee', { employeeHireDate: '2031-09-01T00:00:00Z' });
    const report = await stage.sync();
    expect(report.commands.CreateUser).toMatchObject({ unsupported: 1, succeeded: 0 });
    expect(stage.learnAmp.invitations()).toEqual([]);
    expect((await stage.sync()).events).toEqual({});
  });
});
