import type { LearnAmpAccount, ObjectId } from '@learnamp/directory-sync-domain';
import { toObjectId } from '@learnamp/directory-sync-domain';
import * as E from 'fp-ts/lib/Either.js';
import { DirectorySyncError } from '../directory-sync.js';
import { learnAmpError } from '../failure.js';
import type { EngineState } from '../state/engine-state.js';
import type { Connection } from './open-connection.js';

/** So many linked people tell whether it is the company they were linked in. */
const SAMPLE = 25;

const linkedPeople = (state: EngineState): ReadonlyArray<ObjectId> => {
  const found: ObjectId[] = [];
  for (const { userId } of state.inScope()) {
    const { link, gone } = state.delivered(userId);
    if (link !== undefined && !gone) found.push(userId);
    if (found.length === SAMPLE) break;
  }
  return found;
};

/** Whether the account under a linked id is this person's: by the id it carries, else by its address. */
const isTheirs = (state: EngineState, userId: ObjectId, account: LearnAmpAccount): boolean => {
  const carried = toObjectId(account.externalId ?? '');
  return carried === undefined
    ? account.email.toLowerCase() === state.delivered(userId).email?.toLowerCase()
    : carried === userId;
};

/** Learn Amp is reached at another address than when the links were made, and no sync there was complete yet. */
const isMoved = ({ options }: Connection, state: EngineState): boolean => {
  const { settings, learnAmpMovedFrom } = state.connection();
  if (settings === undefined) return false;
  return learnAmpMovedFrom !== undefined || settings.learnAmpBaseUrl !== options.settings.learnAmpBaseUrl;
};

const isAnother = (url: string, theirs: number, looked: number): DirectorySyncError =>
  new DirectorySyncError(
    'learn-amp-credentials',
    `learnAmp.baseUrl: the accounts at ${url} are not those this log is linked to (${theirs} of ${looked} fit). Nothing was sent. Put the earlier address back, or begin a connection of its own for that company: another connectionId and another log.`,
  );

/**
 * Another address of Learn Amp may be another company, where the ids of this log are other people's accounts: before anything
 * is sent there, some linked accounts are looked at. `undefined`: they are the same, or the address is.
 */
export const foreignAccounts = async (
  connection: Connection,
  state: EngineState,
  signal: AbortSignal | undefined,
): Promise<DirectorySyncError | undefined> => {
  if (!isMoved(connection, state)) return undefined;
  const { learnAmp, settings } = connection.options;
  const people = linkedPeople(state);
  let theirs = 0;
  for (const userId of people) {
    const { link } = state.delivered(userId);
    if (link === undefined) continue;
    const found = await learnAmp.findAccount({ by: 'id', learnAmpUserId: link }, { signal })();
    if (E.isLeft(found)) return learnAmpError(found.left);
    if (found.right !== undefined && isTheirs(state, userId, found.right)) theirs += 1;
  }
  return theirs * 2 > people.length || people.length === 0
    ? undefined
    : isAnother(settings.learnAmpBaseUrl, theirs, people.length);
};
