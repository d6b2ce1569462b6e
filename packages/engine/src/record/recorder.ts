import type { DirectoryEvent } from '@learnamp/directory-sync-domain';
import type { EventEnvelope, EventStream, PendingEvent } from '@learnamp/directory-sync-event-sourcing';
import * as E from 'fp-ts/lib/Either.js';
import { DirectorySyncError } from '../directory-sync.js';
import { logError } from '../failure.js';
import type { EngineState } from '../state/engine-state.js';
import { readStream } from './read-stream.js';

export type Pending = PendingEvent<DirectoryEvent>;

/**
 * The one writer of a connection in this process. Invariants: events are decided on the state they are appended to (on a
 * conflict the tail is folded and the decision made again); nothing is appended by an engine that a newer one fenced off;
 * what opens a cycle rides in its first append, so a quiet cycle appends nothing.
 */
export type Recorder = {
  /** Appends what `decide` returns for the present state, in order. Resolves with how many events were appended. */
  readonly record: (decide: () => ReadonlyArray<Pending>) => Promise<number>;
  /** Counts by type of everything appended since the cycle opened. */
  readonly counts: () => Readonly<Record<string, number>>;
  readonly openCycle: (header: () => ReadonlyArray<Pending>, correlationId: string) => void;
  readonly appendedInCycle: () => number;
};

const BATCH = 500;
const ATTEMPTS = 5;

const fenced = (): DirectorySyncError =>
  new DirectorySyncError('fenced', 'Another engine took over this connection; this one stopped.');

type Append = (events: ReadonlyArray<Pending>, correlationId: string) => Promise<{ readonly conflict: boolean }>;

const makeRecorderOver = (append: Append): Recorder => {
  let counts: Record<string, number> = {};
  let appended = 0;
  let header: (() => ReadonlyArray<Pending>) | undefined;
  let correlationId = '';

  /** A split batch is not atomic: the last part carries what completes it, and detection fills in the rest again. */
  const appendParts = async (events: ReadonlyArray<Pending>): Promise<boolean> => {
    for (let at = 0; at < events.length; at += BATCH) {
      const part = events.slice(at, at + BATCH);
      if ((await append(part, correlationId)).conflict) return false;
      header = undefined;
      appended += part.length;
      for (const { type } of part) counts[type] = (counts[type] ?? 0) + 1;
    }
    return true;
  };

  const record = async (decide: () => ReadonlyArray<Pending>): Promise<number> => {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const decided = decide();
      if (decided.length === 0) return 0;
      const events = [...(header?.() ?? []), ...decided];
      if (await appendParts(events)) return events.length;
    }
    throw fenced();
  };

  return {
    record,
    counts: () => counts,
    openCycle: (newHeader, newCorrelationId) => {
      counts = {};
      appended = 0;
      header = newHeader;
      correlationId = newCorrelationId;
    },
    appendedInCycle: () => appended,
  };
};

export const makeRecorder = (options: {
  readonly stream: EventStream<DirectoryEvent>;
  readonly state: EngineState;
  readonly epoch: () => number;
}): Recorder => {
  const { stream, state } = options;
  let epochRecorded = false;

  const foldTail = async (): Promise<void> => {
    const from = (state.head()?.revision ?? -1n) + 1n;
    for await (const { events, head } of readStream(stream, from)) state.apply(events, head);
    const known = state.connection().epoch;
    if (epochRecorded ? known > options.epoch() : known >= options.epoch()) throw fenced();
  };

  return makeRecorderOver(async (events, correlationId) => {
    const head = state.head();
    const result = await stream.append(head?.revision ?? 'no-stream', events, {
      correlationId,
      causationId: correlationId,
      epoch: options.epoch(),
    })();
    if (E.isLeft(result)) {
      if (result.left._tag !== 'RevisionConflict') throw logError(result.left);
      await foldTail();
      return { conflict: true };
    }
    if (events.some(({ type }) => type === 'EngineStarted')) epochRecorded = true;
    state.apply(result.right.events, result.right.head);
    return { conflict: false };
  });
};

/** Folds what would be recorded into a state of its own and writes nothing: the preview runs the same cycle over it. */
export const makeShadowRecorder = (state: EngineState, now: () => Date): Recorder =>
  makeRecorderOver((events, correlationId) => {
    let revision = (state.head()?.revision ?? -1n) + 1n;
    const envelopes = events.map((event) => {
      const envelope = {
        id: `preview-${revision}`,
        stream: 'preview',
        type: event.type,
        data: event.data,
        schemaVersion: 1,
        revision: revision++,
        recordedAt: now().toISOString(),
        metadata: { subjects: [], correlationId, causationId: correlationId, hash: '' },
        erased: false,
      };
      return envelope as unknown as EventEnvelope<DirectoryEvent>;
    });
    state.apply(envelopes, { revision: revision - 1n, hash: '' });
    return Promise.resolve({ conflict: false });
  });
