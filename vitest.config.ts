import { defaultExclude, defineConfig } from 'vitest/config';

// Packages are tested from their sources: the condition picks `src` in each package's `exports`. What Node loads is picked
// as Node picks it, without `module`: that is for bundlers.
const conditions = ['directory-sync-source', 'import', 'node', 'default'];

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
    // The runner would leave one core idle: on two that is half of the time.
    maxWorkers: '100%',
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
