import type { InvocationOf } from '../command-line/invocation.js';
import { whyText } from '../reports/why-text.js';
import { resolveUser } from './resolve-users.js';
import type { ExitCode, VerbContext } from './verb-context.js';

/** `why`: one person explained. Whoever never appeared is an answer, too: exit code 0. */
export const why = async (invocation: InvocationOf<'why'>, context: VerbContext): Promise<ExitCode> => {
  const { connection, terminal, style } = context;
  const { live, user } = invocation;
  const by = { actor: invocation.by ?? terminal.actor };
  const signal = live ? terminal.stopSignal() : undefined;
  const userId = await resolveUser(connection, user, { path: 'user', live, signal });
  const explained = await connection.why(userId, { live, by, signal });
  await terminal.out.write(invocation.json ? `${JSON.stringify(explained)}\n` : whyText(explained, style));
  return 0;
};
