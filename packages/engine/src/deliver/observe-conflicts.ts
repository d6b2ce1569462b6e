import type { CycleContext } from '../observe/cycle-context.js';
import { findAccount, type AccountList } from './observe-learn-amp.js';

/**
 * The accounts that stand in somebody's way, whoever they are linked to: a person decides such a conflict at Learn Amp, by
 * giving the account another address or deleting it (FC-42), and the log knows of neither. Looked at in each full cycle,
 * and recorded where the address is not the one that was believed.
 */
export const observeConflicts = async (cycle: CycleContext, listed: AccountList): Promise<void> => {
  const { state } = cycle;
  const inTheWay = new Set(
    [...state.deliveredPeople()].flatMap(({ conflict }) => {
      const holder = conflict?.learnAmpUserId ? state.holderOfAccount(conflict.learnAmpUserId) : undefined;
      return holder ?? [];
    }),
  );
  for (const userId of inTheWay) {
    const { link, email, gone } = state.delivered(userId);
    if (link === undefined || gone) continue;
    // Not on the list is not yet deleted: a list may leave the deactivated out.
    const account =
      listed.find({ userId, link, email: undefined }) ??
      (await findAccount(cycle, { by: 'id', learnAmpUserId: link })) ??
      null;
    if (account?.email.toLowerCase() === email?.toLowerCase()) continue;
    await cycle.recorder.record(() => [{ type: 'LearnAmpUserObserved', data: { userId, account } }]);
  }
};
