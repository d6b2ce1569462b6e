import type { DirectoryEvent } from '@learnamp/directory-sync-domain';
import type { EventStream, ReadEvent, StoredRecord } from '@learnamp/directory-sync-event-sourcing';
import { LogFailure } from '@learnamp/directory-sync-event-sourcing';
import { createHash } from 'node:crypto';
import type { EventsQuery, EventView } from '../directory-sync.js';
import { decodeError, logError } from '../failure.js';
import { stops } from '../record/read-stream.js';

/** Delta links are bearer-like: people see only that one differs from another. */
const withoutLinks = (type: string, data: unknown): unknown => {
  if (type !== 'DeltaCursorMoved') return data;
  const { link, ...rest } = data as { readonly link: string };
  return { ...rest, link: { sha256: createHash('sha256').update(link).digest('hex').slice(0, 12) } };
};

const recordOf = (read: ReadEvent<DirectoryEvent>): StoredRecord =>
  read._tag === 'Failed' ? read.failure.record : read.record;

const view = (read: ReadEvent<DirectoryEvent>): EventView => {
  const record = recordOf(read);
  const base = {
    revision: record.revision.toString(),
    id: record.id,
    type: record.type,
    recordedAt: record.recordedAt,
    metadata: record.metadata,
  };
  // One person's alone, who is parked over it: whatever else cannot be read is not shown at all.
  if (read._tag === 'Failed') return { ...base, schemaVersion: record.schemaVersion, data: null, unreadable: true };
  if (read._tag === 'Passed' || read.event.erased)
    return {
      ...base,
      schemaVersion: record.schemaVersion,
      data: null,
      ...(read._tag === 'Event' || read.reason === 'erased' ? { erased: true as const } : {}),
    };
  return { ...base, schemaVersion: read.event.schemaVersion, data: withoutLinks(record.type, read.event.data) };
};

const matcher = ({ types, userIds }: EventsQuery): ((record: StoredRecord) => boolean) => {
  const wantedTypes = types === undefined ? undefined : new Set(types);
  const wantedPeople = new Set<string>(userIds);
  return ({ type, metadata }) =>
    wantedTypes?.has(type) !== false &&
    (wantedPeople.size === 0 || metadata.subjects.some((subject) => wantedPeople.has(subject)));
};

/** Events of a page where the newest come first. */
const NEWEST = 150;

const pagesOf = (stream: EventStream<DirectoryEvent>, query: EventsQuery) => {
  const isBackwards = query.order === 'newest-first';
  const from = query.from ?? (isBackwards ? undefined : 0n);
  const direction = isBackwards ? ('backwards' as const) : ('forwards' as const);
  // Whoever asks for the newest wants a few of them: a page is opened as a whole.
  const size = isBackwards ? { size: NEWEST } : {};
  const options = { from, to: query.to, direction, signal: query.signal, ...size };
  if (query.follow === true) {
    if (query.signal === undefined) throw new TypeError('events: follow needs a signal that ends it.');
    return stream.follow({ from, signal: query.signal });
  }
  const [only, ...others] = query.userIds ?? [];
  return only !== undefined && others.length === 0 ? stream.pagesBySubject(only, options) : stream.pages(options);
};

const isBeyond = ({ to, order }: EventsQuery, revision: bigint): boolean =>
  to !== undefined && (order === 'newest-first' ? revision < to : revision > to);

/** Events as people read them, in order; one person's events come through the subject index. */
export async function* eventViews(stream: EventStream<DirectoryEvent>, query: EventsQuery): AsyncGenerator<EventView> {
  const matches = matcher(query);
  try {
    for await (const page of pagesOf(stream, query))
      for (const read of page) {
        if (read._tag === 'Failed' && stops(read.failure)) throw decodeError(read.failure);
        const record = recordOf(read);
        if (isBeyond(query, record.revision)) return;
        if (matches(record)) yield view(read);
      }
  } catch (error) {
    if (error instanceof LogFailure) throw logError(error.failure);
    throw error;
  }
}
