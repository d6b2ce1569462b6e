import type { InvocationOf } from '../command-line/invocation.js';
import { writeLast } from '../command-line/output.js';
import { parkedText } from '../reports/parked-text.js';
import { shownAtMost } from '../reports/shown-at-most.js';
import type { ExitCode, VerbContext } from './verb-context.js';

/** `parked`: exit code 4 while there is anybody. */
export const parked = async (invocation: InvocationOf<'parked'>, context: VerbContext): Promise<ExitCode> => {
  const { connection, terminal, redact } = context;
  const by = { actor: invocation.by ?? terminal.actor };
  const found = await connection.parked({ by, ...shownAtMost(invocation) });
  const text = invocation.json ? JSON.stringify(found) : parkedText(found);
  await writeLast(terminal.out, redact(`${text}\n`));
  return found.people.length > 0 ? 4 : 0;
};
