/**
 * `npm run mutation`: changes the code that decides in thousands of small ways, one at a time, and counts the changes that
 * no test notices. Writes `recorded.json`. `-- --changed` tries what is another one since then, and keeps within bounds.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Stryker } from '@stryker-mutator/core';
import { mutatedFiles, root, scoresOf, WANTED } from './parts.js';

const recordedAt = 'test/mutation/recorded.json';
const survivorsAt = 'node_modules/.cache/mutation';
/** A run over what changed: about a minute. */
const MOST_MUTANTS = 800;

const { values: asked } = parseArgs({
  options: {
    changed: { type: 'boolean', default: false },
    static: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
  },
});

const readRecorded = () => {
  try {
    return JSON.parse(readFileSync(recordedAt, 'utf8'));
  } catch {
    return { files: [] };
  }
};

const optionsFor = (files) => ({
  packageManager: 'npm',
  plugins: ['./test/mutation/domain-runner.js'],
  testRunner: 'domain',
  coverageAnalysis: 'perTest',
  mutate: files.map(({ name }) => join(root, name)),
  // A copy is changed, never the tree: of it only what the tests of the domain need.
  tempDirName: join(tmpdir(), 'directory-sync-mutation'),
  ignorePatterns: [
    ...['/*', '!/package.json', '!/packages', '/packages/*', '!/packages/domain', '/packages/domain/dist'],
    ...['!/test', '/test/*', '!/test/mutation'],
  ],
  reporters: ['progress-append-only'],
  concurrency: 1,
  timeoutMS: 10_000,
  // What is done once when a module loads costs all tests for each mutant: tried where it is asked for.
  ignoreStatic: !asked.static,
  disableTypeChecks: false,
  clearTextReporter: { logTests: false },
});

const noticedOf = (status) => status === 'Killed' || status === 'Timeout';
const missedOf = (status) => status === 'Survived' || status === 'NoCoverage';

const tried = async (files) => {
  if (files.length === 0) return [];
  const results = await new Stryker(optionsFor(files)).runMutationTest();
  mkdirSync(survivorsAt, { recursive: true });
  const survivors = results.filter(({ status }) => missedOf(status));
  const place = ({ fileName, location, mutatorName, replacement }) =>
    `${fileName.slice(fileName.indexOf(root))}:${String(location.start.line + 1)}:${String(location.start.column + 1)} ${mutatorName}: ${replacement ?? ''}`;
  writeFileSync(join(survivorsAt, 'survivors.txt'), survivors.map(place).sort().join('\n') + '\n');
  return files.map((file) => {
    const about = results.filter(({ fileName }) => fileName.endsWith(join(root, file.name)));
    const count = (wanted) => about.filter(({ status }) => wanted(status)).length;
    return { ...file, noticed: count(noticedOf), missed: count(missedOf) };
  });
};

const recorded = readRecorded();
const byName = new Map(recorded.files.map((file) => [file.name, file]));
const isSame = ({ name, content, tests }) => byName.get(name)?.content === content && byName.get(name)?.tests === tests;

const within = (files) => {
  let mutants = 0;
  return files.filter(({ name }) => {
    const { noticed = 100, missed = 0 } = byName.get(name) ?? {};
    mutants += noticed + missed;
    return mutants <= MOST_MUTANTS;
  });
};

const all = mutatedFiles();
const isWanted = ({ name, part }) =>
  asked.only.length === 0 || asked.only.some((each) => each === part || name === each);
const differing = all.filter((file) => isWanted(file) && !(asked.changed && isSame(file)));
const chosen = asked.changed ? within(differing) : differing;
if (asked.changed && chosen.length === 0)
  console.log('Mutation: nothing that decides has changed since the recorded run.');
for (const { name } of differing.filter((file) => !chosen.includes(file)))
  console.log(`Mutation: ${name} has changed, and is left to the next full run.`);

const results = new Map((await tried(chosen)).map((file) => [file.name, file]));
const files = all.flatMap((file) => results.get(file.name) ?? byName.get(file.name) ?? []);
if (!asked.changed) {
  const date = new Date().toISOString().slice(0, 10);
  writeFileSync(recordedAt, `${JSON.stringify({ date, static: asked.static, files }, undefined, 2)}\n`);
}
for (const { part, noticed, all: of, score } of scoresOf(files)) {
  console.log(`Mutation: ${part} notices ${String(noticed)} of ${String(of)}, ${score.toFixed(1)} %.`);
  if (score < WANTED) process.exitCode = 1;
}
