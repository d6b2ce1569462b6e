import type { InvocationOf } from '../command-line/invocation.js';
import { retriedText } from '../reports/parked-text.js';
import { deliverFreed, printFreed } from './deliver-freed.js';
import { resolveUser } from './resolve-users.js';
import type { ExitCode, VerbContext } from './verb-context.js';

const REASON = 'asked for by hand';

/** `retry USER` and `retry --all`: recorded with who and why, and tried at once. */
export const retry = async (invocation: InvocationOf<'retry'>, context: VerbContext): Promise<ExitCode> => {
  const { connection, terminal } = context;
  const { user, json, verbose } = invocation;
  const userIds = user === undefined ? undefined : [await resolveUser(connection, user, { path: 'user' })];
  const by = invocation.by ?? terminal.actor;
  const retried = await connection.retry({
    ...(userIds === undefined ? {} : { userIds }),
    by,
    reason: invocation.reason ?? REASON,
  });
  const told = { json, verbose, document: retried, text: retriedText(retried) };
  const isAny = retried.userIds.length > 0 || retried.teams > 0;
  return printFreed(context, told, isAny ? await deliverFreed(context) : undefined);
};
