import type { Command, LearnAmpAccount, LearnAmpUserId, Outcome, TeamId } from '@learnamp/directory-sync-domain';
import type { DispatchedCommand, LearnAmpPort } from '@learnamp/directory-sync-learn-amp';

const answer = ({ command }: DispatchedCommand): Outcome => {
  if (command.kind === 'EnsureTeam')
    return { _tag: 'Succeeded', result: 'created', teamId: `preview:${command.teamKey}` as TeamId };
  if (command.kind !== 'CreateUser') return { _tag: 'Succeeded', result: 'updated' };
  const { identity, profile, userId } = command;
  const account: LearnAmpAccount = {
    learnAmpUserId: `preview:${userId}` as LearnAmpUserId,
    ...identity,
    ...profile,
    status: 'not_invited',
    primaryTeam: null,
    managerLearnAmpUserId: null,
  };
  return { _tag: 'Succeeded', result: 'created', account };
};

/** Learn Amp for a preview: reads are real, and every command is noted and "succeeds" without being sent. */
export const makePreviewPort = (real: LearnAmpPort, note: (command: Command) => void): LearnAmpPort => ({
  accounts: real.accounts,
  teams: real.teams,
  findAccount: real.findAccount,
  execute: (commands) => {
    for (const { command } of commands) note(command);
    return Promise.resolve(commands.map((sent) => ({ commandId: sent.commandId, outcome: answer(sent) })));
  },
  requestCount: real.requestCount,
  close: () => Promise.resolve(),
});
