import type { Readable, Writable } from 'node:stream';
import type { Terminal } from './terminal.js';

/**
 * Asks for one line. While a line is edited the terminal hands Ctrl+C to whoever reads it, so `interrupt` passes it on as the
 * signal it stands for.
 */
export const askOn =
  (input: Readable, output: Writable, interrupt: () => void): Terminal['ask'] =>
  async (question, signal) => {
    const { createInterface } = await import('node:readline');
    if (signal.aborted) return undefined;
    const lines = createInterface({ input, output });
    return new Promise((resolve) => {
      const finish = (answer: string | undefined): void => {
        signal.removeEventListener('abort', none);
        lines.off('close', none);
        lines.close();
        resolve(answer);
      };
      const none = (): void => {
        output.write('\n');
        finish(undefined);
      };
      lines.on('close', none);
      lines.on('SIGINT', interrupt);
      signal.addEventListener('abort', none);
      lines.question(question, finish);
    });
  };
