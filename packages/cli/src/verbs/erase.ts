import type { InvocationOf } from '../command-line/invocation.js';
import { writeLast } from '../command-line/output.js';
import { resolveUser } from './resolve-users.js';
import { type ExitCode, type VerbContext, WrongUse } from './verb-context.js';

const sentences = {
  erased: (userId: string) => `${userId} is erased: nobody can read their data in this log any more.`,
  'already-erased': (userId: string) => `${userId} was erased before; nothing was recorded.`,
};

/** `erase`: recorded with who and why. Names the person by object id only, since nothing else is left. */
export const erase = async (invocation: InvocationOf<'erase'>, context: VerbContext): Promise<ExitCode> => {
  const { connection, terminal, redact } = context;
  const userId = await resolveUser(connection, invocation.user, { path: 'user' });
  const by = { actor: invocation.by ?? terminal.actor, reason: invocation.reason };
  const erasure = await connection.erase(userId, by);
  if (erasure.outcome === 'nothing-known')
    throw new WrongUse('user', `Nobody with the object id ${userId} was ever in the group; nothing was erased.`);
  const text = invocation.json ? JSON.stringify(erasure) : sentences[erasure.outcome](userId);
  await writeLast(terminal.out, redact(`${text}\n`));
  return 0;
};
