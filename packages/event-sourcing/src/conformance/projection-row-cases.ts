import assert from 'node:assert/strict';
import type { Head } from '../envelope.js';
import { commit, headAt, keysOf, people, put } from './projection-subject.js';
import type { ProjectionsCase } from './projection-subject.js';

/** Rows, their entries, and their order. */
export const rowCases: ReadonlyArray<ProjectionsCase> = [
  {
    title: 'a fold without a commit has no checkpoint and no rows',
    run: async ({ database }) => {
      const rows = await database.rows(people);
      assert.equal(rows.checkpoint(), undefined);
      assert.equal(rows.get('people', 'ada'), undefined);
      assert.deepEqual(rows.keysAt('people', 'mail', ''), []);
      assert.equal(rows.countAt('people', 'mail', ''), 0);
      assert.deepEqual(keysOf(rows), []);
      rows.clear();
      assert.equal(rows.checkpoint(), undefined);
    },
  },
  {
    title: 'a row is read back as the same JSON, replaced by the next one, and removed by none',
    run: async ({ database }) => {
      const rows = await database.rows(people);
      const values: ReadonlyArray<unknown> = [
        null,
        false,
        0,
        '',
        [],
        {},
        'a \u0000 b \uD800 c \u{1F511}',
        { list: [1, null, { deep: 'ü' }], __proto: 1.5e-7 },
      ];
      let at: Head | undefined;
      for (const [index, value] of values.entries()) {
        at = commit(rows, [put('ada', value), put(`kept ${index}`, value)], at, headAt(index));
        assert.deepEqual(rows.get('people', 'ada'), value);
      }
      for (const [index, value] of values.entries()) assert.deepEqual(rows.get('people', `kept ${index}`), value);
      commit(rows, [put('ada', undefined), put('never there', undefined)], at, headAt(20));
      assert.equal(rows.get('people', 'ada'), undefined);
      assert.equal(keysOf(rows).length, values.length);
    },
  },
  {
    title: 'of two changes of one row in a commit the later one stands, with its entries',
    run: async ({ database }) => {
      const rows = await database.rows(people);
      const mail = (value: string) => ({ mail: [value] });
      commit(rows, [
        put('ada', 1, mail('a')),
        put('ada', undefined),
        put('ada', 2, mail('b')),
        put('bob', 1, mail('b')),
        put('bob', undefined),
      ]);
      assert.equal(rows.get('people', 'ada'), 2);
      assert.deepEqual([rows.keysAt('people', 'mail', 'a'), rows.keysAt('people', 'mail', 'b')], [[], ['ada']]);
    },
  },
  {
    title: 'tables, and folds of other names, know nothing of each other',
    run: async ({ database }) => {
      const rows = await database.rows(people);
      const others = await database.rows({ name: 'people of fabrikam', version: '1' });
      commit(rows, [put('ada', 1, { mail: ['x'] }), { ...put('ada', 2, { mail: ['x', 'y'] }), table: 'teams' }]);
      commit(others, [put('bob', 3, { mail: ['x'] })], undefined, headAt(7));
      assert.deepEqual(
        [rows.get('people', 'ada'), rows.get('teams', 'ada'), others.get('people', 'ada')],
        [1, 2, undefined],
      );
      assert.deepEqual([rows.keysAt('people', 'mail', 'y'), rows.keysAt('teams', 'mail', 'y')], [[], ['ada']]);
      assert.deepEqual(others.keysAt('people', 'mail', 'x'), ['bob']);
      rows.clear();
      assert.deepEqual([rows.checkpoint(), others.checkpoint()], [undefined, headAt(7)]);
      assert.deepEqual([keysOf(rows), keysOf(rows, 'teams'), keysOf(others)], [[], [], ['bob']]);
    },
  },
  {
    title: 'the entries of a row are replaced with it, and go with it',
    run: async ({ database }) => {
      const rows = await database.rows(people);
      let at = commit(rows, [
        put('ada', 1, { mail: ['a', 'b', 'b'], state: ['active'] }),
        put('bob', 1, { state: ['active'] }),
      ]);
      assert.deepEqual(rows.keysAt('people', 'mail', 'b'), ['ada']);
      assert.deepEqual([rows.countAt('people', 'mail', 'b'), rows.countAt('people', 'state', 'active')], [1, 2]);
      at = commit(rows, [put('ada', 1, { mail: ['b', 'c'], manager: ['bob'] })], at, headAt(1));
      assert.deepEqual(
        ['a', 'b', 'c'].map((value) => rows.keysAt('people', 'mail', value)),
        [[], ['ada'], ['ada']],
      );
      assert.deepEqual(rows.keysAt('people', 'state', 'active'), ['bob']);
      assert.deepEqual(rows.keysAt('people', 'manager', 'bob'), ['ada']);
      at = commit(rows, [put('ada', 1)], at, headAt(2));
      assert.deepEqual(rows.keysAt('people', 'mail', 'b'), []);
      commit(rows, [put('bob', undefined, { state: ['active'] })], at, headAt(3));
      assert.equal(rows.countAt('people', 'state', 'active'), 0);
    },
  },
  {
    title: 'keys come in the order of their code points, by index and in a scan',
    run: async ({ database }) => {
      const rows = await database.rows(people);
      const inOrder = [
        '',
        ' ',
        '%',
        '0',
        '1',
        '10',
        '9',
        'A',
        'B',
        'a',
        'a\u0001',
        'ab',
        'b',
        'ß',
        'é',
        '\uFFFD',
        '\u{1F511}',
        '\u{1F512}',
      ];
      const changes = inOrder.toReversed().map((key) => put(key, key, { all: ['one'], [`of ${key}`]: [key] }));
      commit(rows, changes);
      assert.deepEqual(keysOf(rows), inOrder);
      assert.deepEqual(rows.keysAt('people', 'all', 'one'), inOrder);
      for (const key of inOrder) assert.deepEqual(rows.keysAt('people', `of ${key}`, key), [key]);
    },
  },
  {
    title: 'keys and values of indexes are told apart, whatever is in them',
    run: async ({ database }) => {
      const rows = await database.rows(people);
      const odd = [
        'a',
        'A',
        'a ',
        'a\u0000',
        'a\u0000b',
        'a\u0001',
        'a\u0001\u0001',
        '\uD800',
        '\uD801',
        '\uDC00',
        '\uFFFD',
        '\uD7FF',
        'é',
        'e\u0301',
        "'",
        '"',
        '\\',
        '\\0',
      ];
      commit(
        rows,
        odd.map((key, index) => put(key, index, { same: [key], 'a\u0000': [`${index}`] })),
      );
      for (const [index, key] of odd.entries()) {
        assert.equal(rows.get('people', key), index);
        assert.deepEqual(rows.keysAt('people', 'same', key), [key]);
        assert.deepEqual(rows.keysAt('people', 'a\u0000', `${index}`), [key]);
        assert.equal(rows.countAt('people', 'a', `${index}`), 0);
      }
      assert.deepEqual(new Map(rows.scan('people')), new Map(odd.map((key, index) => [key, index])));
    },
  },
  {
    title: 'ten thousand rows are all there, one by one, by index and in a scan',
    run: async ({ database }) => {
      const rows = await database.rows(people);
      const keyOf = (index: number): string => `person-${String((index * 7_919) % 10_000).padStart(5, '0')}`;
      let at: Head | undefined;
      for (let from = 0; from < 10_000; from += 500) {
        const changes = Array.from({ length: 500 }, (_, n) =>
          put(keyOf(from + n), { n: from + n }, { tenth: [`${(from + n) % 10}`] }),
        );
        at = commit(rows, changes, at, headAt(from));
      }
      const seen = [...rows.scan('people')];
      assert.deepEqual(
        seen.map(([key]) => key),
        Array.from({ length: 10_000 }, (_, index) => keyOf(index)).sort(),
      );
      assert.equal(rows.countAt('people', 'tenth', '3'), 1_000);
      assert.equal(rows.keysAt('people', 'tenth', '3').length, 1_000);
      for (let index = 0; index < 10_000; index += 97) assert.deepEqual(rows.get('people', keyOf(index)), { n: index });
    },
  },
  {
    title: 'a scan goes on while rows are committed, and meets each row that stays once',
    run: async ({ database }) => {
      const rows = await database.rows(people);
      const keys = Array.from({ length: 1_000 }, (_, index) => `person-${String(index).padStart(5, '0')}`);
      const at = commit(
        rows,
        keys.map((key) => put(key, 0)),
      );
      const seen: string[] = [];
      for (const [key] of rows.scan('people')) {
        if (seen.length === 10)
          commit(rows, [put('person-00500', undefined), put('person-00600', 1), put('a', 0)], at, headAt(1));
        seen.push(key);
      }
      assert.deepEqual(
        seen.filter((key) => key !== 'person-00500'),
        keys.filter((key) => key !== 'person-00500'),
      );
    },
  },
  {
    title: 'a value of a megabyte is a row like any other',
    run: async ({ database }) => {
      const rows = await database.rows(people);
      const value = { text: 'ü'.repeat(1_000_000) };
      commit(rows, [put('ada', value, { all: ['one'] }), put('bob', 1, { all: ['one'] })]);
      assert.deepEqual(rows.get('people', 'ada'), value);
      assert.deepEqual(
        [...rows.scan('people')],
        [
          ['ada', value],
          ['bob', 1],
        ],
      );
    },
  },
];
