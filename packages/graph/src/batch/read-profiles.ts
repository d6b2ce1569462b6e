import { toObjectId } from '@learnamp/directory-sync-domain';
import type { ObjectId } from '@learnamp/directory-sync-domain';
import * as E from 'fp-ts/lib/Either.js';
import type { GraphFailure, ProfileRead } from '../directory-source.js';
import { isItem } from '../delta/attribute-values.js';
import { decodeUser } from '../delta/user-item.js';
import { errorCode, failureOf, refusedProperty } from '../graph-error.js';
import type { Selection } from '../selected-attributes.js';
import type { SelectionInUse } from '../selection-in-use.js';
import type { BatchItem, ItemAnswer } from './batch-round.js';
import { runBatches } from './run-batches.js';
import type { BatchOptions, BatchParts, TaskAnswers } from './run-batches.js';

const MANAGER = '$expand=manager($select=id)';

/** What one answer says, or that the way of asking was refused. */
type Reading = ProfileRead | { readonly _tag: 'Refused'; readonly answer: ItemAnswer };

const unreadable = (userId: ObjectId, detail: string, requestId?: string): ProfileRead => ({
  _tag: 'Unreadable',
  userId,
  detail,
  ...(requestId === undefined ? {} : { requestId }),
});

const readUser = (userId: ObjectId, answer: ItemAnswer, selection: Selection): Reading => {
  const { status, json, requestId } = answer;
  if (status === 400 || status === 501) return { _tag: 'Refused', answer };
  if (status === 404) return { _tag: 'NotFound', userId, requestId };
  if (status !== 200) return unreadable(userId, `${String(status)} ${errorCode(answer)}`, requestId);
  if (!isItem(json)) return unreadable(userId, 'the answer is not an object');
  const decoded = decodeUser(selection, 'direct')(json);
  if (E.isLeft(decoded)) return unreadable(userId, `"${decoded.left}" is not as documented`);
  const { observation, limited } = decoded.right;
  if (observation.userId !== userId) return unreadable(userId, 'the answer is about somebody else');
  if (observation._tag === 'UserRemoved') return { _tag: 'NotFound', userId, requestId };
  if (limited) return unreadable(userId, 'limited-information', requestId);
  return { _tag: 'Found', user: observation, requestId };
};

/** "Has none", as Graph says it; a 404 of anything else, such as a proxy, says nothing of the manager (I-13). */
const hasNoManager = (manager: ItemAnswer): boolean =>
  manager.status === 404 && errorCode(manager) === 'Request_ResourceNotFound';

/** The two items of a person where `$expand` is refused. */
const withManager = (profile: Reading, userId: ObjectId, manager: ItemAnswer | undefined): Reading => {
  if (profile._tag !== 'Found' || manager === undefined) return profile;
  if (hasNoManager(manager)) return profile;
  const id = isItem(manager.json) && typeof manager.json['id'] === 'string' ? manager.json['id'] : '';
  const managerId = toObjectId(id);
  if (manager.status !== 200 || managerId === undefined) {
    return unreadable(userId, `the manager could not be read (${String(manager.status)})`);
  }
  return { ...profile, user: { ...profile.user, manager: { _tag: 'Known', managerId } } };
};

type Way = {
  readonly items: (id: ObjectId) => ReadonlyArray<BatchItem>;
  readonly read: (id: ObjectId, answers: TaskAnswers) => Reading;
};

const failedToTheEnd = (userId: ObjectId): Reading => unreadable(userId, 'no answer within the patience');

const ways = (selection: Selection): { readonly expanded: Way; readonly apart: Way } => {
  const select = `$select=${selection.properties.join(',')}`;
  return {
    expanded: {
      items: (id) => [{ method: 'GET', url: `/users/${id}?${select}&${MANAGER}` }],
      read: (id, answers) => {
        const [user] = answers ?? [];
        return user === undefined ? failedToTheEnd(id) : readUser(id, user, selection);
      },
    },
    apart: {
      items: (id) => [
        { method: 'GET', url: `/users/${id}?${select}` },
        { method: 'GET', url: `/users/${id}/manager?$select=id` },
      ],
      read: (id, answers) => {
        const [user, manager] = answers ?? [];
        return user === undefined ? failedToTheEnd(id) : withManager(readUser(id, user, selection), id, manager);
      },
    },
  };
};

/** A person missing from one replica may be there a moment later: asked once more, after this pause. */
const SECOND_LOOK_MS = 1_000;

type Refusals = ReadonlyMap<ObjectId, ItemAnswer>;

