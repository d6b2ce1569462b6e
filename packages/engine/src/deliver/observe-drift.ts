import type { DirectoryEvent, LearnAmpAccount, ObjectId } from '@learnamp/directory-sync-domain';
import { compareAccount } from '@learnamp/directory-sync-domain';
import type { CycleContext } from '../observe/cycle-context.js';
import type { Planner } from './plan-now.js';

/** Whom a look at Learn Amp found otherwise than the directory has them, and in what: never with a value. */
export type Differences = Map<ObjectId, ReadonlyArray<string>>;

type Looking = Pick<CycleContext, 'state'>;

/**
 * The linked people whose accounts stand in somebody's way: a person decides such a conflict at Learn Amp, by giving the
 * account another address or deleting it (FC-42), and the log knows of neither.
 */
export const accountsInTheWay = ({ state }: Looking): ReadonlySet<ObjectId> =>
  new Set(
    [...state.deliveredPeople()].flatMap(({ conflict }) => {
      const holder = conflict?.learnAmpUserId ? state.holderOfAccount(conflict.learnAmpUserId) : undefined;
      return holder === undefined || state.delivered(holder).gone ? [] : [holder];
    }),
  );

const sameAddress = (a: string | undefined, b: string | undefined): boolean => a?.toLowerCase() === b?.toLowerCase();

/**
 * What a look at one linked account leaves in the log: that it was seen, where it is not as it was believed to be, and what
 * was changed there by hand. Nothing for an account that is as it should be, nor for what this connection does not own.
 *
 * @param account `null`: asked for by its id, and not there
 */
export const driftEvents = (
  { state }: Looking,
  planner: Planner,
  look: { readonly userId: ObjectId; readonly account: LearnAmpAccount | null; readonly isInTheWay: boolean },
  differences: Differences,
): ReadonlyArray<DirectoryEvent> => {
  const { userId, account } = look;
  const person = state.person(userId);
  const delivered = state.delivered(userId);
  if (person === undefined || person.erased) return [];
  const observed: DirectoryEvent = { type: 'LearnAmpUserObserved', data: { userId, account } };
  const drifted = (fields: ReadonlyArray<string>): ReadonlyArray<DirectoryEvent> => {
    if (fields.length === 0) return [];
    differences.set(userId, fields);
    return [{ type: 'DriftDetected', data: { userId, fields } }];
  };
  if (account === null) return delivered.gone ? [] : [observed, ...drifted(person.inScope ? ['account'] : [])];
  // What was sent to it had no answer: whatever it shows now may be that, and nobody changed it by hand.
  if (Object.keys(delivered.unknown).length > 0) return [observed];
  const { isNews, drift } = compareAccount(planner.context, person, delivered, account);
  const isFreed = look.isInTheWay && !sameAddress(account.email, delivered.email);
  return isNews || isFreed ? [observed, ...drifted(drift)] : drifted([]);
};
