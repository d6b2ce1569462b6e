/**
 * What the tests of the domain ask of vitest, without its runner: a mutant is then tried in milliseconds and not in seconds.
 * `expect` is vitest's own.
 */
export { expect } from 'vitest-itself';

/** Where a file's tests are put while it is loaded (`domain-runner.js`). */
const collected = () => globalThis.collectedTests;

const within = [];
const afterEachOf = [];

const titled = (title, values) =>
  title.replace(/%[sdiojfO]|\$\w+/g, (found) => {
    const value = found.startsWith('$') ? values[0]?.[found.slice(1)] : values.shift();
    return typeof value === 'object' ? '…' : String(value);
  });

export const describe = (title, body) => {
  within.push(title);
  const before = afterEachOf.length;
  body();
  afterEachOf.length = before;
  within.pop();
};

export const afterEach = (run) => {
  afterEachOf.push(run);
};

export const it = (title, run) => {
  collected().add([...within, title].join(' > '), run, [...afterEachOf]);
};

describe.each = (rows) => (title, body) => {
  for (const row of rows) {
    const values = Array.isArray(row) ? row : [row];
    describe(titled(title, [...values]), () => body(...values));
  }
};

it.each = (rows) => (title, run) => {
  for (const row of rows) {
    const values = Array.isArray(row) ? row : [row];
    it(titled(title, [...values]), () => run(...values));
  }
};

export const test = it;
