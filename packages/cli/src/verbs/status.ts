import type { InvocationOf } from '../command-line/invocation.js';
import type { Terminal } from '../command-line/terminal.js';
import { statusDocument } from '../reports/status-document.js';
import { statusText } from '../reports/status-text.js';
import type { Style } from '../reports/style.js';
import { type ConnectionSource, openStatusReader, orReject } from './read-statuses.js';
import type { ExitCode } from './verb-context.js';

export type StatusContext = {
  readonly sources: ReadonlyArray<ConnectionSource>;
  readonly terminal: Terminal;
  readonly style: Style;
  readonly redact: (text: string) => string;
};

/** `status`: every connection at a glance. Exit 1 where one of them cannot be read. */
export const status = async (invocation: InvocationOf<'status'>, context: StatusContext): Promise<ExitCode> => {
  const { terminal, style, redact, sources } = context;
  const reader = openStatusReader(sources);
  try {
    if (invocation.watch) {
      const { watchStatus } = await import('./watch-status.js');
      return await watchStatus(invocation, context, reader);
    }
    const readings = orReject(await reader.read());
    const text = invocation.json
      ? `${statusDocument(readings)}\n`
      : statusText(readings, style, terminal.now()).replace(/\n{2,}$/, '\n');
    await terminal.out.write(redact(text));
    return readings.some(({ _tag }) => _tag === 'Failed') ? 1 : 0;
  } finally {
    await reader.close();
  }
};
