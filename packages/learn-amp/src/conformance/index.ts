export { learnAmpPortCases, learnAmpPortConformance } from './learn-amp-port-conformance.js';
export type { PortSuite } from './learn-amp-port-conformance.js';
export type { HandMade, LearnAmpPortUnderTest, PortCapability, PortCase, Runner } from './port-under-test.js';
