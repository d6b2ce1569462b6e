import type { DirectoryEvent } from '@learnamp/directory-sync-domain';
import type { EventStream } from '@learnamp/directory-sync-event-sourcing';
import type { EngineState } from '../state/engine-state.js';
import type { RecordedPreferences } from './recorded-preferences.js';

/** A stream that can be read, and nothing else. */
export type LogToRead = Pick<EventStream<DirectoryEvent>, 'name' | 'pages' | 'head'>;

/**
 * What an audit works with: one log, to be read. There is no way from here to Learn Amp or to Microsoft Graph, and nothing is
 * appended: whoever gets this cannot send.
 */
export type AuditedLog = {
  readonly stream: LogToRead;
  /** Throws where the log is not the connection's own. */
  readonly check: (state: EngineState) => void;
  readonly recorded: () => Promise<RecordedPreferences>;
  readonly now: () => Date;
};
