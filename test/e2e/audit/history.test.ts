import type { HistoryDay, HistoryEnd, HistoryQuery } from '@learnamp/directory-sync';
import { describe, expect, it } from 'vitest';
import { liveThrough } from '../../support/audit.js';
import { openStage, type Stage } from '../../support/stage.js';

const historyOf = async (stage: Stage, query?: HistoryQuery) => {
  const days: HistoryDay[] = [];
  let total: HistoryEnd | undefined;
  for await (const step of stage.engine().history(query))
    if (step._tag === 'Day') days.push(step);
    else total = step;
  if (total === undefined) throw new Error('The history came without its total.');
  return { days, total };
};

type Items = { readonly items: ReadonlyArray<{ readonly kind: string }> };

describe('the history', () => {
  it('counts what came in, what went out and what became of it, as the log tells it', async () => {
    const stage = await openStage({ preferences: { syncPhotos: false } });
    const { boss } = await liveThrough(stage);
    stage.directory.addMember(stage.directory.scopeGroupId, boss);
    await stage.sync();
    const { days, total } = await historyOf(stage);

    const events = await stage.events();
    const byType = new Map<string, number>();
    for (const { type } of events) byType.set(type, (byType.get(type) ?? 0) + 1);
    expect(total.events).toEqual(Object.fromEntries(byType));
    const sent = (await stage.events('CommandsDispatched')).flatMap(({ data }) => (data as Items).items);
    const dispatched = Object.values(total.commands).reduce((sum, counts) => sum + counts.dispatched, 0);
    expect(dispatched).toBe(sent.length);
    for (const [kind, counts] of Object.entries(total.commands)) {
      expect(counts.dispatched).toBe(sent.filter((item) => item.kind === kind).length);
      expect(counts.succeeded + counts.rejected).toBe(counts.dispatched);
    }
    expect(total.people).toEqual({ joined: 3, left: 1, rejoined: 1 });
    expect(total.standing).toMatchObject({ waiting: 0, unanswered: 0, held: { deactivations: 0, creations: 0 } });
    expect(total).toMatchObject({ erased: 0, stateDigest: await stage.engine().stateDigest() });
    expect(days.reduce((sum, day) => sum + day.people.joined, 0)).toBe(total.people.joined);
  });

  it('tells days apart by UTC, and ends where it is told to', async () => {
    let now = new Date('2026-03-01T23:30:00Z');
    const stage = await openStage({ preferences: { syncPhotos: false }, now: () => now });
    const ann = stage.hire('Ann Lee');
    await stage.sync();
    now = new Date('2026-03-02T00:30:00Z');
    stage.directory.updateUser(ann, { jobTitle: 'Chemist' });
    await stage.sync();
    const { days, total } = await historyOf(stage);
    expect(days.map(({ day, people, commands }) => [day, people.joined, Object.keys(commands)])).toEqual([
      ['2026-03-01', expect.any(Number), ['CreateUser']],
      ['2026-03-02', 0, ['UpdateProfile']],
    ]);
    expect(total.days).toBe(2);
    const first = await historyOf(stage, { to: { time: new Date('2026-03-02T00:00:00Z') } });
    expect(first.days).toEqual(days.slice(0, 1));
    expect(first.total.commands).toEqual(days[0]?.commands);
  });

  it('counts a return as one, and what waits for approval as still standing', async () => {
    const stage = await openStage({
      preferences: { syncPhotos: false, deactivationHold: { smallShareFrom: 1, smallShare: 0.01 } },
    });
    const crew = stage.crew(6);
    await stage.sync();
    for (const userId of crew.slice(0, 3)) stage.leave(userId);
    await stage.sync();
    const held = (await historyOf(stage)).total;
    expect(held.commands.DeactivateUser).toMatchObject({ dispatched: 0, held: 3, approved: 0 });
    expect(held.standing).toMatchObject({ held: { deactivations: 3 }, open: { DeactivateUser: 3 } });

    for (const userId of crew.slice(0, 2)) stage.directory.addMember(stage.directory.scopeGroupId, userId);
    await stage.sync();
    const returned = (await historyOf(stage)).total;
    expect(returned.people).toMatchObject({ left: 3, rejoined: 2 });
    expect(returned.commands.DeactivateUser).toMatchObject({ held: 3, dissolved: 2 });
    expect(returned.standing.held.deactivations).toBe(1);
  });
});
