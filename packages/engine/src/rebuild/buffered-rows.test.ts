import type { Head, ProjectionRows, RowChange } from '@learnamp/directory-sync-event-sourcing';
import { makeMemoryRows } from '@learnamp/directory-sync-event-sourcing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bufferedRows } from './buffered-rows.js';

const headAt = (revision: number): Head => ({ revision: BigInt(revision), hash: `hash ${revision}` });
const put = (key: string, value: unknown): RowChange => ({ table: 'people', key, value, entries: { all: ['yes'] } });

/** Rows that note the checkpoint after each commit, and die before the commit that is named. */
const watched = (base: ProjectionRows, dieBefore = Infinity) => {
  const commits: { readonly rows: number; readonly checkpoint: Head | undefined }[] = [];
  const commit: ProjectionRows['commit'] = (changes, from, to) => {
    if (commits.length === dieBefore) throw new Error('The process died.');
    commits.push({ rows: changes.length, checkpoint: to });
    return base.commit(changes, from, to);
  };
  return { rows: { ...base, commit }, commits };
};

describe('buffered rows', () => {
  test('however rows were put, removed and written out, the rows below end as if each change had been written at once', async () => {
    const change = fc.record({
      key: fc.constantFrom('ada', 'bob', 'cho', 'dee', 'eve', 'fay'),
      value: fc.oneof(fc.record({ at: fc.nat(), gone: fc.constant(undefined) }), fc.constant(undefined)),
    });
    const step = fc.record({ changes: fc.array(change, { minLength: 1, maxLength: 5 }), writes: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 4 }),
        async (steps, slice) => {
          const [below, plain] = [makeMemoryRows(), makeMemoryRows()];
          const buffered = bufferedRows(below, { slice, unwritten: slice });
          let [from, revision]: [Head | undefined, number] = [undefined, 0];
          for (const { changes, writes } of steps) {
            const to = headAt((revision += 1));
            const rows = changes.map(({ key, value }) => put(key, value));
            expect(buffered.commit(rows, from, to)).toBe('committed');
            plain.commit(rows, from, to);
            from = to;
            for (const { key } of changes)
              expect(buffered.get('people', key)).toEqual(
                JSON.parse(JSON.stringify(plain.get('people', key) ?? null)) ?? undefined,
              );
            if (writes) await buffered.writeOut();
          }
          await buffered.writeOut();
          expect(below.checkpoint()).toEqual(from);
          expect(JSON.stringify([...below.scan('people')])).toBe(JSON.stringify([...plain.scan('people')]));
          expect(below.keysAt('people', 'all', 'yes')).toEqual(plain.keysAt('people', 'all', 'yes'));
        },
      ),
    );
  });

  test('what takes several commits has no checkpoint before the last one', async () => {
    const { rows, commits } = watched(makeMemoryRows());
    const buffered = bufferedRows(rows, { slice: 2, unwritten: 4 });
    buffered.commit([put('ada', 1), put('bob', 1), put('cho', 1)], undefined, headAt(7));
    expect(buffered.isFull()).toBe(false);
    buffered.commit([put('dee', 1), put('eve', 1)], headAt(7), headAt(9));
    expect(buffered.isFull()).toBe(true);
    const told: unknown[] = [];
    await buffered.writeOut((done, total) => told.push([done, total]));
    expect(commits).toEqual([
      { rows: 2, checkpoint: undefined },
      { rows: 2, checkpoint: undefined },
      { rows: 1, checkpoint: headAt(9) },
    ]);
    expect(told).toEqual([
      [2, 5],
      [4, 5],
      [5, 5],
    ]);
  });

  test('whoever dies between two commits leaves rows that say of themselves that they are of no moment', async () => {
    const below = makeMemoryRows();
    const first = bufferedRows(below);
    first.commit([put('ada', 1)], undefined, headAt(1));
    await first.writeOut();
    const { rows } = watched(below, 1);
    const dying = bufferedRows(rows, { slice: 1 });
    dying.commit([put('ada', 2), put('bob', 2)], headAt(1), headAt(2));
    await expect(dying.writeOut()).rejects.toThrow('The process died.');
    expect([below.checkpoint(), below.get('people', 'ada'), below.get('people', 'bob')]).toEqual([
      undefined,
      2,
      undefined,
    ]);
  });

  test('a checkpoint that moves without rows is written, too', async () => {
    const below = makeMemoryRows();
    const buffered = bufferedRows(below);
    buffered.commit([], undefined, headAt(3));
    await buffered.writeOut();
    expect(below.checkpoint()).toEqual(headAt(3));
  });
});
