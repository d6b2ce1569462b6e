/** Whom something was done about since the oracle last looked. */
export type PhaseChanges = {
  /** A phase begins. At rest people were moved about, whoever they are, or nobody was. */
  readonly begin: (movedAbout: boolean) => void;
  /** Something of theirs was changed, in the directory or at Learn Amp. */
  readonly note: (personId: string) => void;
  /** What everybody's account is to hold was changed. */
  readonly noteEverybody: () => void;
  readonly noteLeft: (personId: string) => void;
  readonly hasAnybodyLeft: () => boolean;
  readonly hasLeft: (personId: string) => boolean;
  /** Nothing of theirs was changed, for all that is known. */
  readonly isUntouched: (personId: string) => boolean;
};

export const makePhaseChanges = (): PhaseChanges => {
  const touched = new Set<string>();
  const left = new Set<string>();
  let anybody = false;
  return {
    begin: (movedAbout) => {
      anybody = movedAbout;
      touched.clear();
      left.clear();
    },
    note: (personId) => void touched.add(personId),
    noteEverybody: () => {
      anybody = true;
    },
    hasAnybodyLeft: () => left.size > 0,
    noteLeft: (personId) => void left.add(personId),
    hasLeft: (personId) => left.has(personId),
    isUntouched: (personId) => !anybody && !touched.has(personId),
  };
};
