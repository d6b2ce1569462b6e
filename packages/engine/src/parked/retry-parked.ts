import type { ObjectId, TeamKey } from '@learnamp/directory-sync-domain';
import { addressChangedByHand, isResting, planPerson } from '@learnamp/directory-sync-domain';
import type { Connection } from '../connection/open-connection.js';
import { planContextOf } from '../deliver/plan-now.js';
import type { Pending } from '../record/recorder.js';
import type { EngineState } from '../state/engine-state.js';
import { parkedAttention } from './list-parked.js';
import type { Retried, RetryRequest } from './parked.js';

/** An event names at most this many people, and as many teams. */
const CHUNK = 500;

type Wanted = Omit<Retried, 'connectionId' | 'teams' | 'resting'> & { readonly teamKeys: ReadonlyArray<TeamKey> };

/** Teams that were refused or gave no answer: all of them, or those that these people wait for. */
const teamsOf = (
  { options }: Connection,
  state: EngineState,
  named: ReadonlyArray<ObjectId> | undefined,
): ReadonlyArray<TeamKey> => {
  const { rejectedTeams, unansweredTeams } = state.connection();
  const refused = new Set<string>([...Object.keys(rejectedTeams), ...Object.keys(unansweredTeams)]);
  if (named === undefined) return [...refused] as ReadonlyArray<string> as ReadonlyArray<TeamKey>;
  const context = planContextOf(state, options.preferences);
  const wanted = named.flatMap((userId) => planPerson(context, userId).team?.key ?? []);
  return [...new Set(wanted)].filter((key) => refused.has(key));
};

const wantedNow = (connection: Connection, state: EngineState, named: ReadonlyArray<ObjectId> | undefined): Wanted => {
  const parked = new Set(parkedAttention(connection, state).map(({ userId }) => userId));
  const isByName = (userId: ObjectId): boolean => state.delivered(userId).parked.ChangeEmail === addressChangedByHand;
  const userIds = (named ?? [...parked]).filter(
    (userId) => parked.has(userId) && (named !== undefined || !isByName(userId)),
  );
  return {
    userIds,
    byName: named === undefined ? [...parked].filter(isByName) : [],
    notParked: (named ?? []).filter((userId) => !parked.has(userId)),
    teamKeys: teamsOf(connection, state, named === undefined ? undefined : userIds),
  };
};

const eventsOf = ({ userIds, teamKeys }: Wanted, { by, reason }: RetryRequest): ReadonlyArray<Pending> =>
  Array.from({ length: Math.ceil(Math.max(userIds.length, teamKeys.length) / CHUNK) }, (_, at) => {
    const [from, to] = [at * CHUNK, (at + 1) * CHUNK];
    const data = { userIds: userIds.slice(from, to), teamKeys: teamKeys.slice(from, to), actor: by, reason };
    return { type: 'RetryRequested', data };
  });

/**
 * Has everybody who is parked, or these, tried again by the next sync: what was refused is forgotten, and what is in doubt at
 * Learn Amp is looked at first. Decides no hold. Records nothing where nobody is parked.
 */
export const retryParked = async (connection: Connection, request: RetryRequest): Promise<Retried> => {
  const { state, recorder } = await connection.open();
  const named = request.userIds === undefined ? undefined : [...new Set(request.userIds)];
  await recorder.refresh();
  let wanted: Wanted = { userIds: [], byName: [], notParked: [], teamKeys: [] };
  await recorder.administer(() => {
    wanted = wantedNow(connection, state, named);
    return eventsOf(wanted, request);
  });
  const { teamKeys, ...people } = wanted;
  const resting = isResting(state.connection());
  return { connectionId: connection.options.connectionId, ...people, teams: teamKeys.length, resting };
};
