export type Effect = 'deactivation' | 'reactivation' | 'team' | 'membership' | 'avatar';

/** A call for something that an earlier call had brought about, and that nothing had undone since. */
export type Repeat = {
  readonly effect: Effect;
  /** The account's id; of a team its external id. */
  readonly of: string;
  /** Whoever asked was shown the effect between the two calls. */
  readonly looked: boolean;
  /** Between the two calls. */
  readonly sinceMs: number;
};

export type Effects = {
  /** A call took effect or, where it is not `fresh`, asked for what stood already. */
  readonly record: (effect: Effect, of: string | number, fresh: boolean) => void;
  /** What is said of it from now on is no repeat: it was undone, by hand or by a call. */
  readonly forget: (effect: Effect, of: string | number) => void;
  readonly look: (effect: Effect, of: string | number) => void;
  readonly repeats: () => ReadonlyArray<Repeat>;
};

/** Counts what calls of the API bring about a second time: Learn Amp itself answers such a call as if it were the first. */
export const makeEffects = (now: () => Date): Effects => {
  const standing = new Map<string, { readonly at: number; readonly looked: boolean }>();
  const repeats: Repeat[] = [];
  const keyOf = (effect: Effect, of: string | number): string => `${effect} ${of}`;
  return {
    record: (effect, of, fresh) => {
      const key = keyOf(effect, of);
      const before = standing.get(key);
      if (fresh) standing.set(key, { at: now().getTime(), looked: false });
      else if (before !== undefined)
        repeats.push({ effect, of: String(of), looked: before.looked, sinceMs: now().getTime() - before.at });
    },
    forget: (effect, of) => {
      standing.delete(keyOf(effect, of));
    },
    look: (effect, of) => {
      const key = keyOf(effect, of);
      const before = standing.get(key);
      if (before?.looked === false) standing.set(key, { ...before, looked: true });
    },
    repeats: () => [...repeats],
  };
};
