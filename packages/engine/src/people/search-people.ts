import type { ObjectId } from '@learnamp/directory-sync-domain';
import type { Head } from '@learnamp/directory-sync-event-sourcing';
import { LogFailure } from '@learnamp/directory-sync-event-sourcing';
import { recordAccess } from '../access/record-access.js';
import type { Connection } from '../connection/open-connection.js';
import type { PersonStatus, PersonView } from '../directory-sync.js';
import { logError } from '../failure.js';
import type { EngineState } from '../state/engine-state.js';
import { parkedPeople, personView, reachOf, type ViewContext } from '../views/person-view.js';
import { standingAttention } from '../views/standing.js';
import { indexed, inOrder, matcherOf, placeOf, type IndexedPerson } from './people-index.js';
import type { PeoplePage, PeopleSearch } from './people-search.js';

const PAGE = 50;
const LARGEST_PAGE = 200;
/** More events behind than this, and everybody is looked at again: that takes less than reading what was said. */
const FAR_BEHIND = 2_000n;

type Index = { readonly head: Head | undefined; readonly people: ReadonlyArray<IndexedPerson> };

const noStatus: Readonly<Record<PersonStatus, number>> = { active: 0, held: 0, parked: 0, left: 0, waiting: 0 };

const viewContext = ({ options }: Connection, state: EngineState): ViewContext => {
  const { preferences } = options;
  const parked = parkedPeople(standingAttention(state, preferences));
  return { state, preferences, reach: reachOf(state, options.groupId), parked };
};

const viewsOf = (context: ViewContext, userIds: Iterable<ObjectId>): ReadonlyArray<PersonView> =>
  [...userIds].flatMap((userId) => {
    const person = context.state.person(userId);
    return person?.everInScope === true ? [personView(context, person)] : [];
  });

const everybody = (context: ViewContext): ReadonlyArray<IndexedPerson> => {
  const people: IndexedPerson[] = [];
  for (const person of context.state.people())
    if (person.everInScope) people.push(indexed(personView(context, person)));
  return people.sort(inOrder);
};

/** Whom the events between two heads are about; `undefined`: too many, or another log. */
const touchedSince = async (
  { options, stream }: Connection,
  before: Head,
  now: Head,
): Promise<ReadonlySet<string> | undefined> => {
  if (now.revision < before.revision || now.revision - before.revision > FAR_BEHIND) return undefined;
  const touched = new Set<string>();
  try {
    for await (const page of options.log.pages(stream.name, { from: before.revision + 1n, to: now.revision }))
      for (const { metadata } of page) for (const subject of metadata.subjects) touched.add(subject);
  } catch (error) {
    if (error instanceof LogFailure) throw logError(error.failure);
    throw error;
  }
  return touched;
};

/** People whose views can have changed although nothing was said of them: who is parked, or was. */
const changedStanding = (people: ReadonlyArray<IndexedPerson>, { parked }: ViewContext): ReadonlyArray<ObjectId> => [
  ...parked,
  ...people.flatMap(({ userId, status }) => (status === 'parked' ? [userId] : [])),
];

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

const newestIndex = async (connection: Connection, known: Index | undefined, state: EngineState): Promise<Index> => {
  const head = state.head();
  if (known !== undefined && known.head?.hash === head?.hash) return known;
  const context = viewContext(connection, state);
  const touched =
    known?.head === undefined || head === undefined ? undefined : await touchedSince(connection, known.head, head);
  if (known === undefined || touched === undefined) return { head, people: everybody(context) };
  return {
    head,
    people: refreshed(known.people, context, new Set([...touched, ...changedStanding(known.people, context)])),
  };
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

/**
 * Searches everybody who ever was in scope, from an index in memory that is made by the first search and follows the log: a
 * page costs no more than a pass over names, however many people there are.
 */
export const makePeopleSearch = (connection: Connection): ((search: PeopleSearch) => Promise<PeoplePage>) => {
  let index: Promise<Index> | undefined;

  const next = async (state: EngineState): Promise<Index> => {
    const known = await index?.catch(() => undefined);
    return newestIndex(connection, known, state);
  };

  return async (search) => {
    const state = await connection.present();
    index = next(state);
    const { people } = await index;
    const matches = matcherOf(search.text);
    const found = people.filter(matches);
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
      people: viewsOf(viewContext(connection, state), userIds),
      found: wanted.length,
      byStatus,
      next: last === undefined || begin + limit >= wanted.length ? null : `${last.name}\n${last.userId}`,
    };
  };
};
