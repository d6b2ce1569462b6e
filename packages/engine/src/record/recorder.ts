import type { DirectoryEvent } from '@learnamp/directory-sync-domain';
import type { EventEnvelope, EventStream, PendingEvent } from '@learnamp/directory-sync-event-sourcing';
import * as E from 'fp-ts/lib/Either.js';
import { DirectorySyncError } from '../directory-sync.js';
import { logError } from '../failure.js';
import { withoutRecorded } from './without-recorded.js';
import type { EngineState } from '../state/engine-state.js';
import { readStream } from './read-stream.js';
import { makeTurns } from './turns.js';

export type Pending = PendingEvent<DirectoryEvent>;
export type Envelope = EventEnvelope<DirectoryEvent>;

export type Decide = () => ReadonlyArray<Pending>;
/** What opens a cycle, for the epoch it runs under. */
export type Header = (epoch: number) => ReadonlyArray<Pending>;

/**
 * The one writer of a connection in this process. Invariants: appends follow one another, whoever asks for them; events are
 * decided on the state they are appended to (on a conflict the tail is folded and the decision made again); a cycle appends
 * nothing once a newer engine fenced it off, nor takes over from one that recorded something since the cycle opened: what the
 * cycle has read may be older than that. What opens a cycle rides in its first append, so a quiet cycle appends nothing.
 */
export type Recorder = {
  /** Appends what `decide` returns for the present state, in order. Resolves with how many events were appended. */
  readonly record: (decide: Decide) => Promise<number>;
  /**
   * Appends what opens the cycle, unless it stands already. What is dispatched is planned with the preferences it records, and
   * named by their revision.
   */
  readonly begin: () => Promise<void>;
  /** The same for what an administrator decided: outside of any cycle, and whatever engine has the connection. */
  readonly administer: (decide: Decide) => Promise<number>;
  /** Folds what others appended, and resolves with it. */
  readonly refresh: () => Promise<ReadonlyArray<Envelope>>;
  /** Counts by type of everything the cycle appended since it opened. */
  readonly counts: () => Readonly<Record<string, number>>;
  /** Takes a new epoch where none was recorded or another engine has a higher one. */
  readonly openCycle: (header: Header, correlationId: string) => void;
  readonly appendedInCycle: () => number;
  /** Another engine took the connection over since this one recorded its epoch. */
  readonly isOvertaken: () => boolean;
};

const BATCH = 500;
const ATTEMPTS = 5;

export const fenced = (): DirectorySyncError =>
  new DirectorySyncError('fenced', 'Another engine took over this connection; this one stopped.');

const overtakenBeforeItBegan = (): DirectorySyncError =>
  new DirectorySyncError(
    'fenced',
    'Another engine recorded something in this connection since this cycle began; nothing of this cycle was recorded. The next one begins from there.',
  );

type Appending = {
  readonly correlationId: string;
  /** Absent for what an administrator does. */
  readonly epoch: number | undefined;
};
type Log = {
  readonly append: (events: ReadonlyArray<Pending>, as: Appending) => Promise<'appended' | 'conflict' | 'too-large'>;
  readonly refresh: () => Promise<ReadonlyArray<Envelope>>;
  /** How many events of other engines were folded so far; what administrators decide is none of them. */
  readonly byOtherEngines: () => number;
  readonly newId: () => string;
};

