import type { DirectorySync, ObjectId, ReplayQuery, ReplayStep } from '@learnamp/directory-sync';
import type { InvocationOf } from '../command-line/invocation.js';
import { writeLines } from '../command-line/output.js';
import { makeReplayCounts, replayedLines, replaySummaryText } from '../reports/replay-text.js';
import { history } from './history.js';
import { resolveUsers } from './resolve-users.js';
import { usersAt } from './users-at.js';
import type { ExitCode, VerbContext } from './verb-context.js';
import { whatIf } from './what-if.js';

type Invocation = InvocationOf<'replay'>;

const document = ({ _tag, ...step }: ReplayStep): string => JSON.stringify(_tag === 'Event' ? step : { summary: step });

async function* documents(steps: AsyncIterable<ReplayStep>): AsyncGenerator<string> {
  for await (const step of steps) yield document(step);
}

/** For people who asked for a part: each event, with what followed from it. */
async function* told(steps: AsyncIterable<ReplayStep>, width: number | undefined): AsyncGenerator<string> {
  for await (const step of steps)
    if (step._tag === 'Event') yield replayedLines(step, width);
    else yield* replaySummaryText(step);
}

/** For people who asked for the whole: counts, and where the replay ends. */
async function* summed(steps: AsyncIterable<ReplayStep>): AsyncGenerator<string> {
  const counts = makeReplayCounts();
  for await (const step of steps)
    if (step._tag === 'Event') counts.take(step);
    else {
      yield* counts.tables();
      yield* replaySummaryText(step);
    }
}

const whom = (connection: DirectorySync, { users, to }: Invocation): Promise<ReadonlyArray<ObjectId>> =>
  to === undefined ? resolveUsers(connection, users) : usersAt(connection, to, users);

/** `replay`: what happened and what followed from it; with `--history` in totals, with `--with-preferences` what would follow. */
export const replay = async (invocation: Invocation, context: VerbContext): Promise<ExitCode> => {
  const { from, to, users, withPreferences } = invocation;
  if (withPreferences !== undefined) return whatIf({ ...invocation, withPreferences }, context);
  if (invocation.history) return history(invocation, context);
  const { connection, terminal } = context;
  const userIds = users.length === 0 ? undefined : await whom(connection, invocation);
  const query: ReplayQuery = { from, to, userIds };
  const steps = connection.replay(query);
  const isPart = from !== undefined || to !== undefined || userIds !== undefined;
  const words = isPart ? told(steps, terminal.out.columns) : summed(steps);
  await writeLines(terminal.out, invocation.json ? documents(steps) : words);
  return 0;
};
