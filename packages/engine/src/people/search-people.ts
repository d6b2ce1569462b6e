import type { ObjectId } from '@learnamp/directory-sync-domain';
import type { Head } from '@learnamp/directory-sync-event-sourcing';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { recordAccess } from '../access/record-access.js';
import type { Connection } from '../connection/open-connection.js';
import type { PersonStatus, PersonView } from '../directory-sync.js';
import type { EngineState } from '../state/engine-state.js';
import { parkedPeople, personView, reachOf, type ViewContext } from '../views/person-view.js';
import { touchedSince } from '../views/touched-since.js';
import { indexed, inOrder, matcherOf, placeOf, type IndexedPerson } from './people-index.js';
import type { PeoplePage, PeopleSearch } from './people-search.js';

const PAGE = 50;
const LARGEST_PAGE = 200;
type Index = { readonly head: Head | undefined; readonly people: ReadonlyArray<IndexedPerson> };

const noStatus: Readonly<Record<PersonStatus, number>> = { active: 0, held: 0, parked: 0, left: 0, waiting: 0 };

const viewContext = async ({ options, standing }: Connection, state: EngineState): Promise<ViewContext> => {
  const { preferences } = options;
  const parked = parkedPeople(await standing(state));
  return { state, preferences, reach: reachOf(state, options.groupId), parked };
};

const viewsOf = (context: ViewContext, userIds: Iterable<ObjectId>): ReadonlyArray<PersonView> =>
  [...userIds].flatMap((userId) => {
    const person = context.state.person(userId);
    return person?.everInScope === true ? [personView(context, person)] : [];
  });

/** People looked at before others have their turn. */
const SLICE = 200;

type Progress = { done: number; total: number };

const everybody = async (context: ViewContext, progress: Progress): Promise<ReadonlyArray<IndexedPerson>> => {
  const { state } = context;
  const people: IndexedPerson[] = [];
  progress.total = state.counts().everInScope;
  let looked = 0;
  for (const userId of state.everybody()) {
    const person = state.person(userId);
    if (person?.everInScope === true) people.push(indexed(personView(context, person)));
    progress.done = people.length;
    looked += 1;
    if (looked % SLICE === 0) await setImmediate();
  }
  return people.sort(inOrder);
};

/** People whose views are others although nothing was said of them: who is parked and was not, or was and is not. */
const changedStanding = (people: ReadonlyArray<IndexedPerson>, { parked }: ViewContext): ReadonlyArray<ObjectId> =>
  people.flatMap(({ userId, status }) => {
    const isOther = status === 'parked' ? !parked.has(userId) : parked.has(userId);
    return isOther && status !== 'held' && status !== 'left' ? [userId] : [];
  });

const refreshed = (
  people: ReadonlyArray<IndexedPerson>,
  context: ViewContext,
  touched: ReadonlySet<string>,
): ReadonlyArray<IndexedPerson> => {
  if (touched.size === 0) return people;
  const again = viewsOf(context, touched as ReadonlySet<ObjectId>).map(indexed);
  const rest = people.filter(({ userId }) => !touched.has(userId));
  return [...rest, ...again].sort(inOrder);
};

const newestIndex = async (
  connection: Connection,
  {
    known,
    state,
    progress,
  }: { readonly known: Index | undefined; readonly state: EngineState; readonly progress: Progress },
): Promise<Index> => {
  const head = state.head();
  if (known !== undefined && known.head?.hash === head?.hash) return known;
  const { options, stream } = connection;
  const context = await viewContext(connection, state);
  const touched =
    known?.head === undefined || head === undefined
      ? undefined
      : await touchedSince(options.log, stream, { before: known.head, now: head });
  if (known === undefined || touched === undefined) return { head, people: await everybody(context, progress) };
  const others = changedStanding(known.people, context);
  return { head, people: refreshed(known.people, context, new Set([...touched.subjects, ...others])) };
};

const after = (people: ReadonlyArray<IndexedPerson>, cursor: string | undefined): number => {
  if (cursor === undefined) return 0;
  const [name = '', userId = ''] = cursor.split('\n');
  return placeOf(people, {
    name,
    userId: `${userId}\uffff` as ObjectId,
    learnAmpUserId: null,
    words: '',
    status: 'active',
  });
};

type Searched = {
  readonly state: EngineState;
  readonly people: ReadonlyArray<IndexedPerson>;
  readonly search: PeopleSearch;
};

const pageOf = async (connection: Connection, { state, people, search }: Searched): Promise<PeoplePage> => {
  const found = people.filter(matcherOf(search.text));
  const byStatus: Record<PersonStatus, number> = { ...noStatus };
  for (const { status } of found) byStatus[status] += 1;
  const { statuses } = search;
  const wanted = statuses === undefined ? found : found.filter(({ status }) => statuses.includes(status));
  const begin = after(wanted, search.after);
  const limit = Math.max(1, Math.min(search.limit ?? PAGE, LARGEST_PAGE));
  const page = wanted.slice(begin, begin + limit);
  const userIds = page.map(({ userId }) => userId);
  if (userIds.length > 0)
    await recordAccess(connection, { view: 'people', userIds, count: userIds.length, by: search.by });
  const last = page.at(-1);
  return {
    people: viewsOf(await viewContext(connection, state), userIds),
    found: wanted.length,
    byStatus,
    next: last === undefined || begin + limit >= wanted.length ? null : `${last.name}\n${last.userId}`,
  };
};

const nobodyYet = ({ done, total }: Progress): PeoplePage => ({
  people: [],
  found: 0,
  byStatus: noStatus,
  next: null,
  reading: { done, total },
});

const inTime = async (made: Promise<Index>, patienceMs: number | undefined): Promise<Index | undefined> => {
  if (patienceMs === undefined) return made;
  const stop = new AbortController();
  const late = setTimeout(patienceMs, undefined, { signal: stop.signal }).catch(() => undefined);
  try {
    return await Promise.race([made, late]);
  } finally {
    stop.abort();
  }
};

/**
 * Searches everybody who ever was in scope, from an index in memory that is made by the first search, in slices that let others
 * have their turn, and follows the log: a page costs no more than a pass over names, however many people there are.
 */
export const makePeopleSearch = (connection: Connection): ((search: PeopleSearch) => Promise<PeoplePage>) => {
  let index: Promise<Index> | undefined;
  let isMade = false;
  const progress: Progress = { done: 0, total: 0 };

  const next = async (state: EngineState, before: Promise<Index> | undefined): Promise<Index> => {
    const known = await before?.catch(() => undefined);
    const made = await newestIndex(connection, { known, state, progress });
    isMade = true;
    return made;
  };

  return async (search) => {
    const state = await connection.present();
    index = next(state, index);
    // Who has no patience left does not learn of a failure; the next search does.
    index.catch(() => undefined);
    const found = await inTime(index, isMade ? undefined : search.patienceMs);
    if (found === undefined) return nobodyYet(progress);
    const { people } = found;
    return pageOf(connection, { state, people, search });
  };
};