/** Nobody could be asked in this way, and each refusal names what we ask for: the query is at fault, not the people. */
const refusedQuery = (
  refusals: Refusals,
  askedFor: number,
  properties: ReadonlyArray<string>,
): GraphFailure | undefined => {
  const [first] = refusals.values();
  if (first === undefined || refusals.size < askedFor) return undefined;
  const named = [...refusals.values()].filter(({ json }) => refusedProperty(json, properties) !== undefined);
  // Where only some name one, they do not speak of the query; where none does, only asking for less can tell.
  if (named.length > 0 && named.length < refusals.size) return undefined;
  return failureOf({ ...first, headers: new Headers(), text: '' }, 'users/{id}', properties);
};

type Profiles = ReadonlyMap<ObjectId, ProfileRead>;

/**
 * Profiles by `$batch` with the manager expanded; one answer per id, in the order asked. A refusal of one person (400) is
 * asked again without `$expand`, and makes that one unreadable where it is repeated.
 * A refused `$expand` is remembered: from then on person and manager are two items.
 */
export const openReadProfiles = (parts: BatchParts, selection: SelectionInUse) => {
  let expandRefused = false;

  /** Left also where everybody was refused, with or without a name for the reason; then `unread` holds who. */
  const askSelected = async (
    ids: ReadonlyArray<ObjectId>,
    selected: Selection,
    options: BatchOptions | undefined,
    unread: Map<ObjectId, ProfileRead>,
  ): Promise<E.Either<GraphFailure, Profiles>> => {
    const { expanded, apart } = ways(selected);
    const profiles = new Map<ObjectId, ProfileRead>();
    const ask = async (way: Way, open: ReadonlyArray<ObjectId>): Promise<E.Either<GraphFailure, Refusals>> => {
      const answers = await runBatches(parts, open.map(way.items), options);
      if (E.isLeft(answers)) return answers;
      const refused = new Map<ObjectId, ItemAnswer>();
      for (const [index, id] of open.entries()) {
        const reading = way.read(id, answers.right[index]);
        if (reading._tag === 'Refused') refused.set(id, reading.answer);
        else profiles.set(id, reading);
      }
      return E.right(refused);
    };

    const atOnce = expandRefused ? undefined : await ask(expanded, ids);
    if (atOnce !== undefined && (E.isLeft(atOnce) || atOnce.right.size === 0)) return E.map(() => profiles)(atOnce);
    const open = atOnce === undefined ? ids : [...atOnce.right.keys()];
    const alone = await ask(apart, open);
    if (E.isLeft(alone)) return alone;
    for (const [id, answer] of alone.right)
      unread.set(id, unreadable(id, `${String(answer.status)} ${errorCode(answer)}`));
    const failure = refusedQuery(alone.right, ids.length, selected.properties);
    if (failure !== undefined) return E.left(failure);
    // Where others were read with `$expand`, it was the person that was refused.
    expandRefused ||= open.length === ids.length && alone.right.size < open.length;
    return E.right(new Map([...profiles, ...unread]));
  };

  const askAll = async (
    ids: ReadonlyArray<ObjectId>,
    options: BatchOptions | undefined,
  ): Promise<E.Either<GraphFailure, Profiles>> => {
    const unread = new Map<ObjectId, ProfileRead>();
    const one = { signal: options?.signal, priority: options?.priority };
    const read = await selection.asking(
      'direct',
      (selected) => {
        unread.clear();
        return askSelected(ids, selected, options, unread);
      },
      (selected) => askSelected(ids.slice(0, 1), selected, one, new Map()),
    );
    const refused = E.isLeft(read) && read.left._tag === 'GraphProtocol' ? read.left.refusedQuery : undefined;
    // Refused for a reason that is not ours: it says something about these people, and one alone never speaks of the query.
    const aboutThem = refused !== undefined && (refused.property === undefined || ids.length === 1);
    return aboutThem && unread.size === ids.length ? E.right(unread) : read;
  };

  const secondLook = async (missing: ReadonlyArray<ObjectId>, options: BatchOptions | undefined) => {
    const signal = options?.signal ?? parts.closing;
    try {
      await parts.world.sleep(SECOND_LOOK_MS, signal);
    } catch (cause) {
      if (signal.aborted) return E.left<GraphFailure>({ _tag: 'GraphAborted' });
      throw cause;
    }
    return askAll(missing, { signal: options?.signal, priority: options?.priority });
  };

  return async (
    userIds: ReadonlyArray<ObjectId>,
    options?: BatchOptions,
  ): Promise<E.Either<GraphFailure, ReadonlyArray<ProfileRead>>> => {
    const first = await askAll([...new Set(userIds)], options);
    if (E.isLeft(first)) return first;
    const missing = [...first.right].filter(([, profile]) => profile._tag === 'NotFound').map(([id]) => id);
    const second =
      missing.length === 0 ? E.right(new Map<ObjectId, ProfileRead>()) : await secondLook(missing, options);
    if (E.isLeft(second)) return second;
    return E.right(userIds.map((id) => second.right.get(id) ?? first.right.get(id) ?? unreadable(id, 'not asked')));
  };
};
