import type { Command, Outcome } from '@learnamp/directory-sync-domain';
import type { Telemetry } from '../telemetry/telemetry.js';
import type { Outcomes } from './execute-safely.js';

type Sent = ReadonlyArray<{ readonly command: Pick<Command, 'kind'> }>;

/** Codes of refusals alone: what Learn Amp says may name people. */
const failureOf = (outcome: Outcome | undefined): string | undefined => {
  if (outcome?._tag === 'Rejected') return outcome.code;
  return outcome?._tag === 'Failed' ? outcome.failure._tag : undefined;
};

/** Tells of each command that one call carries: which kind, how long the call took, and what became of the command. */
export const toldOf = async (
  telemetry: Telemetry,
  calls: ReadonlyArray<Sent>,
  call: () => Promise<ReadonlyArray<Outcomes>>,
): Promise<ReadonlyArray<Outcomes>> => {
  const together = calls.reduce((sum, { length }) => sum + length, 0);
  const spans = calls.map((sent) =>
    sent.map(({ command }) => telemetry.startSpan('command', { command: command.kind, together })),
  );
  let answered: ReadonlyArray<Outcomes> = [];
  try {
    answered = await call();
    return answered;
  } finally {
    for (const [at, sent] of calls.entries())
      for (const [nth, { command }] of sent.entries()) {
        const given = answered[at]?.[nth];
        const outcome = given?._tag ?? 'NotTried';
        const span = spans[at]?.[nth];
        const failure = failureOf(given);
        span?.set({ outcome });
        if (failure !== undefined) span?.fail(failure);
        span?.end();
        telemetry.count('commands', 1, { command: command.kind, outcome });
      }
  }
};
