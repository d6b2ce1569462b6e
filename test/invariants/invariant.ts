import type { EventView } from '@learnamp/directory-sync';
import type { Ledger } from './ledger.js';
import type { InvariantId, World } from './world.js';

/** What is wrong, in a sentence; where, unless it is the event at hand. */
export type Wrong = { readonly what: string; readonly where?: string | undefined };

/** One invariant at work on one connection: it may remember what it saw. */
export type Watch = {
  /** An event, beside what the log said before it. */
  readonly onEvent?: ((event: EventView, before: Ledger) => ReadonlyArray<Wrong>) | undefined;
  /** Everything that was seen since the last look; its events are in the ledger already. */
  readonly onLook?: ((seen: World, ledger: Ledger) => ReadonlyArray<Wrong>) | undefined;
};

export type Invariant = { readonly id: InvariantId; readonly says: string; readonly watch: () => Watch };

/** Nothing, or what is wrong where the condition holds. */
export const wrongIf = (condition: boolean, what: string, where?: string): ReadonlyArray<Wrong> =>
  condition ? [{ what, where }] : [];
