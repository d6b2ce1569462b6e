import type { LiveStep, Why } from '@learnamp/directory-sync';
import { describe, expect, it } from 'vitest';
import { askWhy } from '../../support/ask-why.js';
import { idOf } from '../../support/simulator-settings.js';
import { calm, openStage, type Stage, type StageOptions } from '../../support/stage.js';

const open = (options: StageOptions = {}) =>
  openStage({ graph: calm, storage: 'memory', patienceMs: 3_000, ...options });

const asked = (stage: Stage, userId: string): Promise<Why> => askWhy(stage, userId, { live: true });

/** What each question was answered with. */
const outcomes = ({ live }: Why): ReadonlyArray<string> =>
  (live?.steps ?? []).map(({ step, outcome }) => `${step} ${outcome}`);

const stepOf = ({ live }: Why, name: LiveStep['step']): LiveStep | undefined =>
  live?.steps.find(({ step }) => step === name);

const refusal = { status: 403, body: { error: { code: 'Authorization_RequestDenied', message: 'ann.lee@x.example' } } };

describe('--live', () => {
  it('asks step by step, each with its request id, and writes and sends nothing', async () => {
    const stage = await open();
    const ann = stage.hire('Ann Lee');
    stage.crew(3);
    await stage.sync();
    stage.newWrites();
    const before = await stage.engine().status();
    const why = await asked(stage, ann);
    expect(outcomes(why)).toEqual([
      'scope-group yes',
      'user yes',
      'membership yes',
      'direct-groups yes',
      'account yes',
    ]);
    for (const step of why.live?.steps.slice(0, 4) ?? []) expect(step.requestId, step.step).toMatch(/^[\w-]{10,}$/);
    expect(stepOf(why, 'user')?.says).toBe('the account exists: not blocked, user type Member');
    expect(stepOf(why, 'direct-groups')?.says).toBe(`listed by ${stage.directory.scopeGroupId}`);
    expect(stepOf(why, 'account')?.says).toBe(
      `the account ${stage.account(ann).id} is active (not_invited), with the same address`,
    );
    expect(why.live?.comparison).toBe('Graph and the log agree: in scope.');
    expect((await stage.engine().status()).head).toEqual(before.head);
    expect(stage.newWrites()).toEqual([]);
  });

  it('sees a member whom the log does not know yet, and the next sync brings them', async () => {
    const stage = await open();
    stage.crew(3);
    await stage.sync();
    const ann = stage.hire('Ann Lee');
    const why = await asked(stage, ann);
    expect(why.events).toEqual([]);
    expect(why.live?.comparison).toBe('Graph says member, and the log does not know it yet: the next sync brings it.');
    expect(stepOf(why, 'account')).toMatchObject({ outcome: 'no', says: 'no account was found' });
    await stage.sync();
    expect((await asked(stage, ann)).live?.comparison).toBe('Graph and the log agree: in scope.');
  });

  it('sees who left since, who is blocked, and an address that differs', async () => {
    const stage = await open();
    const ann = stage.hire('Ann Lee');
    stage.crew(3);
    await stage.sync();
    stage.leave(ann);
    stage.directory.setAccountEnabled(ann, false);
    stage.directory.updateUser(ann, { userPrincipalName: 'ann.day@fabrikam.example' });
    const why = await asked(stage, ann);
    expect(outcomes(why)).toEqual(['scope-group yes', 'user yes', 'membership no', 'direct-groups no', 'account yes']);
    expect(stepOf(why, 'user')?.says).toContain('blocked');
    expect(stepOf(why, 'account')?.says).toContain('with another address');
    expect(why.live?.comparison).toMatch(/^Graph says not a member, /);
  });

  it('finds somebody who was deleted among the deleted accounts, and nobody there who never was', async () => {
    const stage = await open();
    const ann = stage.hire('Ann Lee');
    stage.crew(3);
    await stage.sync();
    stage.directory.deleteUser(ann);
    const why = await asked(stage, ann);
    expect(outcomes(why).slice(1, 4)).toEqual(['user no', 'membership no', 'deleted-items yes']);
    const stranger = await asked(stage, '00000000-0000-4000-8000-0000000000aa');
    expect(outcomes(stranger)).toEqual([
      'scope-group yes',
      'user no',
      'membership no',
      'deleted-items no',
      'account no',
    ]);
  });

  it('says that the scope group does not exist (404), and asks the rest all the same', async () => {
    const stage = await open();
    const ann = stage.hire('Ann Lee');
    stage.crew(3);
    await stage.sync();
    stage.directory.purgeGroup(stage.directory.scopeGroupId);
    const why = await asked(stage, ann);
    expect(outcomes(why).slice(0, 2)).toEqual(['scope-group no', 'user yes']);
    expect(why.live?.steps).toHaveLength(5);
    expect(why.live?.comparison).toMatch(/^Without the scope group nobody comes or leaves/);
  });

  it.each([
    ['scope-group', /\/groups\/[^/]+$/],
    ['user', /\/users\/[^/]+$/],
    ['membership', /checkMemberGroups$/],
    ['direct-groups', /memberOf$/],
  ] as const)('shows a refusal (403) of %s as a line, and crashes over none', async (name, path) => {
    const stage = await open();
    const ann = stage.hire('Ann Lee');
    stage.crew(3);
    await stage.sync();
    const fault = stage.simulator.faults.add({ system: 'graph', path, action: refusal });
    const why = await asked(stage, ann);
    expect(fault.hits()).toBeGreaterThan(0);
    expect(stepOf(why, name)).toMatchObject({ outcome: 'refused', says: expect.stringContaining('403') as unknown });
    expect(why.live?.steps).toHaveLength(5);
    expect(JSON.stringify(why.live)).not.toContain('ann.lee@x.example');
  });

  it('shows where Graph asks to wait longer than somebody waits', async () => {
    const stage = await open();
    const ann = stage.hire('Ann Lee');
    stage.crew(3);
    await stage.sync();
    stage.simulator.faults.add({
      system: 'graph',
      path: /\/groups\/[^/]+$/,
      action: { status: 429, headers: { 'Retry-After': '600' } },
    });
    const why = await asked(stage, ann);
    expect(stepOf(why, 'scope-group')).toMatchObject({
      outcome: 'throttled',
      says: expect.stringMatching(/^Microsoft Graph asks to wait until \d{4}-/) as unknown,
    });
  });

  it('shows a Learn Amp that does not answer, or refuses the credentials, as a line', async () => {
    const stage = await open();
    const ann = stage.hire('Ann Lee');
    stage.crew(3);
    await stage.sync();
    const broken = stage.simulator.faults.add({ system: 'learnAmp', path: /\/v1\/users/, action: 'reset' });
    expect(stepOf(await asked(stage, ann), 'account')).toMatchObject({ outcome: 'failed' });
    broken.remove();
    stage.simulator.faults.add({ system: 'learnAmp', path: /\/v1\/users/, action: { status: 401 } });
    expect(stepOf(await asked(stage, ann), 'account')).toMatchObject({ outcome: 'refused' });
  });

  it.each(['before it begins', 'while Graph is asked'])(
    'ends when it is told to, %s, with one sentence',
    async (when) => {
      const stage = await open();
      const ann = stage.hire('Ann Lee');
      await stage.sync();
      const controller = new AbortController();
      if (when === 'before it begins') controller.abort();
      stage.simulator.faults.add({
        system: 'graph',
        path: /memberOf$/,
        match: () => {
          controller.abort();
          return false;
        },
        action: 'reset',
      });
      const { signal } = controller;
      await expect(stage.engine().why(idOf(ann), { live: true, signal })).rejects.toMatchObject({ code: 'stopped' });
    },
  );
});

