import type { Command, CommandOf, LearnAmpUserId, Outcome, TeamId } from '@learnamp/directory-sync-domain';

const created = ({ identity, profile, userId }: CommandOf<'CreateUser'>): Outcome => ({
  _tag: 'Succeeded',
  result: 'created',
  account: {
    learnAmpUserId: `preview:${userId}` as LearnAmpUserId,
    ...identity,
    ...profile,
    status: 'not_invited',
    primaryTeam: null,
    managerLearnAmpUserId: null,
  },
});

/** What Learn Amp would answer to a command that nobody sends, if all went well. */
export const pretendedOutcome = (command: Command): Outcome => {
  if (command.kind === 'EnsureTeam')
    return { _tag: 'Succeeded', result: 'created', teamId: `preview:${command.teamKey}` as TeamId };
  return command.kind === 'CreateUser' ? created(command) : { _tag: 'Succeeded', result: 'updated' };
};
