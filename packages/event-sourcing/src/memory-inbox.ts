import { checkMarks, coalesceMarks, inboxSequence, joinMarks } from './inbox-marks.js';
import type { CoalescedMark } from './inbox-marks.js';
import type { NotificationInbox } from './notification-inbox.js';

type KeptMark = { readonly sequence: bigint; readonly mark: CoalescedMark };

/** More marks than these are joined, the older half of them into one: a flood takes no memory. */
const MARKS_KEPT = 1_000;

/** Counts as the newest of those it is made of, so nothing is cleared too early. */
const joinOlder = (kept: ReadonlyArray<KeptMark>): ReadonlyArray<KeptMark> => {
  if (kept.length <= MARKS_KEPT) return kept;
  const older = kept.slice(0, MARKS_KEPT / 2);
  const joined = older.reduce(({ mark }, next) => ({ sequence: next.sequence, mark: joinMarks(mark, next.mark) }));
  return [joined, ...kept.slice(MARKS_KEPT / 2)];
};

/** An inbox in memory, for tests and demonstrations: its marks are lost with the process. */
export const makeMemoryInbox = (): NotificationInbox => {
  const tenants = new Map<string, ReadonlyArray<KeptMark>>();
  let sequence = 0n;
  let closed = false;

  const whileOpen = <T>(body: () => T): Promise<T> =>
    new Promise((resolve) => {
      if (closed) throw new Error('The inbox is closed.');
      resolve(body());
    });

  return {
    mark: (marks) =>
      whileOpen(() => {
        checkMarks(marks);
        for (const mark of coalesceMarks(marks)) {
          sequence += 1n;
          tenants.set(mark.tenantId, joinOlder([...(tenants.get(mark.tenantId) ?? []), { sequence, mark }]));
        }
      }),
    pending: (tenantId) =>
      whileOpen(() => {
        const [first, ...rest] = tenants.get(tenantId) ?? [];
        if (first === undefined) return undefined;
        const all = rest.reduce((sum, { mark }) => joinMarks(sum, mark), first.mark);
        const newest = rest.at(-1) ?? first;
        return { count: all.count, first: all.first, last: all.last, sequence: newest.sequence.toString() };
      }),
    clear: (tenantId, upToSequence) =>
      whileOpen(() => {
        const upTo = inboxSequence(upToSequence);
        const later = (tenants.get(tenantId) ?? []).filter((kept) => kept.sequence > upTo);
        if (later.length === 0) tenants.delete(tenantId);
        else tenants.set(tenantId, later);
      }),
    close: () => {
      closed = true;
      return Promise.resolve();
    },
  };
};
