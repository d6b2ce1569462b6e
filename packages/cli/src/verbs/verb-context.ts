import type { DirectorySync } from '@learnamp/directory-sync';
import type { Terminal } from '../command-line/terminal.js';
import type { Style } from '../reports/style.js';

/** What a verb works with once the configuration is sound and the connection open. */
export type VerbContext = {
  readonly connection: DirectorySync;
  readonly connectionId: string;
  /** How long a one-shot verb waits without progress. */
  readonly patienceMs: number;
  readonly terminal: Terminal;
  readonly style: Style;
  /** Takes secrets out of a text. */
  readonly redact: (text: string) => string;
};

export type ExitCode = 0 | 1 | 2 | 3 | 4;

/** A mistake that shows only against the log: exit 2. */
export class WrongUse extends Error {
  readonly path: string;
  constructor(path: string, message: string) {
    super(message);
    this.name = 'WrongUse';
    this.path = path;
  }
}
