import type { DirectorySync } from '@learnamp/directory-sync';
import type { Terminal } from '../command-line/terminal.js';
import type { LoadPreferencesDecoder } from '../configuration/decode-configuration.js';
import type { ConfigurationMistake } from '../configuration/reader.js';
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
  readonly loadPreferencesDecoder: LoadPreferencesDecoder;
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

/** Mistakes in a file that a flag names, beside the configuration: exit 2, all of them listed. */
export class WrongFile extends Error {
  readonly file: string;
  readonly mistakes: ReadonlyArray<ConfigurationMistake>;
  constructor(file: string, mistakes: ReadonlyArray<ConfigurationMistake>) {
    super(`${file} is not sound.`);
    this.name = 'WrongFile';
    this.file = file;
    this.mistakes = mistakes;
  }
}
