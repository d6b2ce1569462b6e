import type { Simulator } from '@learnamp/directory-sync-simulator';
import { describe, expect, it } from 'vitest';
import { none, succeeded } from '../../support/report.js';
import { connectionTo, eventsOf, hire, openCompany, openRunning } from '../../support/running-engine.js';
import { calm, openStage } from '../../support/stage.js';
import { makeVirtualTime } from '../../support/virtual-time.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

type Secrets = {
  readonly clientSecret: string | (() => Promise<string>);
  readonly otherClientSecret?: string;
  readonly expiresAt?: Date;
};

const signingInBy = (company: Simulator, secrets: Secrets) => {
  const wiring = connectionTo(company, { schedule: { pollSeconds: 43_200 } });
  const { auth } = wiring.graph;
  if (auth.kind !== 'client-secret') throw new Error('the stage signs in by a secret');
  return { ...wiring, graph: { ...wiring.graph, auth: { ...auth, ...secrets } } };
};

/** Ten people, and an engine whose secret ends in a day and an hour. */
const openExpiring = async (secrets: (expiresAt: Date) => Secrets) => {
  const time = makeVirtualTime();
  const company = await openCompany(time);
  const expiresAt = new Date(time.now().getTime() + DAY + HOUR);
  company.appCredentials.addSecret('the-old-one', expiresAt);
  const people = Array.from({ length: 10 }, (_, n) => hire(company, `Crew Member${n}`));
  const running = await openRunning([company], { time });
  const connection = await running.engine.add(signingInBy(company, secrets(expiresAt)));
  running.engine.start();
  await time.pass(4 * HOUR);
  expect(company.learnAmp.accounts()).toHaveLength(12);
  return { ...running, company, connection, people };
};

const typesOf = async (connection: Parameters<typeof eventsOf>[0]): Promise<ReadonlyArray<string>> =>
  (await eventsOf(connection)).map(({ type }) => type);

