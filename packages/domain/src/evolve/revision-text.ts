/** Whether a revision, as text, lies behind another. The empty text is "never": nothing lies before it. */
export const isLater = (revision: string, than: string): boolean =>
  revision.length === than.length ? revision > than : revision.length > than.length;

/**
 * Whether an event was folded into a state already. Each state remembers the last revision that was folded into it, so an
 * event that arrives again (a batch that is run twice, a tail that is read twice) changes nothing, also where it counts something.
 */
export const isRepeat = (foldedTo: string, revision: bigint): boolean => !isLater(revision.toString(), foldedTo);
