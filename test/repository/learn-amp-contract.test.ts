import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { read, root } from './tree.js';

type Statement = { readonly endpoint: string; readonly mark: string; readonly text: string };

const folder = 'test/contract';

/** Titles of the tests, by the endpoint they stand under. */
const tested = (): ReadonlyArray<Statement> =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.test.ts'))
    .flatMap((name) => {
      let endpoint = '';
      return [...read(`${folder}/${name}`).matchAll(/describe\('([^']+)'|'(FOUND|ASSUMED): ([^']+)'/g)].flatMap(
        ([, title, mark, text]): ReadonlyArray<Statement> => {
          endpoint = title ?? endpoint;
          return mark === undefined || text === undefined ? [] : [{ endpoint, mark, text }];
        },
      );
    });

/** Rows of the page, by the heading they stand under. */
const documented = (): ReadonlyArray<Statement> => {
  let endpoint = '';
  return read('docs/reference/learn-amp-contract.md')
    .split('\n')
    .flatMap((line): ReadonlyArray<Statement> => {
      endpoint = /^## (.*)$/.exec(line)?.[1]?.replaceAll('`', '') ?? endpoint;
      const [, mark, text] = /^\| (FOUND|ASSUMED) +\| (.*?) +\|$/.exec(line) ?? [];
      return mark === undefined || text === undefined ? [] : [{ endpoint, mark, text }];
    });
};

const inOrder = (statements: ReadonlyArray<Statement>): ReadonlyArray<string> =>
  statements.map(({ endpoint, mark, text }) => `${endpoint} | ${mark} | ${text}`).sort();

test('every statement about Learn Amp is a test, and every such test a statement of the page', () => {
  expect(tested().length).toBeGreaterThan(40);
  expect(inOrder(documented())).toEqual(inOrder(tested()));
});

test('every contract test says whether its statement was found or is assumed', () => {
  const untold = readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.test.ts'))
    .flatMap((name) =>
      [...read(`${folder}/${name}`).matchAll(/^ {2}it(?:\.each\([^)]*\))?(?: as const\))?\(\s*'([^']*)'/gm)].map(
        ([, title = '']) => title,
      ),
    )
    .filter((title) => !/^(FOUND|ASSUMED): /.test(title));
  expect(untold).toEqual([]);
});
