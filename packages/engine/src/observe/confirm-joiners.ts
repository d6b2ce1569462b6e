import type { ObjectId, Reach } from '@learnamp/directory-sync-domain';
import { ask, type CycleContext } from './cycle-context.js';

const CHUNK = 200;

/**
 * Whether the groups' edges are as fresh as a second read would be: nobody was known before, or a full cycle has just read
 * all of them from the beginning.
 */
export const edgesAreFresh = ({ full, state }: Pick<CycleContext, 'full' | 'state'>): boolean =>
  full || !state.connection().initialSyncDone;

/**
 * Whom to ask about, with those whom the answer speaks for. Members of a group that was read from its beginning in this
 * cycle are its members; what may still be wrong is how the group hangs below the scope group, and one of them tells.
 */
const asking = (
  { state, fresh }: CycleContext,
  joining: ReadonlyArray<ObjectId>,
  reach: Reach,
): Map<ObjectId, ReadonlyArray<ObjectId>> => {
  const spokenFor = new Map<ObjectId, ReadonlyArray<ObjectId>>();
  const witnesses = new Map<ObjectId, ObjectId>();
  for (const userId of joining) {
    const holder = reach.holderOf(userId);
    const isListed = holder !== undefined && fresh.has(holder) && state.person(userId)?.leave?.reason !== 'deleted';
    const witness = isListed ? (witnesses.get(holder) ?? userId) : userId;
    if (isListed) witnesses.set(holder, witness);
    spokenFor.set(witness, [...(witness === userId ? [] : (spokenFor.get(witness) ?? [])), userId]);
  }
  return spokenFor;
};

/**
 * Of those who are about to join, those whom Graph itself calls members now. A delta may tell an old addition again, or an
 * addition and a removal in the wrong order, and a restored account gets its memberships back later than itself, or not at
 * all (FC-06, FC-20, FC-44): as nobody leaves by a delta alone, nobody joins by it. Any other answer is asked for again in
 * the next cycle.
 */
export const confirmJoiners = async (
  context: CycleContext,
  joining: ReadonlyArray<ObjectId>,
  reach: Reach,
): Promise<ReadonlyArray<ObjectId>> => {
  if (edgesAreFresh(context)) return joining;
  const spokenFor = asking(context, joining, reach);
  const confirmed = new Set<ObjectId>();
  const askAll = async (userIds: ReadonlyArray<ObjectId>): Promise<ReadonlyArray<ObjectId>> => {
    const others: ObjectId[] = [];
    for (let at = 0; at < userIds.length; at += CHUNK) {
      const { directory, groupId, signal } = context;
      const checks = await ask(directory.checkMembership(userIds.slice(at, at + CHUNK), groupId, { signal }));
      for (const { _tag, userId } of checks) {
        const group = spokenFor.get(userId) ?? [userId];
        if (_tag === 'StillMember') for (const each of group) confirmed.add(each);
        else others.push(...group.filter((each) => each !== userId));
      }
    }
    return others;
  };
  // Where one does not speak for the others, each is asked.
  const unspoken = await askAll([...spokenFor.keys()]);
  for (const userId of unspoken) spokenFor.delete(userId);
  await askAll(unspoken);
  return joining.filter((userId) => confirmed.has(userId));
};
