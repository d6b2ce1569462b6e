import type { DirectoryEvent, LearnAmpUserId, ObjectId, Outcome } from '@learnamp/directory-sync-domain';
import { defaultPreferences } from '@learnamp/directory-sync-domain';
import { makeMemoryKeyStore } from '@learnamp/directory-sync-event-sourcing';
import type { LearnAmpPort } from '@learnamp/directory-sync-learn-amp';
import { describe, expect, it } from 'vitest';
import type { CycleContext } from '../observe/cycle-context.js';
import { makeShadowRecorder } from '../record/recorder.js';
import { makeEngineState } from '../state/engine-state.js';
import { makeAnswers } from './answers.js';
import { jobOf, makeDispatcher, type Job } from './dispatch.js';
import { quietTelemetry } from '../telemetry/telemetry.js';

const now = () => new Date('2026-03-02T08:00:00Z');
const idOf = (n: number) => `aaaaaaaa-0000-4000-8000-${String(n).padStart(12, '0')}` as ObjectId;
const accountOf = (n: number) => String(n + 1) as LearnAmpUserId;
const identity = { email: 'a@contoso.example', firstName: 'A', lastName: 'B' };
const done: Outcome = { _tag: 'Succeeded', result: 'updated' };
const quiet = () => undefined;

/** So many people with accounts, a job for each, and a port that answers as told. */
const open = async (count: number, port: Pick<LearnAmpPort, 'execute'> & Partial<LearnAmpPort>, concurrency = 4) => {
  const state = makeEngineState();
  const shadow = makeShadowRecorder(state, now);
  shadow.openCycle(() => [], 'cycle');
  const people = Array.from({ length: count }, (_, n) => n);
  await shadow.record(() =>
    people.flatMap((n): ReadonlyArray<DirectoryEvent> => {
      const userId = idOf(n);
      return [
        { type: 'UserJoinedGroup', data: { userId, attributes: {}, accountEnabled: true, managerId: null, path: [] } },
        { type: 'UserLinked', data: { userId, learnAmpUserId: accountOf(n), how: 'created' } },
      ];
    }),
  );
  const recorded: string[] = [];
  const recorder: typeof shadow = {
    ...shadow,
    record: (decide) =>
      shadow.record(() => {
        const events = decide();
        for (const { type } of events) recorded.push(type);
        return events;
      }),
  };
  const answers = makeAnswers();
  const cycle = {
    connectionId: 'contoso',
    preferences: defaultPreferences,
    state,
    recorder,
    learnAmp: port,
    answers,
    now,
    logger: { debug: quiet, info: quiet, warn: quiet },
    telemetry: quietTelemetry,
    progress: quiet,
    clock: {},
    isPaused: () => false,
  } as unknown as CycleContext;
  const jobs = people.map((n): Job => {
    const [userId, learnAmpUserId] = [idOf(n), accountOf(n)];
    return jobOf(userId, [{ kind: 'UpdateProfile', userId, learnAmpUserId, identity, set: {}, clear: [] }]);
  });
  const dispatcher = makeDispatcher(cycle, makeMemoryKeyStore(), concurrency);
  return { state, recorded, answers, jobs, dispatcher };
};

const answering =
  (outcome: (userId: string) => Outcome = () => done): LearnAmpPort['execute'] =>
  (commands) =>
    Promise.resolve(
      commands.map(({ commandId, command }) => ({
        commandId,
        outcome: outcome('userId' in command ? command.userId : ''),
      })),
    );

const succeededIn = (recorded: ReadonlyArray<string>) => recorded.filter((type) => type === 'CommandSucceeded').length;

