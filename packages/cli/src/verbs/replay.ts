import type { ReplayStep } from '@learnamp/directory-sync';
import type { InvocationOf } from '../command-line/invocation.js';
import { writeLines } from '../command-line/output.js';
import { counted } from '../reports/printable.js';
import { table } from '../reports/table.js';
import type { ExitCode, VerbContext } from './verb-context.js';

const document = (step: ReplayStep): string => {
  if (step._tag === 'Event') {
    const { revision, recordedAt, type, subjects } = step;
    return JSON.stringify({ revision, recordedAt, type, subjects });
  }
  const { events, head, people, stateDigest } = step;
  return JSON.stringify({ summary: { events, head, people, stateDigest } });
};

async function* documents(steps: AsyncIterable<ReplayStep>): AsyncGenerator<string> {
  for await (const step of steps) yield document(step);
}

/** For people: the events counted by type, and where the replay ends. */
async function* summary(steps: AsyncIterable<ReplayStep>): AsyncGenerator<string> {
  const counts = new Map<string, number>();
  for await (const step of steps) {
    if (step._tag === 'Event') {
      counts.set(step.type, (counts.get(step.type) ?? 0) + 1);
      continue;
    }
    const rows = [...counts].sort(([, one], [, other]) => other - one).map(([type, count]) => [type, String(count)]);
    if (rows.length > 0) yield `${table(['event', 'count'], rows)}\n`;
    const end = step.head === null ? '' : ` up to revision ${step.head.revision} (hash ${step.head.hash.slice(0, 12)})`;
    yield `Replayed ${counted(step.events, 'event', 'events')}${end}: ${counted(step.people, 'person', 'people')}.`;
    yield `The state has the digest ${step.stateDigest}. Nothing was sent or written.`;
  }
}

/** `replay`: folds the log again, from its first event. */
export const replay = async (invocation: InvocationOf<'replay'>, context: VerbContext): Promise<ExitCode> => {
  const steps = context.connection.replay();
  await writeLines(context.terminal.out, invocation.json ? documents(steps) : summary(steps));
  return 0;
};