describe('FC-72 the secret expired', () => {
  it.each([2, 8])(
    'it is told ahead and once; after %s days the engine goes on by itself with the renewed one, and finds what it missed',
    async (days) => {
      let kept = 'the-old-one';
      const { time, company, connection, people, alerts, cycles } = await openExpiring((expiresAt) => ({
        clientSecret: () => Promise.resolve(kept),
        expiresAt,
      }));
      expect(alerts.map(({ kind, counts }) => [kind, counts['daysLeft']])).toContainEqual(['credentials', 1]);
      await time.pass(DAY);
      const written = company.learnAmp.writes().length;
      const [leaver = '', changed = ''] = people;
      company.directory.removeMember(company.directory.scopeGroupId, leaver);
      company.directory.updateUser(changed, { jobTitle: 'Architect' });
      hire(company, 'Ann Lee');
      await time.pass(days * DAY);
      expect(cycles.at(-1)).toMatchObject({ ok: false, error: { code: 'graph-credentials' } });
      expect(cycles.at(-1)?.error?.message).toContain('AADSTS7000222');
      expect((await typesOf(connection)).filter((type) => type === 'CredentialFailed')).toHaveLength(1);
      expect(company.learnAmp.writes()).toHaveLength(written);

      company.appCredentials.addSecret('the-renewed-one');
      kept = 'the-renewed-one';
      await time.pass(DAY);
      expect(cycles.at(-1)).toMatchObject({ ok: true, exitCode: 0 });
      const resynced = (await typesOf(connection)).includes('ResyncRequired');
      expect(resynced).toBe(days > 7);
      expect(company.learnAmp.accountByExternalId(changed)?.jobTitle).toBe('Architect');
      expect(company.learnAmp.deactivations().map(({ accountId }) => accountId)).toEqual([
        company.learnAmp.accountByExternalId(leaver)?.id,
      ]);
      expect(company.learnAmp.accounts()).toHaveLength(13);
    },
  );

  it('two secrets are live during a rotation: no cycle fails when the old one ends', async () => {
    const { time, company, connection, cycles } = await openExpiring(() => ({
      clientSecret: 'the-old-one',
      otherClientSecret: 'the-new-one',
    }));
    company.appCredentials.addSecret('the-new-one');
    await time.pass(3 * DAY);
    hire(company, 'Ann Lee');
    await time.pass(DAY);
    expect(company.learnAmp.accounts()).toHaveLength(13);
    expect(cycles.filter(({ ok }) => !ok)).toEqual([]);
    expect(await typesOf(connection)).not.toContain('CredentialFailed');
  });

  it('what an earlier cycle decided and could not send is sent while the secret is gone, but for deactivations', async () => {
    const stage = await openStage({ graph: calm, patienceMs: 500 });
    const [gone = '', changed = ''] = stage.crew(12, { department: 'Sales' });
    await stage.sync();
    stage.leave(gone);
    stage.directory.updateUser(changed, { jobTitle: 'Architect' });
    const ann = stage.hire('Ann Lee', { department: 'Press' });
    const down = stage.simulator.faults.add({ system: 'learnAmp', action: { status: 503 } });
    expect(await stage.sync()).toMatchObject({ exitCode: 1, error: { code: 'learn-amp-unreachable' } });
    down.remove();
    stage.simulator.appCredentials.removeSecret(stage.simulator.clientSecret);
    stage.simulator.revokeAccessTokens();
    await stage.reopen();
    const refused = await stage.sync();
    expect(refused).toMatchObject({ exitCode: 1, error: { code: 'graph-credentials' } });
    expect(succeeded(refused)).toMatchObject({ CreateUser: 1, EnsureTeam: 1, UpdateProfile: 1, SetPrimaryTeam: 1 });
    expect(stage.account(changed)).toMatchObject({ jobTitle: 'Architect' });
    expect(stage.teamOf(ann)).toBe('Press');
    expect(stage.learnAmp.deactivations()).toEqual([]);
    // What is done is done: the next one that is refused has nothing to send or to record.
    const again = await stage.sync();
    expect(again).toMatchObject({ exitCode: 1, error: { code: 'graph-credentials' } });
    expect(again.events).toEqual(none);
    stage.simulator.appCredentials.addSecret(stage.simulator.clientSecret);
    expect(succeeded(await stage.sync())).toEqual({ DeactivateUser: 1 });
    expect(await stage.engine().verify()).toMatchObject({ ok: true });
    await stage.checkInvariants();
  });

  it('while a round is under way nothing is sent on the half of it that was read', async () => {
    const stage = await openStage({ graph: { ...calm, pageSize: { min: 2, max: 2 } }, patienceMs: 500 });
    const [changed = '', ...others] = stage.crew(8);
    await stage.sync();
    for (const userId of [changed, ...others]) stage.directory.updateUser(userId, { jobTitle: 'Architect' });
    let pages = 0;
    const half = stage.simulator.faults.add({
      system: 'graph',
      match: ({ path }) => path.includes('/users/delta') && (pages += 1) > 2,
      action: { status: 503 },
    });
    for (let n = 0; n < 2; n++) {
      expect(await stage.sync()).toMatchObject({ exitCode: 1, error: { code: 'graph-unreachable' }, commands: none });
    }
    half.remove();
    expect(succeeded(await stage.sync())).toEqual({ UpdateProfile: 8 });
  });

  it('what is planned already and harms nobody is finished, though the secret is gone by then', async () => {
    const stage = await openStage({ graph: calm, patienceMs: 2_000 });
    const crew = stage.crew(8, { department: 'Sales' });
    let isGone = false;
    const first = stage.simulator.faults.add({
      system: 'learnAmp',
      method: 'POST',
      match: () => {
        stage.simulator.appCredentials.removeSecret(stage.simulator.clientSecret);
        if (!isGone) stage.simulator.revokeAccessTokens();
        isGone = true;
        return false;
      },
      action: 'reset',
    });
    const report = await stage.sync();
    expect(succeeded(report)).toMatchObject({ CreateUser: 8, EnsureTeam: 1, SetPrimaryTeam: 8 });
    first.remove();
    stage.leave(crew[0] ?? '');
    const refused = await stage.sync();
    expect(refused).toMatchObject({ exitCode: 1, error: { code: 'graph-credentials' } });
    expect(refused.error?.message).toContain('AADSTS7000215');
    expect(refused.error?.message).not.toContain(stage.simulator.clientSecret);
    expect(stage.learnAmp.deactivations()).toEqual([]);
    stage.simulator.appCredentials.addSecret(stage.simulator.clientSecret);
    expect(await stage.sync()).toMatchObject({ exitCode: 0, people: { inScope: 7 } });
    expect(stage.learnAmp.deactivations()).toHaveLength(1);
    await stage.checkInvariants();
  });
});
