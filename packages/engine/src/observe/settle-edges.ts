/**
 * One round may say that somebody is a member and that they are not, in any order, in one page or far apart
 * (graph.md 2.2). Whoever is told both ways is read directly, and the read decides for this page and for those before it.
 * A group that is told as gone and as there is read likewise.
 */
import type { GroupObservation, MemberObserved, ObjectId } from '@learnamp/directory-sync-domain';
import type { MembershipsRead } from '@learnamp/directory-sync-graph';
import { ask, type CycleContext } from './cycle-context.js';
import type { ToldEdges } from './told-edges.js';

/** Direct reads of members in one round. Beyond, the groups are read from the beginning instead, which is cheaper. */
const MOST_READS = 1_000;

type Edges = Map<ObjectId, Map<ObjectId, MemberObserved>>;

export type EdgeSettler = {
  readonly settle: (items: ReadonlyArray<GroupObservation>) => Promise<ReadonlyArray<GroupObservation>>;
  /** Something that was told both ways could not be read: only a read from the beginning tells. */
  readonly isOpen: () => boolean;
};

type Settling = {
  readonly told: ToldEdges;
  readonly followed: ReadonlySet<ObjectId>;
  /** The round was begun by a process that is gone, with what it had been told: everything new is read. */
  readonly resumed: boolean;
  /** A full round decides by absence: what cannot be read stays as told, and nothing may be left out. */
  readonly full: boolean;
};

/** The last mention of each edge of this page that an earlier one of the round speaks against. */
const contradicted = (
  { state }: CycleContext,
  { told, followed, resumed }: Settling,
  items: ReadonlyArray<GroupObservation>,
): Edges => {
  const here: Edges = new Map();
  const doubted: Edges = new Map();
  const put = (edges: Edges, groupId: ObjectId, member: MemberObserved): void => {
    const members = edges.get(groupId) ?? new Map<ObjectId, MemberObserved>();
    edges.set(groupId, members.set(member.memberId, member));
  };
  for (const item of items) {
    if (item._tag === 'GroupRemoved' || !followed.has(item.groupId)) continue;
    const known = state.membership.group(item.groupId).members;
    for (const member of item.members) {
      const { memberId, present } = member;
      const before = here.get(item.groupId)?.get(memberId)?.present ?? told.said(item.groupId, memberId);
      const differs = before !== undefined && before !== present;
      const isDoubted = differs || doubted.get(item.groupId)?.has(memberId) === true;
      if (isDoubted || (resumed && known.has(memberId) !== present)) put(doubted, item.groupId, member);
      put(here, item.groupId, member);
    }
  }
  return doubted;
};

const readOf = async (context: CycleContext, doubted: Edges): Promise<ReadonlyMap<ObjectId, MembershipsRead>> => {
  const members = new Map(
    [...doubted.values()].flatMap((edges) =>
      [...edges.values()].flatMap(({ memberId, kind }) =>
        kind === 'other' ? [] : [[memberId, { memberId, kind }] as const],
      ),
    ),
  );
  if (members.size === 0) return new Map();
  const reads = await ask(context.directory.readMemberships([...members.values()], { signal: context.signal }));
  return new Map(reads.map((read) => [read.memberId, read]));
};

/** `undefined`: the read does not tell. Of an account that is gone the edge means nothing, and stays as told. */
const decided = (
  groupId: ObjectId,
  member: MemberObserved,
  read: MembershipsRead | undefined,
): MemberObserved | undefined => {
  if (member.kind === 'other' || read?._tag === 'NotFound') return member;
  if (read?._tag !== 'Found') return undefined;
  if (read.groupIds.has(groupId)) return { ...member, present: true };
  return read.complete ? { ...member, present: false } : undefined;
};

/** What the doubted edges are by the read, in the place of all that the page says of them. */
const rewritten = (
  items: ReadonlyArray<GroupObservation>,
  doubted: Edges,
  answers: ReadonlyMap<ObjectId, ReadonlyArray<MemberObserved>>,
): ReadonlyArray<GroupObservation> => {
  const given = new Set<ObjectId>();
  return items.map((item) => {
    const edges = doubted.get(item.groupId);
    if (item._tag === 'GroupRemoved' || edges === undefined) return item;
    const kept = item.members.filter(({ memberId }) => !edges.has(memberId));
    const settled = given.has(item.groupId) ? [] : (answers.get(item.groupId) ?? []);
    given.add(item.groupId);
    return { ...item, members: [...kept, ...settled] };
  });
};

/** Without what the page says wrongly of groups that the round tells as gone and as there. */
const settleGroups = async (
  context: CycleContext,
  { told, followed }: Settling,
  items: ReadonlyArray<GroupObservation>,
): Promise<ReadonlyArray<GroupObservation>> => {
  const mentionedAs = (tag: GroupObservation['_tag']): ReadonlySet<ObjectId> =>
    new Set(items.flatMap(({ _tag, groupId }) => (_tag === tag ? [groupId] : [])));
  const [gone, there] = [mentionedAs('GroupRemoved'), mentionedAs('GroupObserved')];
  const doubted = [...new Set([...gone, ...there])].filter(
    (groupId) =>
      followed.has(groupId) &&
      (gone.has(groupId) || told.isGroupGone(groupId)) &&
      (there.has(groupId) || told.members.has(groupId)),
  );
  const wrong = new Map<ObjectId, GroupObservation['_tag']>();
  for (const groupId of doubted) {
    const read = await ask(context.directory.readGroup(groupId, { signal: context.signal }));
    if (read._tag !== 'Unreadable') wrong.set(groupId, read._tag === 'Missing' ? 'GroupObserved' : 'GroupRemoved');
  }
  return wrong.size === 0 ? items : items.filter(({ _tag, groupId }) => wrong.get(groupId) !== _tag);
};

export const makeEdgeSettler = (context: CycleContext, settling: Settling): EdgeSettler => {
  let reads = 0;
  let open = false;
  return {
    isOpen: () => open,
    settle: async (page) => {
      const items = await settleGroups(context, settling, page);
      const doubted = contradicted(context, settling, items);
      if (doubted.size === 0) return items;
      reads += [...doubted.values()].reduce((sum, edges) => sum + edges.size, 0);
      if (reads > MOST_READS) {
        open = true;
        return items;
      }
      const read = await readOf(context, doubted);
      const answers = new Map(
        [...doubted].map(([groupId, edges]) => [
          groupId,
          [...edges.values()].flatMap((member) => {
            const answer = decided(groupId, member, read.get(member.memberId));
            open ||= answer === undefined;
            return answer ?? (settling.full ? member : []);
          }),
        ]),
      );
      return rewritten(items, doubted, answers);
    },
  };
};
