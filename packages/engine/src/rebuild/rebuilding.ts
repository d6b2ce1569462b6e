import type { DirectoryEvent, Preferences } from '@learnamp/directory-sync-domain';
import type { EventStream, ProjectionDatabase, ProjectionRows } from '@learnamp/directory-sync-event-sourcing';
import type { EngineState } from '../state/engine-state.js';

/** What a rebuild works on. It has no access to Graph, to Learn Amp or to the end of the log: it can send and append nothing. */
export type Rebuilding = {
  readonly stream: EventStream<DirectoryEvent>;
  readonly projections: ProjectionDatabase;
  /** The rows that stand. */
  readonly rows: ProjectionRows;
  readonly preferences: Preferences;
  readonly now: () => Date;
  /** For tests: rows of one commit, and how many wait to be written at most. */
  readonly commitRows?: number | undefined;
  /** Throws where the log is not the connection's own. */
  readonly check: (state: EngineState) => void;
};
