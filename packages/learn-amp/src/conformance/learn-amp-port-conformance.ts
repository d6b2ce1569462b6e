import { batchCases } from './batch-cases.js';
import { creatingCases } from './creating-cases.js';
import { deactivatingCases } from './deactivating-cases.js';
import { optionalCases } from './optional-cases.js';
import type { LearnAmpPortUnderTest, PortCapability, PortCase, Runner } from './port-under-test.js';
import { readingCases } from './reading-cases.js';
import { updatingCases } from './updating-cases.js';

/** What the engine relies on in every port, as named cases: for a test runner that has no `describe` and `it`. */
export const learnAmpPortCases: ReadonlyArray<PortCase> = [
  ...readingCases,
  ...creatingCases,
  ...updatingCases,
  ...deactivatingCases,
  ...batchCases,
  ...optionalCases,
];

/**
 * The port under test and what it can do. A capability that is not named is expected to be answered as `Unsupported`.
 */
export type PortSuite = {
  /** A company of its own for each case, with an active owner. */
  readonly open: () => Promise<LearnAmpPortUnderTest>;
  /** What the port can do beyond what it must. */
  readonly capabilities: ReadonlyArray<PortCapability>;
};

/**
 * Registers a test for each case that concerns a port with these capabilities.
 *
 * @example
 * import { describe, it } from 'vitest';
 * learnAmpPortConformance({ describe, it }, 'our port', { open: openTestCompany, capabilities: ['batch', 'avatars'] });
 */
export const learnAmpPortConformance = ({ describe, it }: Runner, name: string, suite: PortSuite): void => {
  const able = new Set(suite.capabilities);
  const concerns = ({ needs, without }: PortCase): boolean =>
    (needs === undefined || able.has(needs)) && (without === undefined || !able.has(without));
  describe(`Learn Amp port conformance: ${name}`, () => {
    for (const { title, run } of learnAmpPortCases.filter(concerns)) {
      it(title, async () => {
        const company = await suite.open();
        try {
          await run(company);
        } finally {
          await company.close();
        }
      });
    }
  });
};
