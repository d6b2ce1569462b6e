import type { FoldView } from '@learnamp/directory-sync-event-sourcing';

/**
 * Which folds of a connection are kept: those of this version, and of all others the one that was moved on last. Whoever goes
 * back to the version before finds its rows, and reads the end of the log alone.
 */
export const keptFolds = (folds: ReadonlyArray<FoldView>, version: string): ((fold: FoldView) => boolean) => {
  const [previous] = folds
    .filter((fold) => fold.version !== version && fold.stage === 'standing')
    .toSorted((one, other) => (one.movedAt < other.movedAt ? 1 : -1));
  return (fold) => fold.version === version || (fold.stage === 'standing' && fold.version === previous?.version);
};
