import type { DirectorySync } from '@learnamp/directory-sync';
import { describe, expect, it } from 'vitest';
import { canariesIn } from '../support/canaries.js';
import { canaries, canaryName, canaryProfile } from '../support/person-canary.js';
import { facts } from '../support/report.js';
import { calm, expectReplayEqualsLive, openStage, type Stage } from '../support/stage.js';

const DAY = 24 * 60 * 60 * 1000;

const erasedBy = async (engine: DirectorySync): Promise<ReadonlyArray<unknown>> => {
  const found: unknown[] = [];
  for await (const { data } of engine.events({ types: ['PersonErased'] })) found.push(data);
  return found;
};

/** From now on Graph's answers are so much later. The servers' own `Date` is the machine's. */
const graphLater = ({ simulator }: Stage, milliseconds: number) => {
  const date = new Date(Date.now() + milliseconds).toUTCString();
  return simulator.faults.add({
    system: 'graph',
    action: { rewrite: (response) => ({ ...response, headers: { ...response.headers, date } }) },
  });
};

/** The host's clock is years ahead: retention goes by Graph's. */
const openLeaver = async (eraseLeaversAfterMonths: number | null) => {
  const stage = await openStage({
    graph: calm,
    preferences: { eraseLeaversAfterMonths },
    now: () => new Date('2099-01-01T00:00:00.000Z'),
  });
  const crew = stage.crew(10);
  const xq = stage.hire(canaryName, canaryProfile);
  await stage.sync();
  stage.leave(xq);
  await stage.sync();
  return { stage, xq, crew };
};

describe('leavers whose deactivation was delivered', () => {
  it('are erased by the first full cycle that is so many calendar months later, and not before', async () => {
    const { stage, xq } = await openLeaver(3);
    // Three months are 89 days at least, and 92 at most.
    const later = graphLater(stage, 88 * DAY);
    expect(facts(await stage.sync({ full: true }))).not.toHaveProperty('PersonErased');
    later.remove();
    graphLater(stage, 93 * DAY);
    // Only a full cycle erases.
    expect(facts(await stage.sync())).not.toHaveProperty('PersonErased');
    expect(facts(await stage.sync({ full: true }))).toMatchObject({ PersonErased: 1 });
    expect(await erasedBy(stage.engine())).toEqual([
      { userId: xq, actor: 'retention', reason: 'left 3 months ago or more', activeBefore: [] },
    ]);
    expect(canariesIn(stage.folder, canaries)).toEqual([]);
    expect(facts(await stage.sync({ full: true }))).not.toHaveProperty('PersonErased');
    await expectReplayEqualsLive(stage.engine());
    expect(await stage.engine().rebuild({ verify: true })).toMatchObject({ differences: 0 });
  });

  it('are kept for ever where nothing is set, and erased once it is', async () => {
    const { stage } = await openLeaver(null);
    graphLater(stage, 4_000 * DAY);
    await stage.sync({ full: true });
    expect(await erasedBy(stage.engine())).toEqual([]);
    await stage.reopen({ preferences: { eraseLeaversAfterMonths: 120 } });
    expect(facts(await stage.sync({ full: true }))).toMatchObject({ PersonErased: 1 });
  });

  it('are kept when they came back, and while their account is held active', async () => {
    const { stage, xq, crew } = await openLeaver(1);
    stage.directory.addMember(stage.directory.scopeGroupId, xq);
    await stage.sync();
    for (const userId of crew.slice(0, 6)) stage.leave(userId);
    expect((await stage.sync()).exitCode).toBe(3);
    graphLater(stage, 400 * DAY);
    expect((await stage.sync({ full: true })).exitCode).toBe(3);
    expect(await erasedBy(stage.engine())).toEqual([]);
  });
});

it('leavers who never had an account are erased, too', async () => {
  const stage = await openStage({
    graph: calm,
    preferences: { eraseLeaversAfterMonths: 1 },
  });
  stage.crew(10);
  const guest = stage.hire('Guest Without', { userPrincipalName: 'g#EXT#@fabrikam.example', mail: null });
  await stage.sync();
  stage.leave(guest);
  await stage.sync();
  expect(stage.accountOf(guest)).toBeUndefined();
  graphLater(stage, 32 * DAY);
  expect(facts(await stage.sync({ full: true }))).toMatchObject({ PersonErased: 1 });
});