const makeRecorderOver = (state: EngineState, log: Log): Recorder => {
  const inTurn = makeTurns();
  let counts: Record<string, number> = {};
  let appended = 0;
  let header: Header | undefined;
  /** What of the header stands already, where it went in parts: a conflict between them must neither lose nor repeat any. */
  let opening: ReadonlyArray<Pending> = [];
  let correlationId = '';
  let epoch = 0;
  let epochRecorded = false;
  let othersAtOpening = 0;

  const isFenced = (): boolean => {
    const known = state.connection().epoch;
    return epochRecorded ? known > epoch : known >= epoch;
  };
  const isBehind = (): boolean => !epochRecorded && log.byOtherEngines() > othersAtOpening;
  const isOvertaken = (): boolean => epochRecorded && isFenced();

  /** A split batch is not atomic: the last part carries what completes it, and detection fills in the rest again. */
  const appendParts = async (
    events: ReadonlyArray<Pending>,
    as: Appending,
    onAppended: (part: ReadonlyArray<Pending>) => void,
  ): Promise<boolean> => {
    let size = BATCH;
    for (let at = 0; at < events.length;) {
      const part = events.slice(at, at + size);
      const outcome = await log.append(part, as);
      if (outcome === 'conflict') return false;
      if (outcome === 'too-large') {
        size = Math.ceil(part.length / 2);
        continue;
      }
      onAppended(part);
      at += part.length;
    }
    return true;
  };

  const count = (part: ReadonlyArray<Pending>): void => {
    appended += part.length;
    for (const { type } of part) counts[type] = (counts[type] ?? 0) + 1;
    if (part.some(({ type }) => type === 'EngineStarted')) epochRecorded = true;
  };

  const recordNow = async (decide: Decide, opens = false): Promise<number> => {
    let stands = 0;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const decided = decide();
      const isOpening = header !== undefined && (opens || stands > 0);
      if (decided.length === 0 && !isOpening) return stands;
      if (isFenced()) throw fenced();
      if (isBehind()) throw overtakenBeforeItBegan();
      const rest = [...withoutRecorded(header?.(epoch) ?? [], opening)];
      const events = [...rest, ...decided];
      const onAppended = (part: ReadonlyArray<Pending>): void => {
        count(part);
        stands += part.length;
        opening = [...opening, ...rest.splice(0, part.length)];
        if (rest.length === 0) header = undefined;
      };
      if (await appendParts(events, { correlationId, epoch }, onAppended)) return stands;
    }
    throw fenced();
  };

  const administerNow = async (decide: Decide): Promise<number> => {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const events = decide();
      if (events.length === 0) return 0;
      const as = { correlationId: log.newId(), epoch: undefined };
      if (await appendParts(events, as, () => undefined)) return events.length;
    }
    throw new DirectorySyncError('log-unavailable', 'Others keep writing to this log; nothing was recorded.');
  };

  return {
    record: (decide) => inTurn(() => recordNow(decide)),
    begin: async () => {
      await inTurn(() => recordNow(() => [], true));
    },
    administer: (decide) => inTurn(() => administerNow(decide)),
    refresh: () => inTurn(log.refresh),
    counts: () => counts,
    openCycle: (newHeader, newCorrelationId) => {
      counts = {};
      appended = 0;
      header = newHeader;
      opening = [];
      correlationId = newCorrelationId;
      othersAtOpening = log.byOtherEngines();
      if (epochRecorded && !isFenced()) return;
      epoch = state.connection().epoch + 1;
      epochRecorded = false;
    },
    appendedInCycle: () => appended,
    isOvertaken,
  };
};

export const makeRecorder = (options: {
  readonly stream: EventStream<DirectoryEvent>;
  readonly state: EngineState;
  readonly newId: () => string;
  /** Told what others appended, as it is found. */
  readonly onOthers?: ((events: ReadonlyArray<Envelope>) => void) | undefined;
  /** Told what this process appended, by type. */
  readonly onRecorded?: ((type: string, count: number) => void) | undefined;
}): Recorder => {
  const { stream, state } = options;
  let byOtherEngines = 0;

  const refresh = async (): Promise<ReadonlyArray<Envelope>> => {
    const read: Envelope[] = [];
    const from = (state.head()?.revision ?? -1n) + 1n;
    for await (const { events, head } of readStream(stream, from)) {
      state.apply(events, head);
      read.push(...events);
    }
    byOtherEngines += read.filter(({ metadata }) => metadata.epoch !== undefined).length;
    if (read.length > 0) options.onOthers?.(read);
    return read;
  };

  const tell = (events: ReadonlyArray<Pending>): void => {
    const counts = new Map<string, number>();
    for (const { type } of events) counts.set(type, (counts.get(type) ?? 0) + 1);
    for (const [type, count] of counts) options.onRecorded?.(type, count);
  };

  return makeRecorderOver(state, {
    newId: options.newId,
    refresh,
    byOtherEngines: () => byOtherEngines,
    append: async (events, { correlationId, epoch }) => {
      const context = { correlationId, causationId: correlationId, epoch };
      const result = await stream.append(state.head()?.revision ?? 'no-stream', events, context)();
      if (E.isRight(result)) {
        state.apply(result.right.events, result.right.head);
        tell(events);
        return 'appended';
      }
      // Logs differ in what one append may hold.
      if (result.left._tag === 'BatchTooLarge' && events.length > 1) return 'too-large';
      if (result.left._tag !== 'RevisionConflict') throw logError(result.left);
      await refresh();
      return 'conflict';
    },
  });
};

/** Folds what would be recorded into a state of its own and writes nothing: the preview runs the same cycle over it. */
export const makeShadowRecorder = (state: EngineState, now: () => Date): Recorder =>
  makeRecorderOver(state, {
    newId: () => 'preview',
    refresh: () => Promise.resolve([]),
    byOtherEngines: () => 0,
    append: (events, { correlationId }) => {
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
        return envelope as unknown as Envelope;
      });
      state.apply(envelopes, { revision: revision - 1n, hash: '' });
      return Promise.resolve('appended');
    },
  });
