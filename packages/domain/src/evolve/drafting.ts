import { produce } from 'immer';
import type { Draft } from './change-by-type.js';

/**
 * How the state of one key is changed by one event. Changes assign fields of the draft and never reach into what stands
 * there, so both ways lead to the same states.
 */
export type Drafting = <State extends object>(state: State, change: (draft: Draft<State>) => void) => State;

/** By immer: what came out is frozen, and a change that writes into a state instead of its draft throws. */
export const byImmer: Drafting = (state, change) => produce(state, (draft: Draft<typeof state>) => change(draft));

/** On a plain copy of the fields: several times cheaper, for a fold of a whole log. What came out is not frozen. */
export const onCopy: Drafting = (state, change) => {
  const copy = { ...state };
  change(copy);
  return copy;
};

/**
 * The same, and each copy is made once: what one stretch of a log changes many times is copied for the first change, and
 * changed in place from then on. Whoever kept a state of this stretch sees the later changes in it, so nothing may be
 * compared with it but what was noted before.
 */
export const onOwnCopies = (): Drafting => {
  const own = new Set<object>();
  return (state, change) => {
    if (own.has(state)) {
      change(state);
      return state;
    }
    const copy = onCopy(state, change);
    own.add(copy);
    return copy;
  };
};
