import type { DirectoryEvent, ObjectId } from '@learnamp/directory-sync-domain';
import type { EventLog, StoredRecord } from '@learnamp/directory-sync-event-sourcing';
import { makeMemoryEventLog, makeMemoryKeyStore, timeOrderedId } from '@learnamp/directory-sync-event-sourcing';
import * as E from 'fp-ts/lib/Either.js';
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { DirectorySyncOptions } from '../directory-sync.js';
import { openStream } from '../open-stream.js';
import { makeEngineState } from '../state/engine-state.js';
import { type Header, makeRecorder } from './recorder.js';

const connectionId = 'contoso';
const stream = `directorySync-${connectionId}`;
const userId = (n: number) => `aaaaaaaa-0000-4000-8000-${String(n).padStart(12, '0')}` as ObjectId;

const joined = (n: number): DirectoryEvent => {
  const attributes = { userPrincipalName: `${n}@contoso.example` };
  const person = { userId: userId(n), attributes, accountEnabled: true, managerId: null, path: [] };
  return { type: 'UserJoinedGroup', data: person };
};
const moved = (link: string): DirectoryEvent => ({
  type: 'GroupMemberAdded',
  data: { groupId: userId(900), memberId: userId(901), kind: 'user', link } as never,
});

/** What a log with smaller appends, and others who write between them, do to a writer. */
const openRecorder = (largest: number) => {
  const memory = makeMemoryEventLog();
  const keys = makeMemoryKeyStore();
  let appends = 0;
  let between: (count: number) => Promise<unknown> = () => Promise.resolve();
  const log: EventLog = {
    ...memory,
    append: (name, expected, records) => async () => {
      if (records.length > largest) return E.left({ _tag: 'BatchTooLarge', limit: `${largest} records` });
      appends += 1;
      await between(appends);
      return memory.append(name, expected, records)();
    },
  };
  const world = {
    now: () => new Date('2026-03-02T08:00:00Z'),
    newId: () => timeOrderedId(new Date(), randomBytes(10)),
  };
  const openWith = (of: EventLog) => {
    const options = { connectionId, log: of, keys } as unknown as DirectorySyncOptions;
    const state = makeEngineState();
    return { state, recorder: makeRecorder({ stream: openStream(options, world), state, newId: world.newId }) };
  };
  const { state, recorder } = openWith(log);
  const other = openWith(memory);
  const types = async (): Promise<ReadonlyArray<string>> => {
    const all: StoredRecord[] = [];
    for await (const page of memory.pages(stream)) all.push(...page);
    return all.map(({ type }) => type);
  };
  return {
    state,
    recorder,
    types,
    /** Another engine that has the connection already records one more of its events before this writer's n-th append. */
    engineRecordsBefore: async (turn: number) => {
      other.recorder.openCycle(header(other.state), 'cycle of another engine');
      await other.recorder.record(detect(other.state, 1));
      between = async (count) => {
        if (count === turn) await other.recorder.record(() => [joined(17)]);
      };
    },
    /** Another writer appends one event of its own before this writer's n-th append. */
    interfereBefore: (...turns: ReadonlyArray<number>) => {
      between = async (count) => {
        if (!turns.includes(count)) return;
        await other.recorder.refresh();
        await other.recorder.administer(() => [
          { type: 'ConnectionPaused', data: { actor: 'a', reason: String(count) } },
        ]);
      };
    },
  };
};

/** As the engine's: what the state lacks, and what each cycle says once. */
const header =
  (state: ReturnType<typeof makeEngineState>): Header =>
  (epoch) => [
    ...(state.connection().epoch === epoch ? [] : [{ type: 'EngineStarted' as const, data: { epoch, version: '1' } }]),
    { type: 'SyncRequested', data: { actor: 'a' } },
    { type: 'SyncRequested', data: { actor: 'b' } },
    { type: 'SyncStarted', data: { trigger: 'manual' } },
  ];
const HEADER = ['EngineStarted', 'SyncRequested', 'SyncRequested', 'SyncStarted'];

