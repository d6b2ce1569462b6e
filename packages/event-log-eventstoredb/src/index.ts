export { EventStoreDbClientMissing } from './client-library.js';
export { EventStoreDbConnectionRefused } from './connection-string.js';
export { eventLogOver, openEventStoreDbEventLog } from './open-eventstoredb-event-log.js';
export type { EventStoreDbOptions } from './open-eventstoredb-event-log.js';
export type { LogClient, ReadRequest, Unconfirmed, WireEvent, WireRecord } from './log-client.js';
export { PATIENCE } from './patience.js';
export type { Patience } from './patience.js';
