import type { EventView } from '@learnamp/directory-sync';
import { dataOf, itemsOf, metaOf, textAt } from './event-data.js';
import { type Invariant, wrongIf, type Wrong } from './invariant.js';
import type { Ledger } from './ledger.js';
import type { World } from './world.js';

const ofLeave = (event: EventView, before: Ledger): ReadonlyArray<Wrong> => {
  if (event.type !== 'UserLeftGroup') return [];
  const userId = textAt(event, 'userId');
  const reason = textAt(event, 'reason');
  return [
    ...wrongIf(
      reason === 'removed' && before.isReachable(userId),
      `${userId} is said to have left, and the recorded edges still lead there`,
    ),
    ...wrongIf(
      reason === 'deleted' && !before.personOf(userId).deleted,
      `${userId} is said to have left as deleted, and no answer said so`,
    ),
  ];
};

const ofDeactivation = (event: EventView, before: Ledger): ReadonlyArray<Wrong> =>
  itemsOf(event).flatMap(({ kind, subject }) => {
    const { confirmed, blocked, inScope } = before.personOf(subject);
    const asBlocked = blocked && inScope && before.preferences()['deactivateBlockedAccounts'] === true;
    return wrongIf(
      kind === 'DeactivateUser' && !confirmed && !asBlocked,
      `${subject} is to be deactivated though no second read confirmed that they left`,
    );
  });

type Asked = { readonly path: string; readonly status: number };

const asked = ({ requests }: World): ReadonlyArray<Asked> =>
  requests.flatMap(({ path, status, items }) => [{ path, status }, ...items]);

/**
 * Absence is never inferred from a failed, partial, empty-by-error or permission-limited read: it counts after a round
 * that reached its `deltaLink`, or when an answer says so.
 */
export const absence: Invariant = {
  id: 'I-01',
  says: 'absence is never inferred from a read that did not reach its end',
  watch: () => {
    let absent: EventView[] = [];
    const confirmed: EventView[] = [];
    const agreed = new Set<string>();
    let complete = true;

    /** Who is missing from a round is recorded with the end of that round, in one append. */
    const ofRound = (event: EventView): ReadonlyArray<Wrong> => {
      if (event.type === 'GroupMemberRemoved') {
        if (metaOf(event).graphRequestId === undefined) absent.push(event);
        return [];
      }
      if (absent.length === 0 || event.type.startsWith('Group')) return [];
      const [groups, reached] = [
        dataOf(event)['groupIds'] as ReadonlyArray<string> | undefined,
        textAt(event, 'reached'),
      ];
      const complete = event.type === 'DeltaCursorMoved' && reached === 'deltaLink';
      const wrong = absent.flatMap((removed) =>
        wrongIf(
          !complete || groups?.includes(textAt(removed, 'groupId')) !== true,
          `a member is counted absent from ${textAt(removed, 'groupId')} without the end of a round over it`,
          `revision ${removed.revision}`,
        ),
      );
      absent = [];
      return wrong;
    };

    return {
      onEvent: (event, before) => {
        if (event.type === 'LeaveConfirmed') confirmed.push(event);
        return [...ofLeave(event, before), ...ofDeactivation(event, before), ...ofRound(event)];
      },
      onLook: (seen) => {
        complete &&= seen.requestsLost !== true;
        for (const { path, status } of asked(seen)) {
          const check = /\/users\/([0-9a-f-]{36})\/checkMemberGroups$/i.exec(path)?.[1];
          const gone = /\/users\/([0-9a-f-]{36})(\/checkMemberGroups)?$/i.exec(path)?.[1];
          if (check !== undefined && status === 200) agreed.add(`checkMemberGroups ${check}`);
          if (gone !== undefined && status === 404) agreed.add(`not-found ${gone}`);
        }
        return confirmed.splice(0).flatMap((event) => {
          const [by, userId] = [textAt(event, 'by'), textAt(event, 'userId')];
          return wrongIf(
            complete && !agreed.has(`${by} ${userId}`),
            `the leave of ${userId} is confirmed by ${by}, and no such answer was given`,
            `revision ${event.revision}`,
          );
        });
      },
    };
  },
};
