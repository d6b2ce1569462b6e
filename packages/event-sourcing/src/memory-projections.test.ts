import { describe, expect, it } from 'vitest';
import { projectionsConformance } from './conformance/index.js';
import { makeMemoryProjections, makeMemoryRows } from './memory-projections.js';

projectionsConformance({
  name: 'memory',
  describe,
  it,
  durable: false,
  open: async () => {
    const database = makeMemoryProjections();
    return { database, another: async () => database, close: database.close };
  },
});

describe('rows in memory', () => {
  it('of one fold need no database', () => {
    const rows = makeMemoryRows();
    const value = { name: 'Ada' };
    const head = { revision: 0n, hash: 'first' };
    expect(rows.commit([{ table: 'people', key: 'ada', value, entries: {} }], undefined, head)).toBe('committed');
    expect(rows.get('people', 'ada')).toBe(value);
    expect(rows.checkpoint()).toEqual(head);
  });
});
