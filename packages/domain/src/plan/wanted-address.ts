import type { ObjectId } from '../ids.js';
import { inScopeNow } from './in-scope-now.js';
import type { PlanContext } from './plan-context.js';

/**
 * Whether an address can be had.
 * - `Free`: nobody in this company whom we know holds it.
 * - `Waiting`: whoever holds it is about to take another one; the chain of those who wait has a free end.
 * - `Swap`: the chain comes back to the person who asks; nobody can go first.
 * - `Taken`: its holder stays.
 */
export type AddressStanding =
  { readonly _tag: 'Free' } | { readonly _tag: 'Waiting' | 'Swap' | 'Taken'; readonly holder: ObjectId };

/** The address a holder is about to take, `undefined` when they stay where they are. */
const nextAddress = (context: PlanContext, holder: ObjectId, held: string): string | undefined => {
  const person = context.person(holder);
  if (person === undefined || !inScopeNow(context, person)) return undefined;
  const { email } = context.desired(person);
  return email === held ? undefined : email;
};

/** Follows the chain of people who wait for each other's address. A loop, not recursion: a renamed domain is one long chain. */
export const addressStanding = (context: PlanContext, userId: ObjectId, email: string): AddressStanding => {
  const first = context.holderOfEmail(email);
  if (first === undefined || first === userId) return { _tag: 'Free' };
  const met = new Set<ObjectId>();
  let holder: ObjectId = first;
  let held = email;
  while (!met.has(holder)) {
    met.add(holder);
    const next = nextAddress(context, holder, held);
    // Somebody further on stays: the one in front of them is in conflict, everybody else waits for a decision there.
    if (next === undefined) return { _tag: holder === first ? 'Taken' : 'Waiting', holder: first };
    const following = context.holderOfEmail(next);
    if (following === userId) return { _tag: 'Swap', holder: first };
    if (following === undefined || following === holder) break;
    holder = following;
    held = next;
  }
  return { _tag: 'Waiting', holder: first };
};
