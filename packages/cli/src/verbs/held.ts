import type { InvocationOf } from '../command-line/invocation.js';
import { writeLast } from '../command-line/output.js';
import { decidedText, heldText } from '../reports/held-text.js';
import { shownAtMost } from '../reports/shown-at-most.js';
import { deliverFreed, printFreed } from './deliver-freed.js';
import { resolveUsers } from './resolve-users.js';
import type { ExitCode, VerbContext } from './verb-context.js';

type Invocation = InvocationOf<'held'>;
type List = Extract<Invocation, { readonly action: 'list' }>;
type Decision = Extract<Invocation, { readonly action: 'approve' | 'reject' }>;

const list = async (invocation: List, { connection, terminal, redact }: VerbContext): Promise<ExitCode> => {
  const by = { actor: invocation.by ?? terminal.actor };
  const held = await connection.held({ by, ...shownAtMost(invocation) });
  const text = invocation.json ? JSON.stringify(held) : heldText(held);
  await writeLast(terminal.out, redact(`${text}\n`));
  return held.people.length > 0 || held.scopeFrozen !== null ? 3 : 0;
};

const stillHeld = async ({ connection }: VerbContext): Promise<ExitCode> =>
  (await connection.status()).people.held > 0 ? 3 : 0;

const decide = async (invocation: Decision, context: VerbContext): Promise<ExitCode> => {
  const { action, by, reason, json, verbose } = invocation;
  const { connection } = context;
  const named = await resolveUsers(connection, invocation.users);
  const request = { ...(named.length === 0 ? {} : { userIds: named }), by, reason };
  const decided = action === 'approve' ? await connection.approveHeld(request) : await connection.rejectHeld(request);
  const told = { json, verbose, document: decided, text: decidedText(action, decided) };
  const report = action === 'approve' && decided.decided.length > 0 ? await deliverFreed(context) : undefined;
  const code = await printFreed(context, told, report);
  return report === undefined ? stillHeld(context) : code;
};

/** `held`, `held approve`, `held reject`: exit code 3 while something is held. */
export const held = (invocation: Invocation, context: VerbContext): Promise<ExitCode> =>
  invocation.action === 'list' ? list(invocation, context) : decide(invocation, context);
