import { expect, test } from 'vitest';
import { commandRows, eventRows, type ReferenceRow, rowsIn } from './reference-rows.js';
import { read } from './tree.js';

const factsOnly = (rows: ReadonlyArray<ReferenceRow>): ReadonlyArray<string> =>
  rows.map(({ name, facts }) => `${name}: ${facts.join(' | ')}`).sort();

test.each([
  ['docs/reference/events.md', eventRows],
  ['docs/reference/commands.md', commandRows],
])('%s says of each what the code says', (path, rows) => {
  const documented = rowsIn(read(path));
  // Where this fails, the expected lines are what the cells behind the meaning have to hold.
  expect(factsOnly(documented)).toEqual(factsOnly(rows()));
  for (const { name, meaning } of documented) expect(meaning.length, name).toBeGreaterThan(10);
});
