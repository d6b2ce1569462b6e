import { defineConfig } from 'vitest/config';

// Packages are tested from their sources: the condition picks `src` in each package's `exports`.
const conditions = ['directory-sync-source', 'import', 'module', 'node', 'default'];

// `.ci/run` counts the tests from this file.
const report = process.env['TEST_REPORT'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'test/**/*.test.ts'],
    benchmark: { include: ['packages/*/src/**/*.bench.ts', 'test/bench/**/*.bench.ts'] },
    ...(report === undefined ? {} : { reporters: ['default', 'json'], outputFile: { json: report } }),
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
