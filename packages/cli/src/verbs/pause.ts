import type { InvocationOf } from '../command-line/invocation.js';
import { writeLast } from '../command-line/output.js';
import { printable } from '../reports/printable.js';
import type { ExitCode, VerbContext } from './verb-context.js';

type Invocation = InvocationOf<'pause'> | InvocationOf<'resume'>;

const RESUME_REASON = 'resumed by hand';

const sentence = (paused: boolean, running: boolean, name: string): string => {
  if (paused)
    return running
      ? `${name} is paused: the running engine reads and sends nothing more until "directory-sync resume".`
      : `${name} is paused: nothing is read or sent until "directory-sync resume".`;
  return running
    ? `${name} goes on: the running engine syncs it at once.`
    : `${name} is not paused any more; no engine runs it: "directory-sync run" or "directory-sync sync" goes on.`;
};

/** `pause` and `resume`: recorded with who and why, and told as it stands afterwards. */
export const pauseOrResume = async (invocation: Invocation, context: VerbContext): Promise<ExitCode> => {
  const { connection, connectionId, terminal, redact } = context;
  const actor = invocation.by ?? terminal.actor;
  if (invocation.verb === 'pause') await connection.pause({ actor, reason: invocation.reason });
  else await connection.resume({ actor, reason: invocation.reason ?? RESUME_REASON });
  const { paused, live } = await connection.status();
  const text = invocation.json
    ? JSON.stringify({ connectionId, paused, running: live.running })
    : sentence(paused, live.running, printable(connectionId));
  await writeLast(terminal.out, redact(`${text}\n`));
  return 0;
};
