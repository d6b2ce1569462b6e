/**
 * - `before`, `after`: the process dies before the call happened, or when it had happened and the answer was not yet there.
 * - `torn`: it dies while the call half happened.
 * - `refused`, `lost`: the process lives on; the call fails before it happened, or its answer is lost.
 */
export type Mode = 'before' | 'after' | 'torn' | 'refused' | 'lost';
export const modes: ReadonlyArray<Mode> = ['before', 'after', 'torn', 'refused', 'lost'];

export type Place =
  'append' | 'read' | 'keys' | 'rows' | 'cache' | 'inbox' | 'graph' | 'learn-amp' | 'sign-in' | 'avatar';

/** What happens at the n-th boundary, counted from 1. */
export type Fate = { readonly nth: number; readonly mode: Mode | Pause };

/** The process stands still before the call for as long as this takes, and goes on as if nothing had been. */
export type Pause = { readonly until: () => Promise<void> };

/** What a call that failed at a boundary says: no text of the process means it. */
export class HungUp extends Error {
  constructor(place: Place) {
    super(`The call at this boundary failed on purpose: ${place}.`);
    this.name = 'HungUp';
  }
}

/** Every crossing from a process to its files or to the network, counted; at one of them its fate strikes. */
export type Boundaries = {
  readonly crossed: () => ReadonlyArray<Place>;
  /** Where the fate struck. */
  readonly struck: () => Place | undefined;
  readonly isDead: () => boolean;
  /** Counting begins here. */
  readonly arm: (fate: Fate | undefined) => void;
  /** A new process: what is dead stays dead for those that hold the old one. */
  readonly cross: <T>(place: Place, run: () => Promise<T>, half?: (whole: T) => T) => Promise<T>;
  readonly crossNow: <T>(place: Place, run: () => T) => T;
};

export type Death = {
  /** How a place stands before the call that is to be torn: what was there already was durable, and stays. */
  readonly noteBefore: (place: Place) => string;
  /** `torn`: the call half happened, and this is how the place stood before. */
  readonly onDeath: (place: Place, torn: string | undefined) => void;
};

export const makeBoundaries = ({ noteBefore, onDeath }: Death): Boundaries => {
  let crossed: Place[] = [];
  let fate: Fate | undefined;
  let struck: Place | undefined;
  let dead = false;

  const strikes = (place: Place): Fate['mode'] | undefined => {
    if (dead) throw new HungUp(place);
    crossed.push(place);
    if (struck !== undefined || crossed.length !== fate?.nth) return undefined;
    struck = place;
    return fate.mode;
  };
  const die = (place: Place, torn?: string): void => {
    dead = true;
    onDeath(place, torn);
  };

  return {
    crossed: () => crossed,
    struck: () => struck,
    isDead: () => dead,
    arm: (next) => {
      crossed = [];
      fate = next;
    },
    cross: async (place, run, half) => {
      const mode = strikes(place);
      if (mode === undefined) return run();
      if (mode === 'refused') throw new HungUp(place);
      if (typeof mode === 'object') {
        await mode.until();
        return run();
      }
      if (mode === 'before') die(place);
      else {
        const before = noteBefore(place);
        const whole = await run();
        if (mode !== 'lost') die(place, mode === 'torn' ? before : undefined);
        if (mode === 'torn' && half !== undefined) return half(whole);
      }
      throw new HungUp(place);
    },
    crossNow: (place, run) => {
      const mode = strikes(place);
      // What answers at once cannot stand still.
      if (mode === undefined || typeof mode === 'object') return run();
      const before = noteBefore(place);
      if (mode !== 'refused' && mode !== 'before') run();
      if (mode !== 'refused' && mode !== 'lost') die(place, mode === 'torn' ? before : undefined);
      throw new HungUp(place);
    },
  };
};
