import type { DiffStep, Moment, ObjectId, PersonAt } from '@learnamp/directory-sync';
import { DirectorySyncError } from '@learnamp/directory-sync';
import { describe, expect, it } from 'vitest';
import { differing, diffApplied, liveThrough, replayed, stateOf } from '../../support/audit.js';
import { contentsOf } from '../../support/files.js';
import { openStage, type Stage } from '../../support/stage.js';

const open = () => openStage({ preferences: { syncPhotos: false } });

const at = (revision: string | number): Moment => ({ revision: BigInt(revision) });

const revisionOf = async (stage: Stage, type: string, nth = 0): Promise<string> =>
  (await stage.events(type))[nth]?.revision ?? 'none';

const failureOf = async (steps: AsyncIterable<unknown>): Promise<unknown> => {
  try {
    for await (const step of steps) expect(step).toBeDefined();
  } catch (error) {
    return error instanceof DirectorySyncError ? [error.code, error.message] : error;
  }
  return undefined;
};

describe('the state at a moment', () => {
  it('tells both sides of a person as they were, and what was wanted by the preferences of the time', async () => {
    const stage = await open();
    const { ann, boss } = await liveThrough(stage);
    const renamed = await revisionOf(stage, 'SurnameChanged');

    const { people: before } = await stateOf(stage.engine(), at(BigInt(renamed).toString()));
    expect(before.get(ann)).toMatchObject({
      displayName: 'Ann May',
      directory: { inScope: true, attributes: { surname: 'May', department: 'Sales' }, managerId: boss },
      // Changed in the directory, and not yet sent.
      delivered: { lastName: 'Lee', email: 'ann.lee@fabrikam.example', profile: { location: 'Building 1' } },
      desired: { lastName: 'May', profile: { location: 'Building 1' }, team: 'Sales' },
    });
    const { people: now } = await stateOf(
      stage.engine(),
      at((await replayed(stage.engine())).summary.head?.revision ?? ''),
    );
    expect(now.get(ann)).toMatchObject({ delivered: { lastName: 'May', profile: { location: 'Bonn' } } });
    expect(now.get(boss)).toMatchObject({
      directory: { inScope: false, leave: { reason: 'removed' } },
      delivered: { status: 'deactivated' },
      desired: null,
    });
  });

  it('ends where a replay up to it ends, for every revision, and at its time', async () => {
    const stage = await open();
    await liveThrough(stage);
    const engine = stage.engine();
    const { events } = await replayed(engine);
    for (const { revision, recordedAt } of events.filter((_, index) => index % 7 === 0)) {
      const { summary } = await replayed(engine, { to: at(revision), commands: false });
      const { connection } = await stateOf(engine, at(revision));
      expect(connection).toMatchObject({
        at: { ...summary.head, recordedAt },
        events: summary.events,
        stateDigest: summary.stateDigest,
        people: { known: summary.people },
      });
      const last = events.findLast((event) => event.recordedAt === recordedAt);
      const timed = await stateOf(engine, { time: new Date(recordedAt) });
      expect(timed.connection.at?.revision).toBe(last?.revision);
    }
  });

  it('is that of an engine that stopped there', async () => {
    const stage = await open();
    const stops: { readonly revision: string; readonly digest: string }[] = [];
    const ann = stage.hire('Ann Lee');
    for (const title of ['Chemist', 'Head', 'Director']) {
      stage.directory.updateUser(ann, { jobTitle: title });
      await stage.sync();
      const { head } = await stage.engine().status();
      stops.push({ revision: head?.revision ?? '', digest: await stage.engine().stateDigest() });
    }
    for (const { revision, digest } of stops)
      expect((await stateOf(stage.engine(), at(revision))).connection.stateDigest).toBe(digest);
  });
});

describe('what differs between two moments', () => {
  const collect = async (steps: AsyncIterable<DiffStep>): Promise<ReadonlyArray<DiffStep>> => {
    const found: DiffStep[] = [];
    for await (const step of steps) found.push(step);
    return found;
  };

  it('is what turns the one state into the other, also where preferences or groups changed for everybody', async () => {
    const stage = await open();
    await liveThrough(stage);
    const team = stage.directory.addGroup({ displayName: 'Team' });
    const eve = stage.directory.addUser({ displayName: 'Eve', userPrincipalName: 'eve@fabrikam.example' });
    stage.directory.addMember(team, eve);
    stage.directory.addMember(stage.directory.scopeGroupId, team);
    await stage.sync();
    const engine = stage.engine();
    const last = Number((await engine.status()).head?.revision);
    // Of other preferences alone somebody is wanted otherwise who is not in any event between.
    const saved = Number(await revisionOf(stage, 'PreferencesChanged', 1));
    const places = [0, 3, 20, 35, 45, 56, saved - 1, saved, last].toSorted((one, other) => one - other);
    for (const [index, from] of places.entries())
      for (const to of places.slice(index)) {
        const [before, after] = [await stateOf(engine, at(from)), await stateOf(engine, at(to))];
        const steps = await collect(engine.diff({ from: at(from), to: at(to) }));
        expect(diffApplied(before.people, steps)).toEqual(differing(after.people));
      }
  });

  it('names what happened to a person, and the memberships', async () => {
    const stage = await open();
    const { boss, ann } = await liveThrough(stage);
    const [from, to] = [await revisionOf(stage, 'SyncCompleted', 2), await revisionOf(stage, 'SyncCompleted', 3)];
    const steps = await collect(stage.engine().diff({ from: at(from), to: at(to) }));
    const person = (userId: string) =>
      steps.find((step) => step._tag === 'Person' && step.userId === userId) as Extract<DiffStep, { _tag: 'Person' }>;
    expect(person(boss)).toMatchObject({ change: 'gone', displayName: 'Bo Boss' });
    expect(person(boss).fields).toContainEqual({ path: 'directory.inScope', before: true, after: false });
    expect(person(boss).fields).toContainEqual({
      path: 'delivered.status',
      before: expect.any(String) as unknown,
      after: 'deactivated',
    });
    expect(person(ann).change).toBe('changed');
    expect(steps).toContainEqual({
      ...{ _tag: 'Edge', change: 'gone', kind: 'user' },
      ...{ groupId: stage.directory.scopeGroupId, memberId: boss },
    });
    expect(steps.at(-1)).toMatchObject({
      _tag: 'Summary',
      gone: 1,
      added: 0,
      from: { revision: from },
      to: { revision: to },
    });

    const only = await collect(stage.engine().diff({ from: at(from), to: at(to), userIds: [ann as ObjectId] }));
    expect(only.filter(({ _tag }) => _tag === 'Person')).toEqual([person(ann)]);
    expect(only.filter(({ _tag }) => _tag === 'Edge')).toEqual([]);
  });
});

