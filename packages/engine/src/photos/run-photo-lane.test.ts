import {
  defaultPreferences,
  type DirectoryEvent,
  type LearnAmpUserId,
  type ObjectId,
  type Outcome,
} from '@learnamp/directory-sync-domain';
import { makeMemoryCache, makeMemoryKeyStore } from '@learnamp/directory-sync-event-sourcing';
import type { DirectorySource } from '@learnamp/directory-sync-graph';
import type { LearnAmpPort } from '@learnamp/directory-sync-learn-amp';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { describe, expect, it } from 'vitest';
import { planContextOf } from '../deliver/plan-now.js';
import type { CycleContext } from '../observe/cycle-context.js';
import { makeShadowRecorder } from '../record/recorder.js';
import { makeEngineState } from '../state/engine-state.js';
import type { PhotoLane } from './photo-lane.js';
import { runPhotoLane } from './run-photo-lane.js';
import { quietTelemetry } from '../telemetry/telemetry.js';

const now = () => new Date('2026-03-02T08:00:00Z');
const idOf = (n: number) => `aaaaaaaa-0000-4000-8000-${String(n).padStart(12, '0')}` as ObjectId;
const jpeg = new Uint8Array([0xff, 0xd8, 0xff]);

/** So many people with accounts and photos; what is asked and set is noted. */
const openLane = async (count: number) => {
  const state = makeEngineState();
  const recorder = makeShadowRecorder(state, now);
  recorder.openCycle(() => [], 'cycle');
  const people = Array.from({ length: count }, (_, n) => idOf(n));
  const hired = people.flatMap((userId, n): ReadonlyArray<DirectoryEvent> => {
    const attributes = { userPrincipalName: `${String(n)}@contoso.example` };
    const learnAmpUserId = String(n) as LearnAmpUserId;
    return [
      { type: 'UserJoinedGroup', data: { userId, attributes, accountEnabled: true, managerId: null, path: [] } },
      { type: 'UserLinked', data: { userId, learnAmpUserId, how: 'created' } },
    ];
  });
  await recorder.record(() => hired);
  const asked: ObjectId[] = [];
  const set: string[] = [];
  let answer: Outcome = { _tag: 'Succeeded', result: 'updated' };
  const photos: DirectorySource['photos'] = {
    read: (userIds) => {
      asked.push(...userIds);
      return TE.right(userIds.map((userId) => ({ _tag: 'Photo', userId, etag: '"e"' })));
    },
    fetch: () => TE.right({ _tag: 'Photo', bytes: jpeg, mediaType: 'image/jpeg' }),
  };
  const execute: LearnAmpPort['execute'] = (commands) => {
    for (const { command, photo } of commands)
      if ('learnAmpUserId' in command && photo !== undefined) set.push(command.learnAmpUserId);
    return Promise.resolve(commands.map(({ commandId }) => ({ commandId, outcome: answer })));
  };
  const preferences = defaultPreferences;
  const quiet = () => undefined;
  const cycle = {
    connectionId: 'contoso',
    preferences,
    state,
    recorder,
    directory: { photos },
    learnAmp: { execute },
    now,
    logger: { debug: quiet, info: quiet, warn: quiet },
    telemetry: quietTelemetry,
    clock: {},
    isPaused: () => false,
  } as unknown as CycleContext;
  const cache = makeMemoryCache();
  const keys = makeMemoryKeyStore();
  const tally: PhotoLane['dispatcher']['tally'] = new Map();
  const run = (more: Partial<PhotoLane> = {}, port: Partial<LearnAmpPort> = {}) =>
    runPhotoLane({
      cycle: { ...cycle, learnAmp: { ...cycle.learnAmp, ...port } },
      planner: { context: planContextOf(state, preferences), sending: quiet },
      dispatcher: { tally },
      keys,
      cache,
      yields: () => false,
      ...more,
    });
  return {
    run,
    people,
    state,
    tally,
    asked,
    set,
    answerWith: (outcome: Outcome) => {
      answer = outcome;
    },
  };
};

