import type { CommandKind, ObjectId } from '@learnamp/directory-sync-domain';
import type { PlanningContext } from '../observe/cycle-context.js';
import { graphTimeOf } from '../observe/cycle-context.js';
import type { Answers } from './answers.js';
import { groupsOf } from './groups.js';

/** Items of one `CommandsUnanswered`. */
const ITEMS = 100;

type Item = { readonly subject: string; readonly kind: CommandKind };

/**
 * Records who got no answer although others did. Throws where nothing was heard at all: then it is Learn Amp, and nobody's own.
 */
export const recordUnanswered = async (cycle: PlanningContext, answers: Answers): Promise<void> => {
  const silence = answers.silence();
  if (silence !== undefined) throw silence;
  const { state } = cycle;
  await cycle.recorder.record(() => {
    const items = [...answers.missing()].flatMap((subject): ReadonlyArray<Item> => {
      const kinds = Object.keys(state.delivered(subject as ObjectId).unknown) as ReadonlyArray<CommandKind>;
      // A team has no account: what is missing is the team itself.
      return answers.isTeam(subject) ? [{ subject, kind: 'EnsureTeam' }] : kinds.map((kind) => ({ subject, kind }));
    });
    return groupsOf(items, ITEMS, () => 1).map((part) => ({
      type: 'CommandsUnanswered' as const,
      data: { graphTime: graphTimeOf(cycle), items: part },
    }));
  });
};
