import type { InboxMark } from './notification-inbox.js';

/** What an inbox keeps of marks that became durable together: one row for a tenant and a resource. */
export type CoalescedMark = Omit<InboxMark, 'receivedAt'> & { readonly first: string; readonly last: string };

const isTime = (text: string): boolean => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text);

/** Refuses with a `RangeError` what no reader could make sense of later. */
export const checkMarks = (marks: ReadonlyArray<InboxMark>): void => {
  for (const { count, receivedAt } of marks) {
    if (!Number.isSafeInteger(count) || count < 1)
      throw new RangeError('The count of a mark is a whole number above 0.');
    if (!isTime(receivedAt)) throw new RangeError('The receivedAt of a mark is a time as toISOString gives it.');
  }
};

/** Two marks of one tenant and resource as one. */
export const joinMarks = (earlier: CoalescedMark, later: CoalescedMark): CoalescedMark => ({
  ...later,
  count: earlier.count + later.count,
  first: earlier.first < later.first ? earlier.first : later.first,
  last: earlier.last > later.last ? earlier.last : later.last,
});

export const coalesceMarks = (marks: ReadonlyArray<InboxMark>): ReadonlyArray<CoalescedMark> => {
  const kept = new Map<string, CoalescedMark>();
  for (const { tenantId, resource, receivedAt, count } of marks) {
    const key = `${resource} ${tenantId}`;
    const mark: CoalescedMark = { tenantId, resource, count, first: receivedAt, last: receivedAt };
    const before = kept.get(key);
    kept.set(key, before === undefined ? mark : joinMarks(before, mark));
  }
  return [...kept.values()];
};

const sequenceText = /^(?:0|[1-9]\d{0,18})$/;

/** A sequence that `pending` gave out, as the number that orders the marks. */
export const inboxSequence = (text: string): bigint => {
  if (!sequenceText.test(text)) throw new RangeError('The sequence is not one that pending gave out.');
  return BigInt(text);
};
