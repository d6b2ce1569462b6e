/** Whether a revision, as text, lies behind another. The empty text is "never": nothing lies before it. */
export const isLater = (revision: string, than: string): boolean =>
  revision.length === than.length ? revision > than : revision.length > than.length;

let last: { readonly revision: bigint; readonly text: string } = { revision: 0n, text: '0' };

/** A revision as text. Of one event it is asked for several times in a row, and writing a whole number out takes a while. */
export const revisionText = (revision: bigint): string => {
  if (revision !== last.revision) last = { revision, text: revision.toString() };
  return last.text;
};

/**
 * Whether an event was folded into a state already. Each state remembers the last revision that was folded into it, so an
 * event that arrives again (a batch that is run twice, a tail that is read twice) changes nothing, also where it counts something.
 */
export const isRepeat = (foldedTo: string, revision: bigint): boolean => !isLater(revisionText(revision), foldedTo);
