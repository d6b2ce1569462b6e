import type { FileKind } from './open-file.js';

/**
 * - `streams` gives each stream a small number.
 * - `events` holds each record once. `metadata` (without `hash`) and `data` are canonical JSON, the very text that was
 *   hashed. The unique indexes are the invariants of last resort: no revision and no id stands twice in a stream.
 * - `event_subjects` is the index for reads by subject.
 */
const firstSchema = `
  CREATE TABLE streams (
    stream_id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
  ) STRICT;
  CREATE TABLE events (
    stream_id INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    id TEXT NOT NULL,
    type TEXT NOT NULL,
    schema_version INTEGER NOT NULL,
    recorded_at TEXT NOT NULL,
    data TEXT NOT NULL,
    metadata TEXT NOT NULL,
    hash TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX events_by_revision ON events (stream_id, revision);
  CREATE UNIQUE INDEX events_by_id ON events (stream_id, id);
  CREATE TABLE event_subjects (
    stream_id INTEGER NOT NULL,
    subject TEXT NOT NULL,
    revision INTEGER NOT NULL,
    PRIMARY KEY (stream_id, subject, revision)
  ) STRICT, WITHOUT ROWID;
`;

/** `synchronous = FULL`: an append is on the disk before it resolves. */
export const eventLogFile: FileKind = {
  name: 'event log',
  applicationId: 0x45764c67n, // 'EvLg'
  migrations: [firstSchema],
  pragmas: ['synchronous = FULL', 'cache_size = -16384'],
};
