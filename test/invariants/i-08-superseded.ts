import { itemsOf } from './event-data.js';
import { type Invariant, wrongIf } from './invariant.js';

const forPeopleInScope = new Set(['CreateUser', 'LinkUser', 'ReactivateUser', 'SendInvitation']);

export const superseded: Invariant = {
  id: 'I-08',
  says: 'a command that newer facts contradict is not dispatched',
  watch: () => ({
    onEvent: (event, before) =>
      itemsOf(event).flatMap(({ kind, subject }) => {
        const { inScope, blocked } = before.personOf(subject);
        const mayBeBlocked = blocked && before.preferences()['deactivateBlockedAccounts'] === true;
        return [
          ...wrongIf(
            kind === 'DeactivateUser' && inScope && !mayBeBlocked,
            `${subject} is to be deactivated while in the group`,
          ),
          ...wrongIf(forPeopleInScope.has(kind) && !inScope, `${kind} for ${subject}, who is not in the group`),
        ];
      }),
  }),
};
