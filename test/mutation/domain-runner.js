/**
 * Runs the tests of the domain in the process of Stryker's worker: they are pure, so nothing of one reaches the next. Where a
 * mutant stands in what is done once when a module loads, everything is loaded anew.
 */
import { readdirSync } from 'node:fs';
import { register } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { declareFactoryPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import { determineHitLimitReached, toMutantRunResult } from '@stryker-mutator/api/test-runner';

/** The first reads the sources, and would see what was done to them; the second counts its runs. */
const leftOut = ['purity.test.ts', 'events/read-as-is.test.ts'];
const root = join('packages', 'domain', 'src');

const testFiles = () =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts') && !leftOut.includes(name))
    .sort()
    .map((name) => resolve(root, name));

/** The tests that stand beside a file first, and of the others those that cost least: most mutants are noticed early. */
const inOrder = (tests, fileName, costs) => {
  const isFar = (test) => Number(dirname(test.fileName) !== dirname(fileName));
  const cost = ({ id }) => costs.get(id) ?? 0;
  return [...tests].sort((left, right) => isFar(left) - isFar(right) || cost(left) - cost(right));
};

/** Keeps what it made between calls: of each mutant anew. */
const keeps = (fileName) => fileName.endsWith('hire-date.ts');

const messageOf = (error) => (error instanceof Error ? error.message : String(error));

class DomainTests {
  state = (globalThis.__stryker__ ??= {});
  generation = 0;
  tests = [];
  costs = new Map();

  capabilities() {
    return { reloadEnvironment: true };
  }

  async init() {
    register(new URL('hooks.js', import.meta.url));
  }

  async load() {
    const found = new Map();
    for (const fileName of testFiles()) {
      globalThis.collectedTests = {
        add: (name, run, after) => {
          let id = `${fileName.slice(process.cwd().length + 1)}#${name}`;
          while (found.has(id)) id += '+';
          found.set(id, { id, name: id.slice(id.indexOf('#') + 1), fileName, run, after });
        },
      };
      await import(`${pathToFileURL(fileName).href}?generation=${String(this.generation)}`);
    }
    this.generation += 1;
    this.tests = [...found.values()];
  }

  async run({ id, name, fileName, run, after }) {
    const started = performance.now();
    const answer = (outcome) => ({ id, name, fileName, timeSpentMs: performance.now() - started, ...outcome });
    this.state.currentTestId = id;
    try {
      await run();
      return answer({ status: 0 });
    } catch (error) {
      return answer({ status: 1, failureMessage: messageOf(error) });
    } finally {
      for (const each of after) each();
      this.state.currentTestId = undefined;
    }
  }

  async runAll(tests, bail) {
    const results = [];
    for (const test of tests) {
      results.push(await this.run(test));
      if (bail && results.at(-1).status === 1) break;
    }
    return { status: 'complete', tests: results };
  }

  async dryRun() {
    this.state.activeMutant = undefined;
    try {
      await this.load();
    } catch (error) {
      return { status: 'error', errorMessage: messageOf(error) };
    }
    const result = await this.runAll(this.tests, false);
    this.costs = new Map(result.tests.map(({ id, timeSpentMs }) => [id, timeSpentMs]));
    return { ...result, mutantCoverage: this.state.mutantCoverage };
  }

  async mutantRun(options) {
    const { activeMutant, mutantActivation, reloadEnvironment, testFilter, hitLimit } = options;
    const { sandboxFileName, disableBail } = options;
    this.state.hitLimit = hitLimit;
    this.state.hitCount = hitLimit === undefined ? undefined : 0;
    this.state.activeMutant = mutantActivation === 'static' ? activeMutant.id : undefined;
    if (reloadEnvironment || keeps(sandboxFileName) || this.tests.length === 0) {
      try {
        await this.load();
      } catch (error) {
        // A mutant with which the code does not even load is noticed by every test.
        return { status: 'killed', killedBy: [], failureMessage: messageOf(error), nrOfTests: 0 };
      }
    }
    this.state.activeMutant = activeMutant.id;
    const wanted = testFilter === undefined ? this.tests : this.tests.filter(({ id }) => testFilter.includes(id));
    const result = await this.runAll(inOrder(wanted, sandboxFileName, this.costs), disableBail !== true);
    this.state.activeMutant = undefined;
    return toMutantRunResult(determineHitLimitReached(this.state.hitCount, hitLimit) ?? result);
  }
}

const makeDomainTests = () => new DomainTests();
makeDomainTests.inject = [];

export const strykerPlugins = [declareFactoryPlugin(PluginKind.TestRunner, 'domain', makeDomainTests)];