describe('a host port that rejects', () => {
  it('over one person leaves that one unknown and reaches everybody else', async () => {
    const bad = idOf(7);
    const answer = answering();
    const { dispatcher, jobs, recorded, answers, state } = await open(30, {
      execute: (commands, options) =>
        commands.some(({ command }) => 'userId' in command && command.userId === bad)
          ? Promise.reject(new TypeError('Ann Lee is not a function'))
          : answer(commands, options),
    });
    await dispatcher.send(jobs);
    expect(succeededIn(recorded)).toBe(29);
    expect([...answers.missing()]).toEqual([bad]);
    expect(Object.keys(state.delivered(bad).unknown)).toEqual(['UpdateProfile']);
  });

  it('answers nothing for a command that it should have tried: that one is unknown, too', async () => {
    const { dispatcher, jobs, answers } = await open(3, { execute: () => Promise.resolve([]) });
    await dispatcher.send(jobs);
    expect(answers.missing().size).toBe(3);
  });

  it('over many people in one call is asked for each alone, and looks before it writes', async () => {
    const bad = idOf(7);
    const answer = answering();
    let looked = 0;
    const { dispatcher, jobs, recorded, answers } = await open(30, {
      executeAll: (subjects) => {
        expect(subjects.length).toBeGreaterThan(1);
        return Promise.reject(new Error('out of memory'));
      },
      execute: (commands, options) => {
        looked += commands.filter(({ unknown }) => unknown).length;
        return commands.some(({ command }) => 'userId' in command && command.userId === bad)
          ? Promise.reject(new Error('no'))
          : answer(commands, options);
      },
    });
    await dispatcher.send(jobs);
    expect(succeededIn(recorded)).toBe(29);
    expect([...answers.missing()]).toEqual([bad]);
    expect(looked).toBe(30);
  });
});

describe('the rolling window', () => {
  it('waits for no slow one: everybody else is sent and recorded while it is under way', async () => {
    const slow = idOf(0);
    let free: () => void = quiet;
    const answer = answering();
    const { dispatcher, jobs, recorded } = await open(350, {
      execute: async (commands, options) => {
        if (commands.some(({ command }) => 'userId' in command && command.userId === slow))
          await new Promise<void>((resolve) => {
            free = resolve;
          });
        return answer(commands, options);
      },
    });
    const sent = dispatcher.send(jobs);
    for (let turn = 0; turn < 200 && succeededIn(recorded) < 349; turn += 1)
      await new Promise((resolve) => setImmediate(resolve));
    expect(succeededIn(recorded)).toBe(349);
    free();
    await sent;
    expect(succeededIn(recorded)).toBe(350);
  });

  it('records each group before any of it is sent, 100 commands at most in each', async () => {
    const inFlight: number[] = [];
    let dispatched = 0;
    let sentSoFar = 0;
    const answer = answering();
    const { dispatcher, jobs, recorded } = await open(250, {
      execute: (commands, options) => {
        sentSoFar += 1;
        dispatched = recorded.filter((type) => type === 'CommandsDispatched').length * 100;
        inFlight.push(dispatched - sentSoFar);
        return answer(commands, options);
      },
    });
    await dispatcher.send(jobs);
    expect(recorded.filter((type) => type === 'CommandsDispatched')).toHaveLength(3);
    expect(Math.min(...inFlight)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...inFlight)).toBeLessThan(200);
  });

  it('has no more calls under way than it may', async () => {
    let [underWay, most] = [0, 0];
    const answer = answering();
    const { dispatcher, jobs } = await open(60, {
      execute: async (commands, options) => {
        most = Math.max(most, (underWay += 1));
        await new Promise((resolve) => setImmediate(resolve));
        underWay -= 1;
        return answer(commands, options);
      },
    });
    await dispatcher.send(jobs);
    expect(most).toBe(4);
  });

  it('ends at once where the credentials are refused, and after five different people in a row without an answer', async () => {
    const refused: Outcome = { _tag: 'Failed', failure: { _tag: 'LearnAmpCredentials', detail: 'no' } };
    const first = await open(300, { execute: answering(() => refused) });
    await expect(first.dispatcher.send(first.jobs)).rejects.toMatchObject({ code: 'learn-amp-credentials' });
    expect(first.dispatcher.tally.get('UpdateProfile')?.planned).toBeLessThanOrEqual(4);
    const silent = await open(300, { execute: answering(() => ({ _tag: 'Unknown' })) });
    await expect(silent.dispatcher.send(silent.jobs)).rejects.toMatchObject({ code: 'learn-amp-unreachable' });
    expect(silent.dispatcher.tally.get('UpdateProfile')?.planned).toBeLessThanOrEqual(5 + 4);
    const some = await open(300, {
      execute: answering((userId) => (Number(userId.slice(-12)) % 3 === 0 ? { _tag: 'Unknown' } : done)),
    });
    await some.dispatcher.send(some.jobs);
    expect(succeededIn(some.recorded)).toBe(200);
    expect(some.answers.silence()).toBeUndefined();
  });
});
