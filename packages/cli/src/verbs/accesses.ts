import type { AccessView } from '@learnamp/directory-sync';
import type { InvocationOf } from '../command-line/invocation.js';
import { writeLines } from '../command-line/output.js';
import { counted, printable } from '../reports/printable.js';
import { resolveUsers } from './resolve-users.js';
import type { ExitCode, VerbContext } from './verb-context.js';

const IDS = 3;

const whom = ({ userIds, count }: AccessView): string => {
  if (userIds.length === 0) return `everybody (${counted(count, 'person', 'people')})`;
  const more = userIds.length > IDS ? ` and ${userIds.length - IDS} more` : '';
  return `${userIds.slice(0, IDS).join(', ')}${more}`;
};

const line = (access: AccessView): string =>
  printable(`${access.recordedAt}  ${access.view.padEnd(6)}  ${access.actor}  ${whom(access)}`);

async function* lines(accesses: AsyncIterable<AccessView>, json: boolean): AsyncGenerator<string> {
  let count = 0;
  for await (const access of accesses) {
    count += 1;
    yield json ? JSON.stringify(access) : line(access);
  }
  if (!json) yield count === 0 ? 'Nobody was shown any data.' : `${counted(count, 'look', 'looks')}.`;
}

/** `accesses`: who was shown whose data. To list them is not recorded: it shows nobody's. */
export const accesses = async (invocation: InvocationOf<'accesses'>, context: VerbContext): Promise<ExitCode> => {
  const userIds = await resolveUsers(context.connection, invocation.users);
  const query = { userIds: userIds.length === 0 ? undefined : userIds, from: invocation.from };
  await writeLines(context.terminal.out, lines(context.connection.accesses(query), invocation.json));
  return 0;
};
