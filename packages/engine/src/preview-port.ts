import type { Command, CommandOf, Outcome, Receipt } from '@learnamp/directory-sync-domain';
import type { AccountLookup, LearnAmpPort, PortOptions } from '@learnamp/directory-sync-learn-amp';
import * as E from 'fp-ts/lib/Either.js';
import { pretendedOutcome } from './audit/pretended-outcome.js';

/** What a creation would be answered: the account that is there already, by external id or by address, or a new one. */
const lookUp = async (
  real: LearnAmpPort,
  command: CommandOf<'CreateUser'>,
  options?: PortOptions,
): Promise<Outcome> => {
  const { externalId, identity } = command;
  const lookups: ReadonlyArray<AccountLookup> = [
    ...(externalId === null ? [] : [{ by: 'externalId' as const, externalId }]),
    { by: 'email', email: identity.email },
  ];
  for (const lookup of lookups) {
    const found = await real.findAccount(lookup, options)();
    if (E.isLeft(found)) return { _tag: 'Failed', failure: found.left };
    if (found.right !== undefined) return { _tag: 'Exists', account: found.right };
  }
  return pretendedOutcome(command);
};

export type PreviewPortOptions = {
  readonly note: (command: Command) => void;
  /** Whether creations are looked up first. Not needed where all accounts are read anyway: who exists is known then. */
  readonly looksUp: boolean;
};

/** Learn Amp for a preview: reads are real, and every command is noted and answered without being sent. */
export const makePreviewPort = (real: LearnAmpPort, { note, looksUp }: PreviewPortOptions): LearnAmpPort => ({
  accounts: real.accounts,
  teams: real.teams,
  findAccount: real.findAccount,
  avatars: real.avatars,
  readAvatar: real.readAvatar,
  execute: async (commands, options) => {
    const receipts: Receipt[] = [];
    for (const { command, commandId } of commands) {
      note(command);
      const outcome =
        looksUp && command.kind === 'CreateUser' ? await lookUp(real, command, options) : pretendedOutcome(command);
      receipts.push({ commandId, outcome });
      if (outcome._tag !== 'Succeeded') break;
    }
    return receipts;
  },
  requestCount: real.requestCount,
  close: () => Promise.resolve(),
});
