import { describe, expect, it } from 'vitest';
import { by } from '../../support/decide.js';
import { openGraphClock } from '../../support/graph-clock.js';
import { attentionOf, none, succeeded } from '../../support/report.js';
import { calm, openStage } from '../../support/stage.js';

const HOURS_OF = { day: 24, week: 7 * 24, month: 28 * 24 };

/** Learn Amp refuses a job title; Graph's clock is the test's. */
const openRefusal = async () => {
  const stage = await openStage({ graph: calm });
  const clock = openGraphClock(stage, '2025-03-03T00:00:00Z');
  const [ann = '', ...others] = stage.crew(12);
  await stage.sync();
  const refused = stage.simulator.faults.add({
    system: 'learnAmp',
    method: 'PUT',
    path: new RegExp(`/users/${stage.account(ann).id}$`),
    action: { status: 422, body: { error: 'Validation failed', fields: { jobTitle: ['is not allowed'] } } },
  });
  for (const userId of [ann, ...others]) stage.directory.updateUser(userId, { jobTitle: 'Writer' });
  return { stage, clock, ann, others, refused };
};

describe('FC-85 one person is refused', () => {
  it('and everybody else is served in the same round; the refusal is listed with its reason, and repeats', async () => {
    const { stage, ann, others, refused } = await openRefusal();
    const report = await stage.sync();
    expect(report).toMatchObject({ ok: true, exitCode: 4, people: { parked: 1 } });
    expect(succeeded(report)).toEqual({ UpdateProfile: 11 });
    expect(attentionOf(report, ann)).toHaveLength(1);
    expect(others.every((userId) => stage.account(userId).jobTitle === 'Writer')).toBe(true);
    const { people, counts } = await stage.engine().parked({ by: { actor: 'Eve Admin' } });
    expect(people).toMatchObject([{ userId: ann, kind: 'rejected', waits: [{}] }]);
    expect(Date.parse(people[0]?.since ?? '')).not.toBeNaN();
    expect(people[0]?.nextTryAt).toBe('2025-03-03T23:00:00.000Z');
    expect(counts).toMatchObject([{ kind: 'rejected', people: 1 }]);
    const asked = refused.hits();
    expect(await stage.sync()).toMatchObject({ exitCode: 4, events: none });
    expect(refused.hits()).toBe(asked);
    await stage.checkInvariants();
  });

  it('is asked again after a day, a week and four weeks, and in between not by any cycle', async () => {
    const { stage, clock, refused } = await openRefusal();
    await stage.sync();
    for (const hours of [HOURS_OF.day, HOURS_OF.week, HOURS_OF.month, HOURS_OF.month]) {
      const before = refused.hits();
      clock.pass(hours - 2);
      await stage.reopen();
      await stage.sync({ full: true });
      await stage.sync();
      expect(refused.hits()).toBe(before);
      clock.pass(2);
      await stage.sync();
      await stage.sync({ full: true });
      expect(refused.hits()).toBe(before + 1);
    }
    expect(await stage.engine().verify()).toMatchObject({ ok: true });
  });

  it('is asked at once when a fact of the person changes, and the ladder begins anew', async () => {
    const { stage, clock, ann, refused } = await openRefusal();
    await stage.sync();
    clock.pass(HOURS_OF.day);
    await stage.sync();
    const before = refused.hits();
    stage.directory.updateUser(ann, { jobTitle: 'Author' });
    await stage.sync();
    expect(refused.hits()).toBe(before + 1);
    clock.pass(HOURS_OF.day);
    await stage.sync();
    expect(refused.hits()).toBe(before + 2);
  });

  it('is asked at once when the settings change, once', async () => {
    const { stage, refused } = await openRefusal();
    await stage.sync();
    const before = refused.hits();
    await stage.reopen({ preferences: { graceRounds: 1 } });
    await stage.sync();
    await stage.sync();
    expect(refused.hits()).toBe(before + 1);
    expect(await stage.engine().verify()).toMatchObject({ ok: true });
  });

  it('is asked at once when somebody asks for it, under their name; and is well once Learn Amp takes it', async () => {
    const { stage, ann, refused } = await openRefusal();
    await stage.sync();
    const before = refused.hits();
    expect(await stage.engine().retry(by('the title is allowed now'))).toMatchObject({ userIds: [ann], notParked: [] });
    await stage.sync();
    expect(refused.hits()).toBe(before + 1);
    refused.remove();
    await stage.engine().retry(by('now it is', ann));
    expect(succeeded(await stage.sync())).toEqual({ UpdateProfile: 1 });
    expect(stage.account(ann).jobTitle).toBe('Writer');
    expect((await stage.engine().parked()).people).toEqual([]);
    expect(await stage.engine().retry(by('again', ann))).toMatchObject({ userIds: [], notParked: [ann] });
    expect((await stage.events('RetryRequested')).map(({ data }) => data)).toMatchObject([
      { actor: 'Eve Admin', reason: 'the title is allowed now' },
      { reason: 'now it is' },
    ]);
    await stage.checkInvariants();
    expect(await stage.engine().verify()).toMatchObject({ ok: true });
  });

  it('and tried again by hand in a full cycle, is looked at in that one, and not once more in the next', async () => {
    const stage = await openStage({ graph: calm });
    stage.hire('Ann Lee');
    const guest = stage.hire('Bo Guest');
    await stage.sync();
    stage.directory.updateUser(guest, { userType: 'Guest', mail: 'ann.lee@fabrikam.example' });
    expect(attentionOf(await stage.sync(), guest)).toHaveLength(1);
    await stage.engine().retry(by('the address is free', guest));
    await stage.sync({ full: true });
    const asked = stage.simulator.requests.count({ system: 'learnAmp' });
    expect(await stage.sync()).toMatchObject({ exitCode: 4, events: none });
    expect(stage.simulator.requests.count({ system: 'learnAmp' })).toBe(asked);
    await stage.checkInvariants();
  });
});
