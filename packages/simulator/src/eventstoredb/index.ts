export type { AppendOutcome, EventStreams, Expected, ProposedEvent, RecordedEvent } from './event-streams.js';
export type { WireCall } from './node-context.js';
export { startEventStore } from './start-event-store.js';
export type { EventStoreNode, EventStoreOptions, EventStoreSimulator } from './start-event-store.js';
export type { Rpc, WireFault, WireFaults } from './wire-faults.js';
