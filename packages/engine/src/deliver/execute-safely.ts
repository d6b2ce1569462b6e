import type { Outcome, Receipt } from '@learnamp/directory-sync-domain';
import type { DispatchedCommand, LearnAmpPort, PortOptions } from '@learnamp/directory-sync-learn-amp';
import type { Logger } from '../directory-sync.js';

type Sent = ReadonlyArray<DispatchedCommand>;

/** Of one subject: the outcome of each command, in order; `undefined` for those that were not tried. */
export type Outcomes = ReadonlyArray<Outcome | undefined>;

const unknown: Outcome = { _tag: 'Unknown' };

/** What was answered, by command; one that should have been and is not may have been applied. */
const outcomesOf = (sent: Sent, receipts: ReadonlyArray<Receipt>): Outcomes => {
  const answers = new Map(receipts.map(({ commandId, outcome }) => [commandId, outcome]));
  let goesOn = true;
  return sent.map(({ commandId }) => {
    const outcome = answers.get(commandId) ?? (goesOn ? unknown : undefined);
    goesOn = outcome?._tag === 'Succeeded';
    return outcome;
  });
};

/**
 * Calls the port so that whatever becomes of one subject stays with it. A port that throws or rejects, which it should not, may have
 * done all or nothing of what it was given: that subject's commands are unknown. Many subjects in one call that rejects are
 * asked for one by one, so that one of them keeps nobody else.
 */
export const executeSafely = async (
  port: Pick<LearnAmpPort, 'execute' | 'executeAll'>,
  subjects: ReadonlyArray<Sent>,
  { signal, logger }: PortOptions & { readonly logger: Logger },
): Promise<ReadonlyArray<Outcomes>> => {
  const note = (cause: unknown): void => {
    // Its text may name people: its kind alone is told.
    const kind = cause instanceof Error ? cause.name : typeof cause;
    logger.warn({ kind }, 'The implementation of Learn Amp rejected a call; what it may have done is looked up.');
  };
  const alone = async (sent: Sent): Promise<Outcomes> => {
    try {
      return outcomesOf(sent, await port.execute(sent, { signal }));
    } catch (cause) {
      note(cause);
      return outcomesOf(sent, []);
    }
  };
  const [first] = subjects;
  if (port.executeAll === undefined) return Promise.all(subjects.map(alone));
  if (subjects.length === 1 && first !== undefined) return [await alone(first)];
  try {
    const answered = await port.executeAll(subjects, { signal });
    return subjects.map((sent, at) => outcomesOf(sent, answered[at] ?? []));
  } catch (cause) {
    note(cause);
    const outcomes: Outcomes[] = [];
    for (const sent of subjects) {
      // The call before may have reached Learn Amp: each looks before it writes.
      outcomes.push(await alone(sent.map((command) => ({ ...command, unknown: true }))));
      if (signal?.aborted === true) break;
    }
    return outcomes;
  }
};
