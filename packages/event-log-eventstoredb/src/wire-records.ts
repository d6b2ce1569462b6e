import type { EventMetadata, Json, RecordText, StoredRecord } from '@learnamp/directory-sync-event-sourcing';
import type { WireEvent, WireRecord } from './log-client.js';

/**
 * A record as an event of EventStoreDB: id, type and data are the event's own; what the server has no place for stands in
 * its metadata. The server's time of an event is not used: `recordedAt` is ours, and hashed.
 */
export const toWire = ({ record }: RecordText<StoredRecord>): WireEvent => ({
  id: record.id,
  type: record.type,
  contentType: 'application/json',
  // The client writes any JSON value, though its types name objects, arrays and text only.
  data: record.data as WireEvent['data'],
  metadata: { ...record.metadata, recordedAt: record.recordedAt, schemaVersion: record.schemaVersion },
});

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !(value instanceof Uint8Array);

/**
 * An event as a record. Somebody else may have written it, or changed it: whatever is missing or of another kind becomes
 * something that the check of the chain refuses, so that the record is named instead of the whole read failing.
 */
export const fromWire = (event: WireRecord): StoredRecord => {
  const { recordedAt, schemaVersion, ...metadata } = isObject(event.metadata) ? event.metadata : {};
  return {
    id: event.id,
    type: event.type,
    schemaVersion: typeof schemaVersion === 'number' ? schemaVersion : 0,
    revision: event.revision,
    recordedAt: typeof recordedAt === 'string' ? recordedAt : '',
    data: (event.data instanceof Uint8Array ? Buffer.from(event.data).toString('utf8') : event.data) as Json,
    metadata: {
      ...metadata,
      subjects: Array.isArray(metadata['subjects']) ? metadata['subjects'] : [],
      hash: typeof metadata['hash'] === 'string' ? metadata['hash'] : '',
    } as unknown as EventMetadata,
  };
};
