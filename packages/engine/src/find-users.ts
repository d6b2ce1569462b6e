import type { DirectoryPerson, LearnAmpUserId, ObjectId } from '@learnamp/directory-sync-domain';
import { desire, toObjectId } from '@learnamp/directory-sync-domain';
import * as E from 'fp-ts/lib/Either.js';
import { setImmediate } from 'node:timers/promises';
import type { Connection } from './connection/open-connection.js';
import { graphError } from './failure.js';
import type { EngineState } from './state/engine-state.js';
import { stopped } from './why/stopped.js';

/** How an address is looked for. */
export type FindUsersOptions = {
  /** Ask Microsoft Graph where nobody is known by this address. */
  readonly live?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
};

const heldBy = (state: EngineState, learnAmpUserId: string): ReadonlyArray<ObjectId> => {
  const holder = state.holderOfAccount(learnAmpUserId as LearnAmpUserId);
  return holder === undefined || state.delivered(holder).link !== learnAmpUserId ? [] : [holder];
};

/** People looked at before others have their turn. */
const SLICE = 500;

const saysSo = ({ attributes }: DirectoryPerson, address: string): boolean =>
  Object.values(attributes).some((value) => value?.toLowerCase().includes(address) === true);

/**
 * Addresses of the directory stand in no index: what it says of everybody is looked through, and of those alone in whose
 * attributes the address stands what they are known by is found out. What Learn Amp holds stands in one.
 */
const byAddress = async (
  { options }: Connection,
  state: EngineState,
  { address, signal }: { readonly address: string; readonly signal: AbortSignal | undefined },
): Promise<ReadonlyArray<ObjectId>> => {
  const wanted = address.toLowerCase();
  const isKnownBy = (person: DirectoryPerson): boolean => {
    if (!person.everInScope || person.erased) return false;
    const { userPrincipalName, mail } = person.attributes;
    const held = state.delivered(person.userId).email ?? desire(options.preferences, person).email;
    return [userPrincipalName, mail, held].some((known) => known?.toLowerCase() === wanted);
  };
  const found = new Set<ObjectId>();
  const holder = state.holderOfEmail(wanted);
  const held = holder === undefined ? undefined : state.person(holder);
  if (held !== undefined && isKnownBy(held)) found.add(held.userId);
  let looked = 0;
  for (const person of state.people()) {
    if (saysSo(person, wanted) && isKnownBy(person)) found.add(person.userId);
    looked += 1;
    if (looked % SLICE === 0) await setImmediate();
    if (signal?.aborted === true) throw stopped();
  }
  return [...found].sort();
};

/**
 * Whom a text names: an object id (taken as it is), a Learn Amp id (digits), or a present address, compared without case.
 * Ids alone come out of it, so it shows nobody's data and is not recorded.
 */
export const findUsers = async (
  connection: Connection,
  user: string,
  { live, signal }: FindUsersOptions,
): Promise<ReadonlyArray<ObjectId>> => {
  const id = toObjectId(user);
  if (id !== undefined) return [id];
  const state = await connection.present();
  if (/^\d+$/.test(user)) return heldBy(state, user);
  const known = await byAddress(connection, state, { address: user, signal });
  if (known.length > 0 || live !== true) return known;
  const asked = await connection.options.directory.lookups.usersByAddress(user, { signal, priority: 'high' })();
  if (E.isLeft(asked)) throw graphError(asked.left);
  return asked.right.userIds;
};
