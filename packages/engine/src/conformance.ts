/** What a host runs against its own implementation of the Learn Amp port. */
export { learnAmpPortCases, learnAmpPortConformance } from '@learnamp/directory-sync-learn-amp/conformance';
export type {
  HandMade,
  LearnAmpPortUnderTest,
  PortCapability,
  PortCase,
  PortSuite,
  Runner,
} from '@learnamp/directory-sync-learn-amp/conformance';