/** Everybody of so many who is not known yet, and the end of the page they came on. */
const detect = (state: ReturnType<typeof makeEngineState>, count: number) => (): ReadonlyArray<DirectoryEvent> => {
  const found = Array.from({ length: count }, (_, n) => n).filter((n) => state.person(userId(n)) === undefined);
  return found.length === 0 ? [] : [...found.map(joined), moved('next')];
};

describe('what is too large for one append', () => {
  it.each([1, 2, 3, 5, 7])('goes in parts of %i, in order, each event once', async (largest) => {
    const { recorder, state, types } = openRecorder(largest);
    recorder.openCycle(header(state), 'cycle');
    const people = Array.from({ length: 10 }, () => 'UserJoinedGroup');
    expect(await recorder.record(detect(state, 10))).toBe(15);
    expect(await types()).toEqual([...HEADER, ...people, 'GroupMemberAdded']);
    expect(recorder.appendedInCycle()).toBe(15);
  });

  const places = Array.from({ length: 12 }, (_, n) => n + 1);
  it.each(places)(
    'loses and repeats nothing of what opens the cycle when others write before part %i',
    async (turn) => {
      for (const largest of [1, 2, 3]) {
        const { recorder, state, types, interfereBefore } = openRecorder(largest);
        interfereBefore(turn, turn + 1);
        recorder.openCycle(header(state), 'cycle');
        await recorder.record(detect(state, 6));
        const ours = (await types()).filter((type) => type !== 'ConnectionPaused');
        expect(ours.filter((type) => HEADER.includes(type))).toEqual(HEADER);
        expect(ours.slice(0, 4)).toEqual(HEADER);
        expect(ours.filter((type) => type === 'UserJoinedGroup')).toHaveLength(6);
        expect(recorder.counts()).toMatchObject({ UserJoinedGroup: 6, SyncRequested: 2, SyncStarted: 1 });
        expect(recorder.isOvertaken()).toBe(false);
      }
    },
  );

  it('tells all it appended, also where nothing was left to decide after a conflict', async () => {
    const { recorder, state, types, interfereBefore } = openRecorder(1);
    // Four of the header, one person, and the end of the page they came on.
    interfereBefore(6);
    recorder.openCycle(header(state), 'cycle');
    expect(await recorder.record(detect(state, 1))).toBe(5);
    expect(await types()).not.toContain('GroupMemberAdded');
  });

  it('does not take over from an engine that recorded something since the cycle opened: what was read may be older', async () => {
    const { recorder, state, types, engineRecordsBefore } = openRecorder(100);
    await engineRecordsBefore(1);
    await recorder.refresh();
    recorder.openCycle(header(state), 'cycle');
    const late = recorder.record(() => [joined(18)]);
    await expect(late).rejects.toMatchObject({
      code: 'fenced',
      message: expect.stringContaining('nothing of this cycle was recorded') as string,
    });
    expect((await types()).filter((type) => type === 'EngineStarted')).toHaveLength(1);
    recorder.openCycle(header(state), 'the next cycle');
    await recorder.record(() => [joined(18)]);
    expect((await types()).filter((type) => type === 'EngineStarted')).toHaveLength(2);
  });

  it('ends a cycle that others keep from being recorded, and the next one says again how it opened', async () => {
    const { recorder, state, types, interfereBefore } = openRecorder(2);
    interfereBefore(2, 3, 4, 5, 6);
    recorder.openCycle(header(state), 'cycle');
    await expect(recorder.record(detect(state, 6))).rejects.toMatchObject({ code: 'fenced' });
    recorder.openCycle(header(state), 'another cycle');
    await recorder.record(detect(state, 6));
    const ours = (await types()).filter((type) => type !== 'ConnectionPaused' && type !== 'UserJoinedGroup');
    expect(ours).toEqual(['EngineStarted', 'SyncRequested', ...HEADER.slice(1), 'GroupMemberAdded']);
  });
});
