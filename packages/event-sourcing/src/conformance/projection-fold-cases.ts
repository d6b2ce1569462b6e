import assert from 'node:assert/strict';
import { assertLost, commit, headAt, keysOf, people, put } from './projection-subject.js';
import type { ProjectionsCase } from './projection-subject.js';

const newer = { ...people, version: '2' };

/** Versions of a fold, and a fold that is built beside the one that stands. */
export const foldCases: ReadonlyArray<ProjectionsCase> = [
  {
    title: 'rows of another version are not shown, and stay for who goes back to it',
    run: async ({ database, another }) => {
      const first = await database.rows(people);
      commit(first, [put('ada', 'old', { mail: ['a'] }), put('bob', 'old')], undefined, headAt(8));
      const second = await database.rows(newer);
      assert.equal(second.checkpoint(), undefined);
      assert.deepEqual(
        [second.get('people', 'ada'), second.keysAt('people', 'mail', 'a'), keysOf(second)],
        [undefined, [], []],
      );
      assert.equal(second.commit([], headAt(8), headAt(9)), 'moved');
      commit(second, [put('ada', 'new')], undefined, headAt(9));
      assert.deepEqual([...second.scan('people')], [['ada', 'new']]);
      const again = await (await another()).rows(people);
      for (const rows of [first, again]) {
        assert.deepEqual([rows.checkpoint(), keysOf(rows)], [headAt(8), ['ada', 'bob']]);
        assert.deepEqual(rows.keysAt('people', 'mail', 'a'), ['ada']);
      }
      commit(first, [put('ada', 'older still')], headAt(8), headAt(9));
      assert.deepEqual(second.get('people', 'ada'), 'new');
    },
  },
  {
    title: 'a fold that is built is not shown, and takes over as a whole',
    run: async ({ database, another }) => {
      const standing = await database.rows(people);
      const other = await (await another()).rows(people);
      commit(standing, [put('ada', 'old', { mail: ['a'] }), put('bob', 'old')], undefined, headAt(8));
      other.checkpoint();
      const built = await (await another()).beside(people);
      commit(built, [put('ada', 'new', { mail: ['b'] })], undefined, headAt(4));
      assert.deepEqual([standing.get('people', 'ada'), keysOf(standing)], ['old', ['ada', 'bob']]);
      assert.equal(built.takeOver(headAt(4)), 'moved');
      commit(built, [put('eve', 'new')], headAt(4), headAt(8));
      assert.equal(built.takeOver(headAt(4)), 'moved');
      assert.equal(built.takeOver(headAt(8)), 'taken');
      assertLost(other);
      assert.equal(other.commit([put('bob', 'late')], headAt(8), headAt(9)), 'moved');
      for (const rows of [standing, other, await database.rows(people)]) {
        assert.deepEqual(rows.checkpoint(), headAt(8));
        assert.deepEqual(
          [...rows.scan('people')].map(([, value]) => value),
          ['new', 'new'],
        );
        assert.deepEqual([rows.keysAt('people', 'mail', 'a'), rows.keysAt('people', 'mail', 'b')], [[], ['ada']]);
      }
      commit(other, [put('bob', 'newer')], headAt(8), headAt(9));
      assert.deepEqual(keysOf(await database.rows(people)), ['ada', 'bob', 'eve']);
      assert.equal((await database.beside(people)).checkpoint(), undefined);
    },
  },
  {
    title: 'a fold is built over several lives, and of two builders the slower is told',
    run: async ({ database, another }) => {
      commit(await database.beside(people), [put('ada', 1)], undefined, headAt(3));
      const [one, two] = [await database.beside(people), await (await another()).beside(people)];
      assert.deepEqual([one.checkpoint(), two.checkpoint()], [headAt(3), headAt(3)]);
      commit(one, [put('bob', 1)], headAt(3), headAt(5));
      assert.equal(two.commit([put('bob', 2)], headAt(3), headAt(6)), 'moved');
      one.clear();
      assert.deepEqual([two.checkpoint(), (await database.rows(people)).checkpoint()], [undefined, undefined]);
    },
  },
  {
    title: 'tells every fold of a name, and discards those that are not to be kept',
    run: async ({ database, another }) => {
      commit(await database.rows(people), [put('ada', 1)], undefined, headAt(1));
      commit(await database.rows(newer), [put('ada', 2)], undefined, headAt(2));
      commit(await database.beside(newer), [put('ada', 3)], undefined, headAt(3));
      commit(await database.rows({ name: 'others', version: '1' }), [put('zoe', 1)], undefined, headAt(9));
      const folds = await (await another()).folds(people.name);
      assert.deepEqual(
        folds.map(({ version, stage, checkpoint }) => [version, stage, checkpoint?.revision]),
        [
          ['2', 'building', 3n],
          ['2', 'standing', 2n],
          ['1', 'standing', 1n],
        ],
      );
      for (const { since, movedAt } of folds) assert.ok(since <= movedAt && !Number.isNaN(Date.parse(since)));
      const old = await database.rows(people);
      await (await another()).discard(people.name, ({ version, stage }) => version === '2' && stage === 'standing');
      assertLost(old);
      assert.deepEqual([old.checkpoint(), keysOf(old)], [undefined, []]);
      while (await database.sweep());
      assert.deepEqual(
        (await database.folds(people.name)).map(({ version }) => version),
        ['2'],
      );
      assert.deepEqual(
        [keysOf(await database.rows(newer)), keysOf(await database.rows({ name: 'others', version: '1' }))],
        [['ada'], ['zoe']],
      );
    },
  },
  {
    title: "rows that are what was written pass a check; scratch rows are nobody else's",
    run: async ({ database }) => {
      const rows = await database.rows(people);
      commit(rows, [put('ada', 1, { mail: ['a', 'a', 'b'] }), { ...put('x\u0000', 2), table: 'teams' }]);
      assert.deepEqual(rows.check(), { altered: 0, first: [] });
      const scratch = await database.scratch();
      assert.deepEqual([scratch.rows.checkpoint(), keysOf(scratch.rows)], [undefined, []]);
      commit(scratch.rows, [put('eve', 1, { mail: ['e'] })], undefined, headAt(7));
      assert.deepEqual([scratch.rows.get('people', 'eve'), scratch.rows.keysAt('people', 'mail', 'e')], [1, ['eve']]);
      assert.deepEqual([keysOf(rows), rows.checkpoint()], [['ada'], headAt(0)]);
      scratch.close();
    },
  },
];
