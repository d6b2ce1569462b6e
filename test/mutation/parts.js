/** What decides, by its name in the design: each has to notice nine of ten mutants. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export const root = 'packages/domain/src';
export const WANTED = 90;

const detecting = /^directory\/(detect-|merge-mentions|observed-user|deleted-account-name)/;

const partOf = (name) => {
  if (detecting.test(name)) return 'detect';
  if (name.startsWith('hold/') || name === 'delivery/evolve-hold.ts') return 'hold';
  if (/^(connection|delivery|directory|evolve)\//.test(name)) return 'evolve';
  return /^(scope|desire|plan)\//.exec(name)?.[1];
};

const hashOf = (paths) => {
  const hash = createHash('sha256');
  for (const path of paths) hash.update(readFileSync(path, 'utf8')).update('\0');
  return hash.digest('hex').slice(0, 16);
};

/** The files that are mutated, with what tells whether one of them, or the tests beside it, is another one by now. */
export const mutatedFiles = () => {
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const tests = names.filter((name) => name.endsWith('.test.ts')).sort();
  return names
    .filter((name) => !name.endsWith('.test.ts') && partOf(name) !== undefined)
    .sort()
    .map((name) => ({
      name,
      part: partOf(name),
      content: hashOf([join(root, name)]),
      tests: hashOf(tests.filter((test) => dirname(test) === dirname(name)).map((test) => join(root, test))),
    }));
};

/** Of each part how many mutants were noticed, of how many. */
export const scoresOf = (files) => {
  const scores = new Map();
  for (const { part, noticed, missed } of files) {
    const before = scores.get(part) ?? { noticed: 0, all: 0 };
    scores.set(part, { noticed: before.noticed + noticed, all: before.all + noticed + missed });
  }
  return [...scores].map(([part, { noticed, all }]) => ({ part, noticed, all, score: (100 * noticed) / all }));
};
