export { eventLogCaseTitles, eventLogConformance } from './event-log-conformance.js';
export type { LogCapability, LogDamage, LogUnderTest } from './event-log-conformance.js';
export { inboxConformance } from './inbox-conformance.js';
export type { InboxUnderTest } from './inbox-conformance.js';
export { keyStoreConformance } from './key-store-conformance.js';
export type { KeyStoreUnderTest } from './key-store-conformance.js';
export { projectionsConformance } from './projections-conformance.js';
export type { ProjectionsUnderTest } from './projections-conformance.js';
export type { Runner } from './suite.js';
