export { specifyDecider } from './specify-decider.js';
export type { DeciderSpecification, Decision } from './specify-decider.js';
export { specifyProjection } from './specify-projection.js';
export type { ProjectionSpecification } from './specify-projection.js';
export { testEnvelopes } from './test-envelopes.js';
export type { TestEnvelopeOptions } from './test-envelopes.js';
