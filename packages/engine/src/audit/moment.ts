/**
 * A place in the log: behind the event of a revision, or behind everything recorded up to a time. Order comes from revisions: a
 * time ends at the first event that was recorded later, also where the clock went back behind it.
 */
export type Moment = { readonly revision: bigint } | { readonly time: Date };

/** A moment found in the log: the last event that belongs to it. */
export type Place = {
  readonly revision: string;
  readonly recordedAt: string;
  readonly hash: string;
};

export const shownMoment = (moment: Moment): string =>
  'revision' in moment ? `revision ${moment.revision}` : moment.time.toISOString();
