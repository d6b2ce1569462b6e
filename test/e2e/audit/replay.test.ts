import type { CommandView, ReplayedEvent } from '@learnamp/directory-sync';
import { describe, expect, it } from 'vitest';
import { expectCommandsExplained, liveThrough, replayed } from '../../support/audit.js';
import { contentsOf } from '../../support/files.js';
import { openStage } from '../../support/stage.js';

const open = () => openStage({ preferences: { syncPhotos: false } });

const kinds = (commands: ReadonlyArray<CommandView>): ReadonlyArray<string> => commands.map(({ kind }) => kind).sort();

const after = (events: ReadonlyArray<ReplayedEvent>, type: string, about: string) =>
  events.filter((event) => event.type === type && event.subjects.includes(about));

describe('a replay', () => {
  it('attributes every command that went out to the event it follows from', async () => {
    const stage = await open();
    const { boss, ann } = await liveThrough(stage);
    const { events, summary } = await expectCommandsExplained(stage.engine());

    expect(after(events, 'UserJoinedGroup', ann).map(({ commands }) => kinds(commands))).toContainEqual(
      expect.arrayContaining(['CreateUser']),
    );
    const [renamed] = after(events, 'SurnameChanged', ann);
    expect(renamed?.commands).toMatchObject([
      { kind: 'UpdateProfile', subject: ann, summary: 'rename to Ann May', command: { userId: ann } },
    ]);
    // Nobody plans between the receipt of a creation and its link.
    expect(kinds(events.flatMap(({ fellAway }) => fellAway))).not.toContain('CreateUser');
    // The second change of one page replaces what the first asked for.
    const [moved] = after(events, 'DepartmentChanged', ann);
    expect([kinds(moved?.commands ?? []), kinds(moved?.fellAway ?? [])]).toEqual([
      ['EnsureTeam', 'UpdateProfile'],
      ['UpdateProfile'],
    ]);
    // The person who leaves, and the report who loses the manager.
    const [left] = after(events, 'LeaveConfirmed', boss);
    expect(left?.commands.map(({ kind, subject }) => [kind, subject]).sort()).toEqual([
      ['ClearOverrideManager', ann],
      ['DeactivateUser', boss],
    ]);
    // Managers were switched off before this change came.
    expect(after(events, 'ManagerAssigned', ann).at(-1)?.commands).toEqual([]);
    expect(summary.stateDigest).toBe(await stage.engine().stateDigest());
  });

  it('tells a part of the log as the whole tells it, and folds what lies before', async () => {
    const stage = await open();
    await liveThrough(stage);
    const engine = stage.engine();
    const whole = await replayed(engine);
    const from = whole.events.find(({ type }) => type === 'SurnameChanged')?.revision ?? '';
    const to = whole.events.find(({ type }) => type === 'LeaveConfirmed')?.revision ?? '';
    const part = await replayed(engine, { from: { revision: BigInt(from) }, to: { revision: BigInt(to) } });
    expect(part.events).toEqual(whole.events.slice(Number(from), Number(to) + 1));
    expect(part.summary).toMatchObject({ events: Number(to) + 1, head: { revision: to } });

    const early = await replayed(engine, { to: { revision: BigInt(to) } });
    expect(early.summary).toEqual(part.summary);
    const bare = await replayed(engine, { commands: false });
    expect(bare.summary).toEqual(whole.summary);
    expect(bare.events.map(({ revision, type }) => [revision, type])).toEqual(
      whole.events.map(({ revision, type }) => [revision, type]),
    );
  });

  it('of one person tells their events whole, and of others what followed for that person', async () => {
    const stage = await open();
    const { ann, boss } = await liveThrough(stage);
    const { events } = await replayed(stage.engine(), { userIds: [ann as never] });
    const others = events.filter(({ subjects }) => !subjects.includes(ann));
    expect(others.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['UserLinked', 'TeamEnsured', 'LeaveConfirmed', 'PreferencesChanged']),
    );
    for (const { commands, fellAway, sent } of others)
      for (const { subject } of [...commands, ...fellAway, ...sent]) expect(subject).toBe(ann);
    expect(events.flatMap(({ sent }) => sent).every(({ subject }) => subject === ann)).toBe(true);
    // Bo's own plan stands in Ann's line only where the event is about both.
    expect(events.flatMap(({ commands }) => commands).some(({ subject }) => subject === boss)).toBe(false);
  });

  it('starts in the middle of a delivery with what was asked for and not sent yet', async () => {
    const stage = await open();
    await liveThrough(stage);
    const engine = stage.engine();
    const whole = await replayed(engine);
    for (const { revision } of whole.events) {
      const part = await replayed(engine, { from: { revision: BigInt(revision) } });
      expect(part.events.flatMap(({ sent }) => sent).filter(({ command }) => command === null)).toEqual([]);
      expect(part.events.map(({ commands }) => kinds(commands))).toEqual(
        whole.events.slice(Number(revision)).map(({ commands }) => kinds(commands)),
      );
    }
  });

  it('changes no file, and asks nobody', async () => {
    const stage = await open();
    await liveThrough(stage);
    await stage.close();
    const before = await contentsOf(stage.folder);
    await stage.reopen();
    stage.simulator.requests.reset();
    await replayed(stage.engine(), { from: { revision: 3n } });
    expect(stage.simulator.requests.counts()).toMatchObject({ graph: 0, learnAmp: 0 });
    await stage.engine().close();
    expect(await contentsOf(stage.folder)).toEqual(before);
  });
});
