import { describe, expect, it } from 'vitest';
import { connectionTo, during, hire, openCompany, openRunning } from '../../support/running-engine.js';
import { calm, openStage } from '../../support/stage.js';
import { makeVirtualTime } from '../../support/virtual-time.js';

const HOUR = 3_600_000;
const jumps = [
  { name: 'an hour back', ms: -HOUR },
  { name: 'eight days on', ms: 8 * 24 * HOUR },
  { name: 'ten years on, and back', ms: 10 * 365 * 24 * HOUR },
];

/** An engine whose clock the host's machine moves as it likes; Graph and Learn Amp have their own. */
const openClock = async () => {
  let offset = 0;
  const stage = await openStage({ graph: calm, now: () => new Date(Date.now() + offset) });
  return {
    stage,
    jump: (ms: number): void => {
      offset += ms;
    },
  };
};

describe.each(jumps)('the clock of the machine goes $name', ({ ms }) => {
  it('and changes still arrive, once, in the order of the log', async () => {
    const { stage, jump } = await openClock();
    const [ann = ''] = stage.crew(4);
    await stage.sync();
    jump(ms);
    stage.directory.updateUser(ann, { jobTitle: 'Writer' });
    expect(await stage.sync()).toMatchObject({ ok: true, events: { JobTitleChanged: 1 } });
    jump(-ms);
    stage.directory.updateUser(ann, { jobTitle: 'Editor' });
    expect(await stage.sync()).toMatchObject({ ok: true, events: { JobTitleChanged: 1 } });
    expect(stage.account(ann).jobTitle).toBe('Editor');
    // Nobody said that a token had expired, so nothing is read from the beginning.
    expect(await stage.events('ResyncRequired')).toEqual([]);
    await stage.checkInvariants();
  });

  it('and nobody is let out of a hold by it', async () => {
    const { stage, jump } = await openClock();
    const crew = stage.crew(10);
    await stage.sync();
    for (const id of crew.slice(0, 6)) stage.leave(id);
    expect(await stage.sync()).toMatchObject({ exitCode: 3, people: { held: 6 } });
    jump(ms);
    expect(await stage.sync()).toMatchObject({ exitCode: 3, people: { held: 6 } });
    await stage.reopen();
    expect(await stage.sync({ full: true })).toMatchObject({ exitCode: 3, people: { held: 6 } });
    jump(-ms);
    expect(await stage.sync()).toMatchObject({ exitCode: 3, people: { held: 6 } });
    expect(stage.learnAmp.deactivations()).toEqual([]);
    await stage.checkInvariants();
  });

  it('and a running engine neither spins nor falls asleep', async () => {
    const time = makeVirtualTime();
    let offset = 0;
    const jumping = { ...time, now: () => new Date(time.now().getTime() + offset) };
    const company = await openCompany(time);
    hire(company, 'Ann Lee');
    const running = await openRunning([company], { time: jumping });
    const connection = await during(time, running.engine.add(connectionTo(company)));
    running.engine.start();
    await time.pass(HOUR);
    const before = running.cycles.length;
    offset = ms;
    await time.pass(2 * HOUR);
    const whileOff = running.cycles.length - before;
    offset = 0;
    await time.pass(2 * HOUR);
    const back = running.cycles.length - before - whileOff;
    // A poll every few minutes, before and after: never a loop, never silence for hours.
    expect(before).toBeGreaterThan(1);
    for (const cycles of [whileOff, back]) {
      expect(cycles).toBeGreaterThan(0);
      expect(cycles).toBeLessThanOrEqual(before * 2 + 4);
    }
    const fresh = hire(company, 'Bo Late');
    await time.pass(HOUR);
    expect(company.learnAmp.accountByExternalId(fresh)).toBeDefined();
    expect(connection).toBeDefined();
  });
});
