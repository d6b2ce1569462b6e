import type { DiffStep } from '@learnamp/directory-sync';
import type { InvocationOf } from '../command-line/invocation.js';
import { writeLines } from '../command-line/output.js';
import { differenceText } from '../reports/diff-text.js';
import { usersAt } from './users-at.js';
import type { ExitCode, VerbContext } from './verb-context.js';

const names = { Connection: 'connection', Person: 'person', Edge: 'edge', Summary: 'summary' } as const;

async function* documents(steps: AsyncIterable<DiffStep>): AsyncGenerator<string> {
  for await (const { _tag, ...step } of steps) yield JSON.stringify({ [names[_tag]]: step });
}

async function* words(steps: AsyncIterable<DiffStep>): AsyncGenerator<string> {
  for await (const step of steps) yield differenceText(step);
}

/** `diff`: what differs between two moments. A difference is no failure: exit 0 either way. */
export const diff = async (invocation: InvocationOf<'diff'>, context: VerbContext): Promise<ExitCode> => {
  const { connection, terminal } = context;
  const { from, to, users } = invocation;
  const userIds = users.length === 0 ? undefined : await usersAt(connection, to, users);
  const steps = connection.diff({ from, to, userIds });
  await writeLines(terminal.out, invocation.json ? documents(steps) : words(steps));
  return 0;
};
