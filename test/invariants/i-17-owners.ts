import { itemsOf } from './event-data.js';
import { type Invariant, wrongIf } from './invariant.js';

const isPowerful = (role: string | undefined): boolean => role === 'owner' || role === 'admin';

export const owners: Invariant = {
  id: 'I-17',
  says: 'owners and admins of Learn Amp are deactivated by name only, the last owner never',
  watch: () => ({
    // What the log knew: somebody may have become an owner since.
    onEvent: (event, before) =>
      itemsOf(event).flatMap(({ kind, subject }) => {
        const { role, approved } = before.personOf(subject);
        return wrongIf(
          kind === 'DeactivateUser' && isPowerful(role) && !approved,
          `${subject}, ${role ?? ''} of Learn Amp, is to be deactivated without an approval`,
        );
      }),
    onLook: ({ deactivations, accounts }, ledger) =>
      deactivations.flatMap(({ accountId }) => {
        const role = accounts.find(({ id }) => id === accountId)?.role;
        const person = [...ledger.people.values()].find(({ account }) => account === String(accountId));
        return wrongIf(
          isPowerful(role) && isPowerful(person?.role) && person?.everApproved === false,
          `account ${accountId} is ${role ?? ''} and was deactivated`,
          'deactivations of Learn Amp',
        );
      }),
  }),
};
