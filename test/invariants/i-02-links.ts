import { itemsOf, textAt } from './event-data.js';
import { type Invariant, wrongIf } from './invariant.js';

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** One directory person is linked to at most one Learn Amp user and the reverse; a linked person is matched no more. */
export const links: Invariant = {
  id: 'I-02',
  says: 'one person has one account, one account one person, and the link is never made twice',
  watch: () => {
    const owners = new Map<string, string>();
    return {
      onEvent: (event, before) => {
        if (event.type === 'PersonErased')
          for (const [account, userId] of owners) if (userId === textAt(event, 'userId')) owners.delete(account);
        const again = itemsOf(event).flatMap(({ kind, subject }) =>
          wrongIf(
            (kind === 'CreateUser' || kind === 'LinkUser') && before.personOf(subject).account !== undefined,
            `${kind} for ${subject}, who is linked already`,
          ),
        );
        if (event.type !== 'UserLinked') return again;
        const [userId, account] = [textAt(event, 'userId'), textAt(event, 'learnAmpUserId')];
        const [owner, own] = [owners.get(account), before.personOf(userId).account];
        owners.set(account, userId);
        return [
          ...again,
          ...wrongIf(
            owner !== undefined && owner !== userId,
            `account ${account} is linked to ${userId} and to ${owner ?? ''}`,
          ),
          ...wrongIf(
            own !== undefined && own !== account,
            `${userId} is linked to account ${account} and to ${own ?? ''}`,
          ),
        ];
      },
      onLook: ({ accounts }) => {
        const ids = accounts.flatMap(({ integrationExternalId: id }) =>
          id !== null && guid.test(id) ? [id.toLowerCase()] : [],
        );
        return ids.flatMap((id, index) =>
          wrongIf(ids.indexOf(id) < index, `two accounts carry the object id ${id}`, 'accounts of Learn Amp'),
        );
      },
    };
  },
};