describe('an address', () => {
  it('is found in the folded state without case, also as Learn Amp id; an earlier one is not', async () => {
    const stage = await open();
    const ann = stage.hire('Ann Lee', { mail: 'A.Lee@Fabrikam.example' });
    stage.crew(2);
    await stage.sync();
    const engine = stage.engine();
    for (const user of [ann.toUpperCase(), stage.account(ann).id, 'ANN.LEE@fabrikam.example', 'a.lee@fabrikam.example'])
      expect(await engine.findUsers(String(user)), String(user)).toEqual([ann]);
    stage.directory.updateUser(ann, { userPrincipalName: 'ann.day@fabrikam.example', mail: null });
    await stage.sync();
    expect(await engine.findUsers('ann.day@fabrikam.example')).toEqual([ann]);
    expect(await engine.findUsers('ann.lee@fabrikam.example')).toEqual([]);
    expect(await engine.findUsers('987654')).toEqual([]);
  });

  it('of several people names each of them, also whoever is known by it at Learn Amp alone, and gives up when told to', async () => {
    const stage = await open();
    const ann = stage.hire('Ann Lee', { mail: 'desk@fabrikam.example' });
    const ben = stage.hire('Ben Day', { mail: 'Desk@Fabrikam.example' });
    await stage.sync();
    const engine = stage.engine();
    expect(await engine.findUsers('desk@fabrikam.example')).toEqual([ann, ben].sort());
    const { email } = stage.account(ben);
    // Refused at Learn Amp: the account keeps the address before.
    stage.simulator.faults.add({
      system: 'learnAmp',
      method: 'PUT',
      path: /users/,
      action: { status: 422, body: { errors: [] } },
    });
    stage.directory.updateUser(ben, { userPrincipalName: 'ben.noon@fabrikam.example' });
    await stage.sync();
    expect(await engine.findUsers(email)).toEqual([ben]);
    const signal = AbortSignal.abort();
    await expect(engine.findUsers('desk@fabrikam.example', { signal })).rejects.toMatchObject({ code: 'stopped' });
  });

  it('that nobody is known by is looked up in Graph only when that is asked for', async () => {
    const stage = await open();
    stage.crew(2);
    await stage.sync();
    const dan = stage.directory.addUser({
      displayName: "Dan O'Day",
      userPrincipalName: 'dan@fabrikam.example',
      mail: 'd.oday@fabrikam.example',
    });
    const engine = stage.engine();
    expect(await engine.findUsers('d.oday@fabrikam.example')).toEqual([]);
    for (const address of ['d.oday@fabrikam.example', 'DAN@fabrikam.example'])
      expect(await engine.findUsers(address, { live: true })).toEqual([dan]);
    expect(await engine.findUsers('nobody@fabrikam.example', { live: true })).toEqual([]);
  });

  it('stands in no error: where Graph refuses the search, the sentence names nobody', async () => {
    const stage = await open();
    await stage.sync();
    stage.simulator.faults.add({ system: 'graph', method: 'GET', path: /\/users$/, action: refusal });
    const found = stage.engine().findUsers('ann.lee@fabrikam.example', { live: true });
    await expect(found).rejects.toMatchObject({ code: 'graph-credentials' });
    await expect(found).rejects.not.toThrow(/@/);
  });
});
