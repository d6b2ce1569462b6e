import { fileURLToPath } from 'node:url';
import { defaultExclude, defineConfig } from 'vitest/config';

// Packages are tested from their sources: the condition picks `src` in each package's `exports`. What Node loads is picked
// as Node picks it, without `module`: that is for bundlers.
const conditions = ['directory-sync-source', 'import', 'node', 'default'];

/** What has no I/O, no clock, no chance and no promise in `event-sourcing`: from an argument to a value. */
const pureEventSourcing = [
  'accepts-as-is',
  'bounded-cache',
  'canonical-json',
  'chain',
  'deep-freeze',
  'event-definition',
  'event-registry',
  'expected-revision',
  'fold-batch',
  'hmac-sha256',
  'in-memory-projection',
  'inbox-marks',
  'netstring',
  'page-range',
  'projection-rows-lost',
  'revision',
  'same-head',
  'scan-json',
  'sealing',
  'sealing-keys',
  'stored-texts',
];

const countsBranches = process.argv.includes('--coverage');

const pure = ['packages/domain/src/**/*.test.ts', 'packages/learn-amp/src/**/*.test.ts'];

// `.ci/run` counts the tests from this file.
const report = process.env['TEST_REPORT'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    projects: [
      {
        extends: true,
        // Without a world of their own: loading the libraries once for all of them saves two thirds of their time.
        test: { name: 'pure', include: pure, isolate: false },
      },
      {
        extends: true,
        test: {
          name: 'packages',
          include: ['packages/*/src/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: [...defaultExclude, 'test/e2e/**', ...pure],
        },
      },
      {
        extends: true,
        // Each file opens and closes what it uses; loading the engine once for all of them saves two thirds of their time.
        test: { name: 'end to end', include: ['test/e2e/**/*.test.ts'], isolate: false },
      },
    ],
    benchmark: { include: ['packages/*/src/**/*.bench.ts', 'test/bench/**/*.bench.ts'] },
    ...(report === undefined ? {} : { reporters: ['default', 'json'], outputFile: { json: report } }),
    // `npm run coverage`: every branch of what is pure is taken by a test of its own package.
    coverage: {
      provider: 'v8',
      include: [
        'packages/domain/src/**/*.ts',
        ...pureEventSourcing.map((name) => `packages/event-sourcing/src/${name}.ts`),
      ],
      exclude: ['**/testing/**', '**/*.test.ts'],
      reporter: [['text', { skipFull: true }], 'json'],
      reportsDirectory: 'node_modules/.cache/coverage',
      thresholds: { branches: 100 },
    },
    // The runner would leave one core idle: on two that is half of the time.
    maxWorkers: '100%',
    ...(countsBranches ? { setupFiles: [fileURLToPath(new URL('test/support/one-seed.ts', import.meta.url))] } : {}),
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
