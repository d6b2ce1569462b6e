import type { CursorLink, ObjectId, Preferences } from '@learnamp/directory-sync-domain';
import type { DirectorySource, GraphFailure } from '@learnamp/directory-sync-graph';
import type { LearnAmpPort } from '@learnamp/directory-sync-learn-amp';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { Answers } from '../deliver/answers.js';
import type { Logger, Progress } from '../directory-sync.js';
import { DirectorySyncError } from '../directory-sync.js';
import { graphError } from '../failure.js';
import type { Recorder } from '../record/recorder.js';
import type { EngineState } from '../state/engine-state.js';
import type { Telemetry } from '../telemetry/telemetry.js';
import type { BegunRounds } from './begun-rounds.js';
import type { LeftOutCache } from './left-out.js';
import type { PeopleReading } from './share-of-tenant.js';

/** What one cycle works with. `graphTime` moves with each answer of Graph: the clock of the hold. */
export type CycleContext = {
  readonly connectionId: string;
  readonly groupId: ObjectId;
  readonly preferences: Preferences;
  /** Attributes that are selected: the standard ones and those the preferences name, less what Graph refuses now. */
  readonly tracked: () => ReadonlyArray<string>;
  readonly leftOut: LeftOutCache;
  readonly state: EngineState;
  readonly recorder: Recorder;
  readonly directory: DirectorySource;
  readonly learnAmp: LearnAmpPort;
  readonly full: boolean;
  /** Reads Learn Amp's side to its end, as a full cycle does, whatever is read of the directory. */
  readonly reconciles: boolean;
  readonly now: () => Date;
  readonly newId: () => string;
  readonly logger: Logger;
  /** Under the name of the connection. A preview tells nothing: it would count as sent what is not. */
  readonly telemetry: Telemetry;
  readonly progress: (progress: Progress) => void;
  readonly signal: AbortSignal | undefined;
  /** Somebody paused the connection since the cycle began; a preview does not care. */
  readonly isPaused: () => boolean;
  readonly clock: { graphTime: string | undefined };
  /** Entries of groups read in this cycle, over all cursors, for the progress; and how the people were read, where that was decided. */
  readonly read: { groups: number; people: PeopleReading | undefined };
  /** Groups that were read from their beginning to their end in this cycle: their direct members are as listed. */
  readonly fresh: Set<ObjectId>;
  /** People whom this cycle saw come back from the recycle bin. */
  readonly restored: Set<ObjectId>;
  /** People in the group whose profile Graph would not show in this cycle: reported, and asked for again. */
  readonly unreadable: Set<ObjectId>;
  /** Who got no answer from Learn Amp in this cycle; look-ups and commands share it. */
  readonly answers: Answers;
  /** How often each round was begun before it reached its end. */
  readonly begunRounds: BegunRounds;
  /** Newer delta links of quiet rounds: droppable, never the only copy of anything. */
  readonly links: LinkCache;
  /** The recorded ones. */
  readonly recordedLink: (place: CursorLink) => Promise<string>;
};

/** What plans and holds are made with: neither of the two sides can be reached from it. */
export type PlanningContext = Pick<CycleContext, 'state' | 'preferences' | 'full' | 'recorder' | 'clock' | 'now'> & {
  /** Told how many people were planned, whenever others have their turn; what it throws ends the planning. */
  readonly onPlanned?: ((people: number) => void) | undefined;
  /**
   * People of whom nothing is sent by this cycle, and whose creation is planned as well: the hold counts them. Absent: whoever is to be
   * created is among those of the cycle.
   */
  readonly othersToCreate?: ((atMost: number) => ReadonlyArray<ObjectId>) | undefined;
};

export type LinkCache = {
  readonly get: (cursor: string, fingerprint: string, recordedLink: string) => Promise<string | undefined>;
  readonly put: (cursor: string, fingerprint: string, recordedLink: string, newer: string) => Promise<void>;
};

/** Runs a read of Graph; what the cycle cannot go on without rejects with its one sentence. */
export const ask = async <A>(read: TaskEither<GraphFailure, A>): Promise<A> => {
  const result = await read();
  if (E.isLeft(result)) throw graphError(result.left);
  return result.right;
};

/** The `Date` of the last answer; before the first one that carried it, the last one recorded. */
export const graphTimeOf = (context: Pick<CycleContext, 'state' | 'clock' | 'now'>): string =>
  context.clock.graphTime ?? context.state.connection().graphTime ?? context.now().toISOString();

export const noteGraphTime = (context: CycleContext, graphTime: string | undefined): void => {
  if (graphTime !== undefined) context.clock.graphTime = graphTime;
};

export const stopIfAborted = (context: CycleContext): void => {
  if (context.signal?.aborted === true || context.isPaused())
    throw new DirectorySyncError('stopped', 'The sync was stopped; the next one continues where it ended.');
};
