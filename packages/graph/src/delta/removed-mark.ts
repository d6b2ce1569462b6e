import * as t from 'io-ts';

/**
 * `@removed`: `{ "reason": "changed" }` is a soft deletion, `"deleted"` a permanent one
 * (https://learn.microsoft.com/graph/delta-query-overview). Some answers carry the reason as plain text.
 */
export const RemovedMark = t.union([t.string, t.partial({ reason: t.union([t.string, t.null]) })]);
export type RemovedMark = t.TypeOf<typeof RemovedMark>;

/** Anything that is not plainly permanent can be restored. */
export const removalReason = (mark: RemovedMark): 'soft' | 'permanent' => {
  const reason = typeof mark === 'string' ? mark : mark.reason;
  return reason?.toLowerCase() === 'deleted' ? 'permanent' : 'soft';
};

/** `null` is no mark. */
export const OptionalRemovedMark = t.union([RemovedMark, t.null, t.undefined]);
