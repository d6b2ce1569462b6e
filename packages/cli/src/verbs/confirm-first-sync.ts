import type { SyncOptions } from '@learnamp/directory-sync';
import type { Terminal } from '../command-line/terminal.js';
import { commandKinds, toDoInWords } from '../reports/command-words.js';
import type { Style } from '../reports/style.js';

type Confirm = NonNullable<SyncOptions['confirmFirstSync']>;

/** Shows what the first sync would do, in counts, and asks. Anything but a yes is a no: nothing is sent then. */
export const confirmFirstSync =
  (terminal: Terminal, style: Style, signal: AbortSignal): Confirm =>
  async (counts) => {
    const lines = commandKinds.flatMap((kind) => {
      const count = counts[kind] ?? 0;
      return count === 0 ? [] : [`  ${toDoInWords(kind, count)}`];
    });
    await terminal.err.write(
      [
        style.strong('This is the first sync of this connection. It would send to Learn Amp:'),
        ...(lines.length === 0 ? ['  nothing'] : lines),
        // Planned once the accounts have ids: these cannot be counted yet.
        ...((counts.CreateUser ?? 0) > 0 ? ['and then the primary teams and managers of the new accounts.'] : []),
        '',
      ].join('\n'),
    );
    const answer = await terminal.ask('Go on? [y/N] ', signal);
    return answer !== undefined && /^\s*y(es)?\s*$/i.test(answer);
  };
