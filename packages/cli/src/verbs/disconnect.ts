import type { Disconnected } from '@learnamp/directory-sync';
import type { InvocationOf } from '../command-line/invocation.js';
import { writeLast } from '../command-line/output.js';
import { counted, printable } from '../reports/printable.js';
import type { ExitCode, VerbContext } from './verb-context.js';

const ofSubscriptions = ({ removed, left }: Disconnected['subscriptions']): ReadonlyArray<string> => [
  ...(removed === 0 ? [] : [`${counted(removed, 'subscription', 'subscriptions')} at Microsoft Graph taken away.`]),
  ...(left === 0
    ? []
    : [
        `${counted(left, 'subscription', 'subscriptions')} could not be taken away: they end by themselves within days, and nobody listens.`,
      ]),
];

/** `disconnect`: recorded with who and why. Nobody is deactivated by it, and no later sync goes on. */
export const disconnect = async (invocation: InvocationOf<'disconnect'>, context: VerbContext): Promise<ExitCode> => {
  const { connection, connectionId, terminal, redact } = context;
  const ended = await connection.disconnect({ actor: invocation.by ?? terminal.actor, reason: invocation.reason });
  const text = invocation.json
    ? JSON.stringify(ended)
    : [
        `${printable(connectionId)} is disconnected: nothing more is read or sent, and everybody keeps the account they have.`,
        ...ofSubscriptions(ended.subscriptions),
        '"directory-sync resume" connects it again, with the same links.',
      ].join('\n');
  await writeLast(terminal.out, redact(`${text}\n`));
  return 0;
};