describe('a moment that the log does not hold', () => {
  it('is refused in one sentence, by whoever asks', async () => {
    const stage = await open();
    stage.hire('Ann Lee');
    await stage.sync();
    const engine = stage.engine();
    const { events } = await replayed(engine);
    const [first, last] = [events[0], events.at(-1)];
    const behind = at(events.length);
    const beyond = [
      'wrong-moment',
      `There is no revision ${events.length}: the log ends at ${last?.revision} (${last?.recordedAt}).`,
    ];
    expect(await failureOf(engine.stateAt(behind))).toEqual(beyond);
    expect(await failureOf(engine.replay({ from: behind }))).toEqual(beyond);
    expect(await failureOf(engine.history({ to: behind }))).toEqual(beyond);
    expect(await failureOf(engine.diff({ from: at(0), to: behind }))).toEqual(beyond);

    const early = { time: new Date(Date.parse(first?.recordedAt ?? '') - 1) };
    expect(await failureOf(engine.stateAt(early))).toMatchObject([
      'wrong-moment',
      expect.stringMatching(/before the first event/),
    ]);
    const late = { time: new Date('2999-01-01T00:00:00Z') };
    expect(await failureOf(engine.replay({ to: late }))).toMatchObject([
      'wrong-moment',
      expect.stringMatching(/yet to come/),
    ]);

    const start = { time: new Date(first?.recordedAt ?? '') };
    const [end] = [{ time: new Date(last?.recordedAt ?? '') }];
    for (const [from, to] of [
      [at(5), at(4)],
      [end, start],
      [at(last?.revision ?? ''), start],
      [end, at(0)],
    ] as const) {
      const refused = ['wrong-moment', expect.stringMatching(/^The range ends before it begins/)];
      expect(await failureOf(engine.diff({ from, to }))).toMatchObject(refused);
      expect(await failureOf(engine.replay({ from, to }))).toMatchObject(refused);
    }
  });

  it('is no matter of an empty log, which is told as such', async () => {
    const stage = await open();
    const engine = stage.engine();
    expect((await stateOf(engine, at(7))).connection).toMatchObject({ at: null, events: 0 });
    expect((await replayed(engine, { from: at(7) })).summary).toMatchObject({ head: null, events: 0 });
    for await (const step of engine.diff({ from: at(7), to: at(9) }))
      expect(step).toMatchObject({ from: null, to: null });
  });
});

describe('somebody who was erased', () => {
  it('is told as erased, and everything else is folded on', async () => {
    const stage = await open();
    const { boss, ann } = await liveThrough(stage);
    await stage.engine().erase(boss as ObjectId, { actor: 'an officer', reason: 'asked for it' });
    const engine = stage.engine();
    const { events, summary } = await replayed(engine);
    const { people, connection } = await stateOf(engine, at(summary.head?.revision ?? ''));
    const erased = people.get(boss) as PersonAt;
    expect(erased).toMatchObject({ displayName: '[erased]', desired: null });
    expect(JSON.stringify([erased, events.filter(({ subjects }) => subjects.includes(boss))])).not.toMatch(
      /Bo|Boss|Head/,
    );
    expect(people.get(ann)).toMatchObject({ displayName: 'Ann May' });
    expect(connection.stateDigest).toBe(await engine.stateDigest());
  });
});

it('changes no file, whatever is asked', async () => {
  const stage = await open();
  await liveThrough(stage);
  await stage.close();
  const before = await contentsOf(stage.folder);
  await stage.reopen();
  const engine = stage.engine();
  await stateOf(engine, at(30));
  for await (const step of engine.diff({ from: at(3), to: at(30) })) expect(step).toBeDefined();
  for await (const step of engine.history()) expect(step).toBeDefined();
  await engine.close();
  expect(await contentsOf(stage.folder)).toEqual(before);
});
