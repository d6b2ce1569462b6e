import type { DirectoryEvent, ObjectId } from '@learnamp/directory-sync-domain';
import { makeMemoryRows, type ProjectionRows } from '@learnamp/directory-sync-event-sourcing';
import { testEnvelopes } from '@learnamp/directory-sync-event-sourcing/testing';
import { describe, expect, it } from 'vitest';
import { makeEngineState, type EngineState } from './engine-state.js';
import { tables } from './tables.js';

const ids = ['a', 'b', 'c', 'd'].map((letter) => `${letter.repeat(8)}-0000-4000-8000-000000000000` as ObjectId);

const joined = (userId: ObjectId): DirectoryEvent => ({
  type: 'UserJoinedGroup',
  data: { userId, attributes: { jobTitle: 'before' }, accountEnabled: true, managerId: null, path: [] },
});
const renamed = (userId: ObjectId): DirectoryEvent => ({
  type: 'JobTitleChanged',
  data: { userId, from: 'before', to: 'after' },
});

/** Rows that are read far ahead, as those of a file are, and count what is read by key. */
const readAhead = () => {
  const rows = makeMemoryRows();
  const read: string[] = [];
  const ahead: ProjectionRows = {
    ...rows,
    scan: (table) => [...rows.scan(table)].values(),
    get: (table, key) => {
      if (table === tables.people || table === tables.delivered) read.push(key);
      return rows.get(table, key);
    },
  };
  return { ahead, read };
};

const apply = (state: EngineState, history: ReadonlyArray<DirectoryEvent>): void => {
  const envelopes = testEnvelopes(history).slice(state.eventCount());
  state.apply(envelopes, { revision: BigInt(history.length - 1), hash: `hash ${history.length}` });
};

describe('a look at everybody', () => {
  it('reads nobody by key, and gives what reads by key give', () => {
    const { ahead, read } = readAhead();
    apply(makeEngineState(ahead), [...ids.map(joined), renamed(ids[1] as ObjectId)]);
    const state = makeEngineState(ahead);
    read.length = 0;
    const seen = [...state.everybody()].length;
    const titles: unknown[] = [];
    for (const userId of state.everybody()) {
      titles.push(state.person(userId)?.attributes.jobTitle);
      expect(state.delivered(userId).userId).toBe(userId);
    }
    expect(titles).toEqual(['before', 'after', 'before', 'before']);
    expect([seen, read]).toEqual([4, []]);
  });

  it('shows what was written while it went on, although rows were read ahead', () => {
    const { ahead } = readAhead();
    const history = ids.map(joined);
    const state = makeEngineState(ahead);
    apply(state, history);
    const titles: unknown[] = [];
    for (const userId of state.everybody()) {
      if (userId === ids[1]) apply(state, [...history, renamed(ids[1]), renamed(ids[3] as ObjectId)]);
      titles.push(state.person(userId)?.attributes.jobTitle);
    }
    expect(titles).toEqual(['before', 'after', 'before', 'after']);
  });
});
