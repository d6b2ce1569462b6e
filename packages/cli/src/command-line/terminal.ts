import type { OutputStream, Output } from './output.js';
import type { Screen } from './screen.js';

/** The process around a verb, injected: what it prints to, whom it asks, what it knows of the machine. */
export type Terminal = {
  readonly out: Output;
  readonly err: Output;
  /** A person sits there: input and stderr are terminals. */
  readonly interactive: boolean;
  /** One line typed by a person; `undefined` when the input ended or the signal aborted. The question goes to stderr. */
  readonly ask: (question: string, signal: AbortSignal) => Promise<string | undefined>;
  /** Where progress bars may be drawn; `undefined` where stderr is no terminal. */
  readonly progress: OutputStream | undefined;
  /** A screen that is drawn over, until q, Ctrl+C or the signal; `undefined` where stdout is no terminal. */
  readonly openScreen: (() => Screen) | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly folder: string;
  /** Who started the command, as recorded in the log. */
  readonly actor: string;
  readonly now: () => Date;
  /** Resolves after the time, or at once when the signal aborts. */
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** From the first call on, SIGINT and SIGTERM abort this signal instead of ending the process. */
  readonly stopSignal: () => AbortSignal;
};
