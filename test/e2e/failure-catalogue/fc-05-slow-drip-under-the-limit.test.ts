import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openGraphClock } from '../../support/graph-clock.js';
import { facts } from '../../support/report.js';
import { calm, openStage } from '../../support/stage.js';

/** How the state is come by again before an hour's round. */
type Restart = (hour: number) => 'kept' | 'no rows' | 'rebuilt';

/** One per cent leave each hour of a day, and the engine is started anew for each. */
const drip = async (restart: Restart) => {
  const stage = await openStage({ graph: calm });
  const clock = openGraphClock(stage, '2025-03-03T00:00:00Z');
  const crew = stage.crew(100);
  await stage.sync();
  const rounds: { readonly held: number; readonly sent: number; readonly heldEvents: number }[] = [];
  for (let hour = 0; hour < 24; hour += 1) {
    clock.pass(1);
    stage.leave(crew[hour] ?? '');
    const how = restart(hour);
    if (how === 'no rows') {
      await stage.close();
      for (const name of ['', '-wal', '-shm']) await rm(join(stage.folder, `log.db.local${name}`), { force: true });
    }
    await stage.reopen();
    if (how === 'rebuilt') await stage.engine().rebuild();
    const report = await stage.sync();
    rounds.push({
      held: report.people.held,
      sent: stage.learnAmp.deactivations().length,
      heldEvents: facts(report)['CommandsHeld'] ?? 0,
    });
  }
  return { stage, crew, rounds };
};

describe('FC-05 a slow drip under the limit', () => {
  it.each<[string, Restart]>([
    ['rows that were kept', () => 'kept'],
    ['rows that were lost, or built anew', (hour) => (hour % 2 === 0 ? 'no rows' : 'rebuilt')],
  ])('is sent up to the limit and held from then on, from %s', async (_, restart) => {
    const { stage, rounds, crew } = await drip(restart);
    // Of a hundred, nineteen a day are no more than the rule allows; the twentieth is 20 and more than one in twenty.
    expect(rounds.map(({ sent }) => sent)).toEqual(Array.from({ length: 24 }, (__, hour) => Math.min(hour + 1, 19)));
    expect(rounds.map(({ held }) => held)).toEqual(Array.from({ length: 24 }, (__, hour) => Math.max(hour - 18, 0)));
    expect(rounds[18]?.heldEvents).toBe(0);
    expect(rounds[19]?.heldEvents).toBe(1);
    expect((await stage.engine().held()).people.map(({ userId }) => userId).sort()).toEqual(crew.slice(19, 24).sort());
    await stage.checkInvariants();
    expect(await stage.engine().verify()).toMatchObject({ ok: true });
  });

  it('lets go again of what was sent a day ago, and of nothing that is held', async () => {
    const stage = await openStage({ graph: calm });
    const clock = openGraphClock(stage, '2025-03-03T00:00:00Z');
    const crew = stage.crew(100);
    await stage.sync();
    for (const userId of crew.slice(0, 19)) stage.leave(userId);
    expect(await stage.sync()).toMatchObject({ exitCode: 0 });
    clock.pass(23);
    for (const userId of crew.slice(19, 24)) stage.leave(userId);
    expect(await stage.sync()).toMatchObject({ exitCode: 3, people: { held: 5 } });
    clock.pass(2);
    stage.leave(crew[24] ?? '');
    // Within this day only those who wait, and one more: six of eighty-one.
    expect(await stage.sync()).toMatchObject({ exitCode: 3, people: { held: 5 } });
    expect(stage.account(crew[24] ?? '').status).toBe('deactivated');
    expect(stage.learnAmp.deactivations()).toHaveLength(20);
  });
});
