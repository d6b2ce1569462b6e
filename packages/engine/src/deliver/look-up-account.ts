import type { LearnAmpAccount } from '@learnamp/directory-sync-domain';
import type { AccountLookup } from '@learnamp/directory-sync-learn-amp';
import * as E from 'fp-ts/lib/Either.js';
import type { CycleContext } from '../observe/cycle-context.js';
import { noteMissed } from './answers.js';

/** `account` is `undefined` where the account is not there. Without an answer nothing is known, and nothing is concluded. */
export type Looked =
  { readonly _tag: 'Shown'; readonly account: LearnAmpAccount | undefined } | { readonly _tag: 'NoAnswer' };

/**
 * One person's account as Learn Amp shows it now. A failure over this person alone (a server error, an answer that cannot be
 * read) leaves them unknown for this cycle and keeps nobody else waiting; what concerns the whole run ends it.
 */
export const lookUpAccount = async (
  { learnAmp, signal, answers }: Pick<CycleContext, 'learnAmp' | 'signal' | 'answers'>,
  subject: string,
  lookup: AccountLookup,
): Promise<Looked> => {
  const found = await learnAmp.findAccount(lookup, { signal })();
  if (E.isLeft(found)) {
    noteMissed(answers, subject, found.left);
    return { _tag: 'NoAnswer' };
  }
  answers.heard();
  return { _tag: 'Shown', account: found.right };
};
