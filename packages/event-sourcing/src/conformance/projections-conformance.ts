import assert from 'node:assert/strict';
import { checkpointCases } from './projection-checkpoint-cases.js';
import { foldCases } from './projection-fold-cases.js';
import { rowCases } from './projection-row-cases.js';
import { commit, headAt, people, put } from './projection-subject.js';
import type { ProjectionsCase, ProjectionsUnderTest } from './projection-subject.js';
import { registerCases } from './suite.js';
import type { Runner } from './suite.js';

export type { ProjectionsUnderTest } from './projection-subject.js';

const durableCases: ReadonlyArray<ProjectionsCase> = [
  {
    title: 'what was committed is there when the database is opened again',
    run: async ({ database, reopen }) => {
      assert.ok(reopen);
      const rows = await database.rows(people);
      const at = commit(rows, [put('ada', { n: 1 }, { mail: ['a'] }), put('bob', 2)], undefined, headAt(3));
      commit(rows, [put('bob', undefined)], at, headAt(4));
      const again = await (await reopen()).rows(people);
      assert.deepEqual(again.checkpoint(), headAt(4));
      assert.deepEqual([...again.scan('people')], [['ada', { n: 1 }]]);
      assert.deepEqual(again.keysAt('people', 'mail', 'a'), ['ada']);
    },
  },
  {
    title: 'a commit with a value that is no JSON leaves nothing behind',
    run: async ({ database }) => {
      const rows = await database.rows(people);
      const at = commit(rows, [put('ada', 1, { mail: ['a'] })]);
      for (const value of [1n, { deep: [2n] }, () => 0]) {
        const changes = [put('ada', 2, { mail: ['b'] }), put('bob', 1), put('eve', value)];
        assert.throws(() => rows.commit(changes, at, headAt(1)), TypeError);
      }
      assert.deepEqual([rows.checkpoint(), [...rows.scan('people')]], [at, [['ada', 1]]]);
      assert.deepEqual([rows.keysAt('people', 'mail', 'a'), rows.keysAt('people', 'mail', 'b')], [['ada'], []]);
      commit(rows, [put('ada', 2)], at, headAt(1));
    },
  },
];

/** Holds a projection database to the port's promises. */
export const projectionsConformance = (
  options: Runner & {
    readonly name: string;
    /** True when `open` gives a `reopen`: values are written as text then, and no longer the caller's own. */
    readonly durable: boolean;
    readonly open: () => Promise<ProjectionsUnderTest>;
  },
): void => {
  const { name, durable, open } = options;
  const cases = [...rowCases, ...checkpointCases, ...foldCases, ...(durable ? durableCases : [])];
  registerCases(options, `projections conformance: ${name}`, { open, cases });
};
