/** An event as a client proposes it. */
export type ProposedEvent = {
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
};

export type RecordedEvent = ProposedEvent & {
  readonly stream: string;
  readonly revision: bigint;
  /** In the log of all streams; never the number of an event. */
  readonly position: bigint;
  readonly createdAt: Date;
};

export type Expected = bigint | 'no-stream' | 'stream-exists' | 'any';

export type AppendOutcome =
  | { readonly _tag: 'Appended'; readonly last: bigint; readonly position: bigint }
  | { readonly _tag: 'WrongVersion'; readonly current: bigint | undefined }
  | { readonly _tag: 'TooLarge'; readonly limit: number };

/** What a node sees of the streams: a follower may see less than there is. */
export type StreamsView = {
  /** `undefined`: there is no such stream. Revisions may begin above 0, after a deletion. */
  readonly stream: (name: string) => ReadonlyArray<RecordedEvent> | undefined;
  readonly all: () => ReadonlyArray<RecordedEvent>;
};

/** The events of one cluster. */
export type EventStreams = StreamsView & {
  readonly append: (name: string, expected: Expected, events: ReadonlyArray<ProposedEvent>) => AppendOutcome;
  /** A soft deletion: the stream is gone, and goes on where it ended when somebody appends to it. */
  readonly softDelete: (name: string) => void;
  /** Changes a stored event behind everybody's back, as somebody with access to the disk could. */
  readonly tamper: (name: string, revision: bigint, change: Partial<ProposedEvent>) => void;
  /** From now on a batch that stands already is refused as a wrong version, as a server may do any time. */
  readonly forgetIds: () => void;
  /** Called after each append until the returned function is called. */
  readonly onAppend: (listener: () => void) => () => void;
};

/** The default of the server: `MaxAppendSize`. */
const LARGEST_APPEND = 1024 * 1024;

type Stream = { next: bigint; events: RecordedEvent[] };

/** As the server counts it: data and metadata of all events of an append. */
const sizeOf = (events: ReadonlyArray<ProposedEvent>): number =>
  events.reduce((sum, { data, metadata, type }) => sum + data.length + metadata.length + type.length, 0);

const expectationHolds = (expected: Expected, current: bigint | undefined): boolean => {
  if (expected === 'any') return true;
  if (expected === 'stream-exists') return current !== undefined;
  return expected === 'no-stream' ? current === undefined : expected === current;
};

/** Revision of the last event of a batch that stands already, in the place the expectation asks for. */
const alreadyCommitted = (
  { events }: Stream,
  expected: Expected,
  proposed: ReadonlyArray<ProposedEvent>,
): bigint | undefined => {
  const anywhere = expected === 'any' || expected === 'stream-exists';
  const first = anywhere
    ? events.findIndex(({ id }) => id === proposed[0]?.id)
    : events.findIndex(({ revision }) => revision === (expected === 'no-stream' ? 0n : expected + 1n));
  if (first < 0 || proposed.length === 0) return undefined;
  const same = proposed.every(({ id }, index) => events[first + index]?.id === id);
  return same ? events[first + proposed.length - 1]?.revision : undefined;
};

/**
 * Streams with the server's rules: revisions without gaps; a batch that is sent again under the same expectation is
 * recognised by the ids of its events alone, and only when the expectation is no longer true.
 */
export const makeEventStreams = (now: () => Date): EventStreams => {
  const streams = new Map<string, Stream>();
  const all: RecordedEvent[] = [];
  const listeners = new Set<() => void>();
  let recognises = true;

  const currentOf = (stream: Stream | undefined): bigint | undefined =>
    stream === undefined || stream.events.length === 0 ? undefined : stream.next - 1n;

  const write = (name: string, stream: Stream, proposed: ReadonlyArray<ProposedEvent>): AppendOutcome => {
    for (const event of proposed) {
      const position = (all.at(-1)?.position ?? 0n) + BigInt(event.data.length + 150);
      const recorded = { ...event, stream: name, revision: stream.next, position, createdAt: now() };
      stream.next += 1n;
      stream.events.push(recorded);
      all.push(recorded);
    }
    if (proposed.length > 0) streams.set(name, stream);
    for (const listener of [...listeners]) listener();
    return { _tag: 'Appended', last: stream.next - 1n, position: all.at(-1)?.position ?? 0n };
  };

  return {
    stream: (name) => {
      const events = streams.get(name)?.events ?? [];
      return events.length === 0 ? undefined : events;
    },
    all: () => all,
    append: (name, expected, proposed) => {
      if (sizeOf(proposed) > LARGEST_APPEND) return { _tag: 'TooLarge', limit: LARGEST_APPEND };
      const stream = streams.get(name) ?? { next: 0n, events: [] };
      const current = currentOf(stream);
      const exact = expected !== 'any' && expected !== 'stream-exists';
      const known = recognises && (!exact || !expectationHolds(expected, current));
      const committed = known ? alreadyCommitted(stream, expected, proposed) : undefined;
      if (committed !== undefined) return { _tag: 'Appended', last: committed, position: all.at(-1)?.position ?? 0n };
      if (!expectationHolds(expected, current)) return { _tag: 'WrongVersion', current };
      return write(name, stream, proposed);
    },
    softDelete: (name) => {
      const stream = streams.get(name);
      if (stream !== undefined) stream.events = [];
    },
    tamper: (name, revision, change) => {
      const stream = streams.get(name);
      if (stream === undefined) throw new Error(`There is no stream ${name}.`);
      stream.events = stream.events.map((event) => (event.revision === revision ? { ...event, ...change } : event));
    },
    forgetIds: () => {
      recognises = false;
    },
    onAppend: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
};
