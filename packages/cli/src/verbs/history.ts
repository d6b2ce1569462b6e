import type { HistoryStep } from '@learnamp/directory-sync';
import type { InvocationOf } from '../command-line/invocation.js';
import { writeLines } from '../command-line/output.js';
import { dayTable, historyEndText } from '../reports/history-text.js';
import type { ExitCode, VerbContext } from './verb-context.js';

async function* documents(steps: AsyncIterable<HistoryStep>): AsyncGenerator<string> {
  for await (const { _tag, ...step } of steps) yield JSON.stringify(_tag === 'Day' ? step : { total: step });
}

async function* words(steps: AsyncIterable<HistoryStep>): AsyncGenerator<string> {
  const days = [];
  for await (const step of steps)
    if (step._tag === 'Day') days.push(step);
    else {
      if (days.length > 0) yield `${dayTable(days)}\n`;
      yield* historyEndText(step);
    }
}

/** `replay --history`: the closed loop from the beginning, in totals. */
export const history = async (invocation: InvocationOf<'replay'>, context: VerbContext): Promise<ExitCode> => {
  const steps = context.connection.history({ to: invocation.to });
  await writeLines(context.terminal.out, invocation.json ? documents(steps) : words(steps));
  return 0;
};
