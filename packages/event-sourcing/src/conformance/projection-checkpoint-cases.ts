import assert from 'node:assert/strict';
import type { Head } from '../envelope.js';
import { ProjectionRowsLost } from '../projection-rows-lost.js';
import { assertLost, commit, headAt, keysOf, people, put } from './projection-subject.js';
import type { ProjectionsCase } from './projection-subject.js';

/** The compare-and-set of the checkpoint, versions, and what is lost. */
export const checkpointCases: ReadonlyArray<ProjectionsCase> = [
  {
    title: 'only a commit that names the present checkpoint takes effect, revision and hash',
    run: async ({ database }) => {
      const rows = await database.rows(people);
      commit(rows, [put('ada', 1)], undefined, headAt(5));
      const wrong = [undefined, headAt(4), headAt(6), { ...headAt(5), hash: 'another' }];
      for (const from of wrong) {
        const change = put('ada', 2, { mail: ['a'] });
        assert.equal(rows.commit([change, put('bob', 1)], from, headAt(9)), 'moved');
      }
      assert.deepEqual([rows.checkpoint(), [...rows.scan('people')]], [headAt(5), [['ada', 1]]]);
      assert.deepEqual(rows.keysAt('people', 'mail', 'a'), []);
      const far: Head = { revision: 9_007_199_254_740_993n, hash: 'beyond a double' };
      commit(rows, [put('ada', 2)], headAt(5), far);
      assert.deepEqual([rows.checkpoint(), rows.get('people', 'ada')], [far, 2]);
    },
  },
  {
    title: 'of two that go on from one checkpoint the first wins, and the other may go on from there',
    run: async ({ database, another }) => {
      const [one, two] = [await database.rows(people), await (await another()).rows(people)];
      commit(one, [put('ada', 1)], undefined, headAt(0));
      assert.deepEqual(two.checkpoint(), headAt(0));
      commit(two, [put('ada', 2, { mail: ['two'] })], headAt(0), headAt(1));
      assert.equal(one.commit([put('ada', 3, { mail: ['one'] })], headAt(0), headAt(1)), 'moved');
      assert.deepEqual([one.get('people', 'ada'), one.checkpoint()], [2, headAt(1)]);
      commit(one, [put('ada', 4)], headAt(1), headAt(2));
      assert.deepEqual([two.get('people', 'ada'), two.keysAt('people', 'mail', 'two')], [4, []]);
    },
  },
  {
    title: 'a checkpoint may move without rows, and back to none',
    run: async ({ database }) => {
      const rows = await database.rows(people);
      const at = commit(rows, [], undefined, headAt(3));
      assert.deepEqual(rows.checkpoint(), at);
      assert.equal(rows.commit([put('ada', 1)], at, undefined), 'committed');
      assert.deepEqual([rows.checkpoint(), rows.get('people', 'ada')], [undefined, 1]);
      commit(rows, [put('ada', 2)], undefined, headAt(4));
      assert.equal(rows.get('people', 'ada'), 2);
    },
  },
  {
    title: 'rows without a checkpoint belong to who began them: another that found none writes nothing among them',
    run: async ({ database, another }) => {
      const [one, two] = [await database.rows(people), await (await another()).rows(people)];
      assert.deepEqual([one.checkpoint(), two.checkpoint()], [undefined, undefined]);
      assert.equal(one.commit([put('ada', 1)], undefined, undefined), 'committed');
      assert.equal(two.commit([put('ada', 2), put('bob', 2)], undefined, headAt(1)), 'moved');
      assert.equal(one.commit([put('eve', 1)], undefined, headAt(3)), 'committed');
      assert.deepEqual(
        [...one.scan('people')],
        [
          ['ada', 1],
          ['eve', 1],
        ],
      );
    },
  },
  {
    title: 'whose rows without a checkpoint somebody dropped does not go on writing as if they were there',
    run: async ({ database, another }) => {
      const [one, two] = [await database.rows(people), await (await another()).rows(people)];
      assert.equal(one.commit([put('ada', 1)], undefined, undefined), 'committed');
      two.checkpoint();
      two.clear();
      assert.equal(one.commit([put('eve', 1)], undefined, headAt(3)), 'moved');
      assert.deepEqual([two.checkpoint(), keysOf(two)], [undefined, []]);
      assert.equal(one.checkpoint(), undefined);
      commit(one, [put('bob', 1)], undefined, headAt(4));
      assert.deepEqual(keysOf(one), ['bob']);
    },
  },
  {
    title: 'a row is what its text says, where it comes with one',
    run: async ({ database, reopen }) => {
      const rows = await database.rows(people);
      const value = { name: 'Ada', since: 1 };
      commit(rows, [{ ...put('ada', value, { mail: ['a'] }), text: JSON.stringify(value) }], undefined, headAt(1));
      assert.deepEqual([rows.get('people', 'ada'), rows.keysAt('people', 'mail', 'a')], [value, ['ada']]);
      assert.equal(rows.check().altered, 0);
      const again = await (await (reopen ?? (() => Promise.resolve(database)))()).rows(people);
      assert.deepEqual(again.get('people', 'ada'), value);
    },
  },
  {
    title: 'after clear nothing is left, and the fold begins anew',
    run: async ({ database }) => {
      const rows = await database.rows(people);
      commit(rows, [put('ada', 1, { mail: ['a'] }), { ...put('sales', 1), table: 'teams' }], undefined, headAt(8));
      rows.clear();
      assert.equal(rows.checkpoint(), undefined);
      assert.deepEqual([keysOf(rows), keysOf(rows, 'teams'), rows.countAt('people', 'mail', 'a')], [[], [], 0]);
      assert.equal(rows.commit([], headAt(8), headAt(9)), 'moved');
      commit(rows, [put('bob', 1)], undefined, headAt(0));
      assert.deepEqual([rows.checkpoint(), keysOf(rows)], [headAt(0), ['bob']]);
    },
  },
  {
    title: 'rows that somebody else cleared are not taken for rows that never were',
    run: async ({ database, another }) => {
      const [one, two] = [await database.rows(people), await (await another()).rows(people)];
      commit(one, [put('ada', 1, { mail: ['ada@contoso.example'] })], undefined, headAt(3));
      assert.deepEqual(two.checkpoint(), headAt(3));
      one.clear();
      assertLost(two);
      commit(one, [put('bob', 1)], undefined, headAt(0));
      assertLost(two);
      assert.equal(two.commit([put('eve', 1)], headAt(3), headAt(4)), 'moved');
      assertLost(two);
      assert.deepEqual(two.checkpoint(), headAt(0));
      assert.deepEqual([two.get('people', 'ada'), two.get('people', 'bob')], [undefined, 1]);
      commit(two, [put('eve', 1)], headAt(0), headAt(1));
      assert.deepEqual(keysOf(one), ['bob', 'eve']);
    },
  },
  {
    title: 'a scan that is overtaken by a clear ends in a failure, not early',
    run: async ({ database, another }) => {
      const [one, two] = [await database.rows(people), await (await another()).rows(people)];
      commit(
        one,
        Array.from({ length: 1_000 }, (_, index) => put(`person-${index}`, index)),
      );
      two.checkpoint();
      const scan = two.scan('people');
      assert.equal(scan.next().done, false);
      one.clear();
      assert.throws(() => [...scan], ProjectionRowsLost);
    },
  },
  {
    title: 'may be closed twice',
    run: async ({ database }) => {
      commit(await database.rows(people), [put('ada', 1)]);
      await database.close();
      await database.close();
    },
  },
];
