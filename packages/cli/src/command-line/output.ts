import type { Writable } from 'node:stream';

/** The reader went away, as `| head` does. Nothing is wrong: the verb ends quietly. */
export class PipeClosed extends Error {
  constructor() {
    super('The output was closed.');
    this.name = 'PipeClosed';
  }
}

export type Output = {
  /** Resolves when the text is handed over: whoever awaits it never fills the memory. Rejects with `PipeClosed`. */
  readonly write: (text: string) => Promise<void>;
  readonly isTerminal: boolean;
  /** Of a terminal, `undefined` elsewhere. */
  readonly columns: number | undefined;
};

export type OutputStream = Writable & { readonly isTTY?: boolean; readonly columns?: number };

const isClosedPipe = (problem: Error): boolean =>
  ['EPIPE', 'ERR_STREAM_DESTROYED', 'ERR_STREAM_WRITE_AFTER_END', 'ECONNRESET'].includes(
    (problem as NodeJS.ErrnoException).code ?? '',
  );

export const makeOutput = (stream: OutputStream): Output => {
  // Without a listener a closed pipe would end the process with a stack trace; each write reports it by itself.
  stream.on('error', () => undefined);
  return {
    write: (text) =>
      new Promise((resolve, reject) => {
        stream.write(text, (problem) => {
          if (problem === null || problem === undefined) resolve();
          else reject(isClosedPipe(problem) ? new PipeClosed() : problem);
        });
      }),
    isTerminal: stream.isTTY === true,
    columns: stream.isTTY === true ? stream.columns : undefined,
  };
};

const BATCH = 32_768;

/** Writes lines as they come, in batches: a write for each of a million lines would take longer than making them. */
export const writeLines = async (output: Output, lines: AsyncIterable<string>): Promise<void> => {
  let batch = '';
  for await (const line of lines) {
    batch += `${line}\n`;
    if (batch.length < BATCH) continue;
    await output.write(batch);
    batch = '';
  }
  if (batch !== '') await output.write(batch);
};

/** For the last word of a verb: a reader that went away changes nothing about what was done, nor the exit code. */
export const writeLast = async (output: Output, text: string): Promise<void> => {
  try {
    await output.write(text);
  } catch (problem) {
    if (!(problem instanceof PipeClosed)) throw problem;
  }
};
