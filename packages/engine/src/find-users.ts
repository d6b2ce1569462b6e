import type { LearnAmpUserId, ObjectId } from '@learnamp/directory-sync-domain';
import { desire, toObjectId } from '@learnamp/directory-sync-domain';
import * as E from 'fp-ts/lib/Either.js';
import type { Connection } from './connection/open-connection.js';
import { graphError } from './failure.js';
import type { EngineState } from './state/engine-state.js';

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

/** Everybody is looked at: addresses of the directory stand in no index. */
const byAddress = ({ options }: Connection, state: EngineState, address: string): ReadonlyArray<ObjectId> => {
  const wanted = address.toLowerCase();
  const found: ObjectId[] = [];
  for (const person of state.people()) {
    if (!person.everInScope || person.erased) continue;
    const { userPrincipalName, mail } = person.attributes;
    const held = state.delivered(person.userId).email ?? desire(options.preferences, person).email;
    if ([userPrincipalName, mail, held].some((known) => known?.toLowerCase() === wanted)) found.push(person.userId);
  }
  return found;
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
  const known = byAddress(connection, state, user);
  if (known.length > 0 || live !== true) return known;
  const asked = await connection.options.directory.lookups.usersByAddress(user, { signal, priority: 'high' })();
  if (E.isLeft(asked)) throw graphError(asked.left);
  return asked.right.userIds;
};