/** Gives the turn back at the n-th question. */
const after = (n: number) => {
  let questions = 0;
  return () => (questions += 1) > n;
};

describe('a lane that gives its turn back', () => {
  it('goes on where it stopped, and ends where it began', async () => {
    const lane = await openLane(250);
    // One question before each step, and one before each four.
    expect(await lane.run({ yields: after(26) })).toBe('more');
    expect(lane.asked).toEqual(lane.people.slice(0, 100));
    expect(lane.set).toHaveLength(100);
    expect(await lane.run({ resumes: true })).toBe('done');
    expect(lane.asked).toEqual(lane.people);
    expect(lane.set).toEqual(lane.people.map((_, n) => String(n)));
    expect(lane.tally.get('SetAvatar')).toMatchObject({ planned: 250, succeeded: 250 });
  });

  it('in the middle of a step repeats what was asked, and nothing that was set', async () => {
    const lane = await openLane(50);
    expect(await lane.run({ yields: after(4) })).toBe('more');
    expect(lane.set).toHaveLength(12);
    expect(await lane.run({ resumes: true })).toBe('done');
    expect(lane.asked).toHaveLength(100);
    expect(new Set(lane.set).size).toBe(50);
    expect(lane.set).toHaveLength(50);
  });

  it('a new lane visits everybody, whatever was visited before', async () => {
    const lane = await openLane(150);
    expect(await lane.run({ yields: after(26) })).toBe('more');
    expect(await lane.run()).toBe('done');
    expect(lane.asked.slice(100)).toEqual([...lane.people.slice(100), ...lane.people.slice(0, 100)]);
  });
});

describe('what the port can do', () => {
  const unsupported: Outcome = { _tag: 'Unsupported' };

  it('where it says that it has no avatars, nobody’s photo is asked for and nothing recorded', async () => {
    const lane = await openLane(3);
    const { revision } = lane.state.head()!;
    expect(await lane.run({}, { avatars: false })).toBe('done');
    expect(lane.asked).toEqual([]);
    expect(lane.state.head()?.revision).toBe(revision);
  });

  it('is learnt once where it does not say, and believed where it says so later', async () => {
    const lane = await openLane(9);
    lane.answerWith(unsupported);
    await lane.run();
    expect(lane.set).toHaveLength(4);
    expect(lane.state.connection().unsupported).toEqual(['SetAvatar']);
    await lane.run();
    expect(lane.asked).toHaveLength(9);
    lane.answerWith({ _tag: 'Succeeded', result: 'updated' });
    await lane.run({}, { avatars: true });
    expect(lane.state.connection().unsupported).toEqual([]);
    // Those who were refused one by one are asked for once more by the next full cycle.
    expect(lane.set.slice(4)).toEqual(['4', '5', '6', '7', '8']);
  });
});

it('nobody who left, was erased, or whose account sleeps or is gone, is asked for', async () => {
  const lane = await openLane(5);
  const [left, erased, asleep, gone, ann] = lane.people as [ObjectId, ObjectId, ObjectId, ObjectId, ObjectId];
  const account = { learnAmpUserId: '2' as LearnAmpUserId, email: 'a', firstName: null, lastName: null };
  const recorder = makeShadowRecorder(lane.state, now);
  recorder.openCycle(() => [], 'before');
  await recorder.record(() => [
    { type: 'UserLeftGroup', data: { userId: left, reason: 'removed' } },
    { type: 'PersonErased', data: { userId: erased, actor: 'a', reason: 'b' } },
    { type: 'LearnAmpUserObserved', data: { userId: asleep, account: { ...account, status: 'deactivated' } } },
    { type: 'LearnAmpUserObserved', data: { userId: gone, account: null } },
  ]);
  await lane.run();
  expect(lane.asked).toEqual([ann]);
});
