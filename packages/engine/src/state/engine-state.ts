import type {
  ConnectionState,
  DeliveredPerson,
  DirectoryPerson,
  LearnAmpUserId,
  ObjectId,
} from '@learnamp/directory-sync-domain';
import { connectionFromJson, initialConnection, initialDelivered } from '@learnamp/directory-sync-domain';
import type { Head, ProjectionRows, RowChange } from '@learnamp/directory-sync-event-sourcing';
import type { BoundedCache } from '@learnamp/directory-sync-event-sourcing';
import { makeBoundedCache, makeMemoryRows } from '@learnamp/directory-sync-event-sourcing';
import { largestOf, noCounts, type Counts, type Sample } from './counts.js';
import { foldEvents, isLong, type Envelope, type Folded, type Totals } from './fold-events.js';
import { guardedRows, rowsLost } from './guarded-rows.js';
import { makeMembershipIndex, type MembershipIndex } from './membership-index.js';
import { makeNotedLinks } from './noted-links.js';
import { makeOpenWork, type OpenWork } from './open-work.js';
import { makeRowBuffer, type RowBuffer } from './row-buffer.js';
import { makeSweep } from './sweep.js';
import { entriesOf, isLeaving, tables, YES, type DeliveredIndex } from './tables.js';
import { stageUnreadable, type Unreadable } from './unreadable-people.js';

/**
 * Everything the engine knows, folded from one stream into rows, and the lookups over it.
 * Invariant: equals the fold of the stream up to `head`; only `apply` changes it, with what was appended or read.
 */
export type EngineState = {
  /**
   * Folds what lies beyond `head`, and writes rows and checkpoint in one commit. Another process may have done so already:
   * then its rows are taken. Throws a `DirectorySyncError` when the rows were lost in between.
   */
  readonly apply: (events: ReadonlyArray<Envelope>, head: Head) => void;
  readonly head: () => Head | undefined;
  readonly connection: () => ConnectionState;
  /** The link of a cursor, where its event was folded here; otherwise only the log has it (`RecordedLinks`). */
  readonly linkAt: (revision: string) => string | undefined;
  readonly person: (userId: ObjectId) => DirectoryPerson | undefined;
  /** Everybody: costs as much as there are people. */
  readonly people: () => Iterable<DirectoryPerson>;
  /**
   * The ids of everybody, to plan each before the next is taken: what is known of them on both sides is read along, many rows
   * at a time.
   */
  readonly everybody: () => Iterable<ObjectId>;
  /** Everybody in scope: costs as much as there are. */
  readonly inScope: () => Iterable<DirectoryPerson>;
  /** Their ids alone. */
  readonly inScopeIds: () => ReadonlyArray<ObjectId>;
  /** These, in any order, each to be looked at before the next is taken: who is known is read along, many rows at a time. */
  readonly alongside: (userIds: ReadonlySet<ObjectId>) => Iterable<ObjectId>;
  readonly inScopeCount: () => number;
  readonly delivered: (userId: ObjectId) => DeliveredPerson;
  /** Everybody: costs as much as there are people. */
  readonly deliveredPeople: () => Iterable<DeliveredPerson>;
  /** Who stands in an index, in the order of ids. */
  readonly deliveredIn: (index: DeliveredIndex) => ReadonlyArray<ObjectId>;
  readonly membership: MembershipIndex;
  readonly holderOfEmail: (email: string) => ObjectId | undefined;
  readonly holderOfAccount: (learnAmpUserId: LearnAmpUserId) => ObjectId | undefined;
  readonly counts: () => Counts;
  /** Id of the key that was made last; the key store of this log has it, or a tombstone of it. */
  readonly newestKey: () => string | undefined;
  /** The largest number of active linked people within the window that ends at a Graph time: it falls only by dispatched deactivations. */
  readonly largestActive: (graphTime: string, windowHours: number) => number;
  /** People whose state changed since the last call, and those whose plans rest on theirs. */
  readonly takeTouched: () => ReadonlySet<ObjectId>;
  /** The same for somebody who looks at everybody, and needs no names. */
  readonly forgetTouched: () => void;
  /** Those whose plans rest on these people: whoever they manage, managed, or were given as override. */
  readonly dependantsOf: (userIds: Iterable<ObjectId>) => ReadonlySet<ObjectId>;
  /** What the hold remembers of the numbers of active accounts. */
  readonly samples: () => ReadonlyArray<Sample>;
  /** Whose data is kept although nothing more is wanted of Learn Amp for them, and since when, as Graph's time. */
  readonly leavers: () => Iterable<readonly [userId: ObjectId, since: string]>;
  /** The event of somebody that cannot be read, where there is one: nothing is planned for them. */
  readonly unreadable: (userId: ObjectId) => Unreadable | undefined;
  readonly isAnybodyUnreadable: () => boolean;
  readonly eventCount: () => number;
  /** Who has to be planned, and whose place in the scope has to be looked at. */
  readonly work: OpenWork;
  /** Drops the people that were read, until somebody asks for them again: whoever rests keeps nobody in memory. */
  readonly rest: () => void;
  /** Drops what is in memory: the rows were replaced. */
  readonly forget: () => void;
  /** The rows this was folded into are gone: a new state has to be opened. */
  readonly isLost: () => boolean;
};

/** Decoded rows kept in memory, of each of two tables. */
const CACHED = 1_000;

/** Of a row that is not there: whoever reads a company for the first time asks for nobody but strangers. */
const ABSENT = Symbol('absent');

/** The same while everybody is looked at: managers are asked for again and again. */
const CACHED_IN_SWEEP = 10_000;

const emptyCaches = (limit = CACHED): ReadonlyMap<string, BoundedCache<string, unknown>> =>
  new Map([tables.people, tables.delivered].map((table) => [table, makeBoundedCache<string, unknown>(limit)]));

/** Revisions have no gaps: they count what can no longer be read, too. */
const countedTo = ({ revision }: Head, folded: Folded): Folded => ({
  ...folded,
  counts: { ...folded.counts, events: Number(revision) + 1 },
});

const touchedToo = (folded: Folded, userIds: ReadonlyArray<ObjectId>): Folded =>
  userIds.length === 0 ? folded : { ...folded, touched: new Set([...folded.touched, ...userIds]) };

/** What lies beyond a revision. Events ascend, so as a rule the first one tells that all of them do. */
const beyond = (known: bigint | undefined, events: ReadonlyArray<Envelope>): ReadonlyArray<Envelope> => {
  const [first] = events;
  if (known === undefined || first === undefined || first.revision > known) return events;
  return events.filter(({ revision }) => revision > known);
};

/** A state over rows, at their checkpoint. By default over rows in memory, before the first event. */
export const makeEngineState = (over: ProjectionRows = makeMemoryRows()): EngineState => {
  let isLost = false;
  /** How often other rows were found in the place of those that were read. */
  let replaced = 0;
  let head: Head | undefined;
  const isThereStill = (present: Head | undefined): boolean =>
    head !== undefined &&
    present !== undefined &&
    (present.revision > head.revision || (present.revision === head.revision && present.hash === head.hash));
  const rows = guardedRows(
    over,
    () => {
      isLost = true;
    },
    () => {
      if (!isThereStill(over.checkpoint())) return false;
      replaced += 1;
      forget();
      return true;
    },
  );
  let totals: Totals = { connection: initialConnection, counts: noCounts, samples: [], newestKey: undefined };
  let touched = new Set<ObjectId>();
  /** Those of them on whom others' plans rest, and the accounts they had: whose plans those are is looked up when asked for. */
  let leaned = new Set<ObjectId>();
  let leanedAccounts = new Set<LearnAmpUserId>();
  let caches = emptyCaches();
  const membership = makeMembershipIndex(rows);
  const work = makeOpenWork(rows, () => head);

  const sweep = makeSweep(rows);
  const links = makeNotedLinks();

  const get = (table: string, key: string): unknown => {
    const cache = caches.get(table);
    if (cache === undefined) return rows.get(table, key);
    const known = sweep.get(table, key) ?? cache.get(key);
    if (known !== undefined) return known === ABSENT ? undefined : known;
    const read = rows.get(table, key);
    cache.set(key, read ?? ABSENT);
    return read;
  };

  const load = (): void => {
    head = rows.checkpoint();
    const state = rows.get(tables.connection, 'state');
    totals = {
      connection: state === undefined ? initialConnection : connectionFromJson(state),
      counts: (rows.get(tables.connection, 'counts') as Counts | undefined) ?? noCounts,
      samples: (rows.get(tables.connection, 'samples') as ReadonlyArray<Sample> | undefined) ?? [],
      newestKey: rows.get(tables.connection, 'newest-key') as string | undefined,
    };
    work.load();
  };

  const rest = (): void => {
    caches = emptyCaches();
    sweep.end();
  };
  const forget = (): void => {
    rest();
    membership.forget();
    load();
  };

  /** Whether somebody is leaving stands with what Learn Amp holds of them, and changes with the other side, too. */
  const restageLeaving = (buffer: RowBuffer, userIds: Iterable<ObjectId>): void => {
    for (const userId of userIds) {
      if (buffer.isStaged(tables.delivered, userId) || !buffer.isStaged(tables.people, userId)) continue;
      const delivered = get(tables.delivered, userId) as DeliveredPerson | undefined;
      if (delivered === undefined) continue;
      const before = get(tables.people, userId) as DirectoryPerson | undefined;
      const after = buffer.get(tables.people, userId) as DirectoryPerson | undefined;
      if (isLeaving(before, delivered) !== isLeaving(after, delivered)) buffer.put(tables.delivered, userId, delivered);
    }
  };

  /** Those whose plans rest on people who are something else now: whoever they manage, managed, or were given as override. */
  const addDependants = (
    found: Set<ObjectId>,
    userIds: Iterable<ObjectId>,
    accounts: Iterable<LearnAmpUserId>,
  ): void => {
    for (const userId of userIds)
      for (const report of rows.keysAt(tables.people, 'manager', userId)) found.add(report as ObjectId);
    for (const account of accounts)
      for (const other of rows.keysAt(tables.delivered, 'override', account)) found.add(other as ObjectId);
  };

  const accountsOf = (userIds: Iterable<ObjectId>, buffer: RowBuffer): ReadonlySet<LearnAmpUserId> => {
    const accounts = new Set<LearnAmpUserId>();
    for (const userId of userIds) {
      const { link } = (buffer.get(tables.delivered, userId) as DeliveredPerson | undefined) ?? {};
      if (link !== undefined) accounts.add(link);
    }
    return accounts;
  };

  /** Who has to be planned after a batch: while everybody has to be, nobody is looked for. */
  const pendingAfter = (folded: Folded, accounts: Iterable<LearnAmpUserId>): ReadonlySet<ObjectId> => {
    if (!work.isNoting()) return folded.touched;
    const pending = new Set(folded.touched);
    addDependants(pending, folded.leaned, accounts);
    return pending;
  };

  const forgetTouched = (): void => {
    touched = new Set();
    leaned = new Set();
    leanedAccounts = new Set();
  };

  const stageTotals = (buffer: RowBuffer, folded: Folded): void => {
    if (folded.connection !== totals.connection) buffer.put(tables.connection, 'state', folded.connection);
    if (folded.counts !== totals.counts) buffer.put(tables.connection, 'counts', folded.counts);
    if (folded.samples !== totals.samples) buffer.put(tables.connection, 'samples', folded.samples);
    if (folded.newestKey !== totals.newestKey) buffer.put(tables.connection, 'newest-key', folded.newestKey);
  };

  const keep = (changes: ReadonlyArray<RowChange>): void => {
    sweep.end();
    // More than is kept anyway: whoever is asked for next is read again.
    if (changes.length > CACHED) rest();
    else for (const { table, key, value } of changes) caches.get(table)?.set(key, value);
  };

  /** Another process wrote newer rows: they are taken, as they hold what it folded from the same stream. */
  const takeOthers = (): void => {
    const present = rows.checkpoint();
    if (head === undefined ? present === undefined : !isThereStill(present)) {
      isLost = true;
      throw rowsLost();
    }
    forget();
    // What those events touched was not seen here: whoever is open is looked at again.
    for (const userId of work.pending()) touched.add(userId);
  };

  const applyOnce = (events: ReadonlyArray<Envelope>, newHead: Head): boolean => {
    const readFrom = replaced;
    const known = head?.revision;
    if (known !== undefined && newHead.revision <= known) return true;
    const fresh = beyond(known, events);
    const buffer = makeRowBuffer(isLong(fresh) ? rows.get : get);
    const folded = touchedToo(countedTo(newHead, foldEvents(buffer, totals, fresh)), stageUnreadable(buffer, fresh));
    restageLeaving(buffer, folded.touched);
    stageTotals(buffer, folded);
    const accounts = accountsOf(folded.leaned, buffer);
    const pending = pendingAfter(folded, accounts);
    const staged = work.stage(buffer, { ...folded, pending });
    const changes = buffer.changes((table, row) =>
      entriesOf(table, row, (userId) => buffer.get(tables.people, userId) as DirectoryPerson | undefined),
    );
    // Half of it was read before a rebuild took over, and half behind it.
    if (replaced !== readFrom || rows.commit(changes, head, newHead) === 'moved') return false;
    head = newHead;
    totals = folded;
    links.note(fresh, totals.connection);
    staged();
    keep(changes);
    membership.take(buffer);
    for (const userId of folded.touched) touched.add(userId);
    for (const userId of folded.leaned) leaned.add(userId);
    for (const account of accounts) leanedAccounts.add(account);
    return true;
  };

  const apply = (events: ReadonlyArray<Envelope>, newHead: Head): void => {
    while (!applyOnce(events, newHead)) takeOthers();
  };

  const person = (userId: ObjectId) => get(tables.people, userId) as DirectoryPerson | undefined;
  load();

  return {
    apply,
    head: () => head,
    connection: () => totals.connection,
    linkAt: links.at,
    person,
    people: function* () {
      for (const [, value] of rows.scan(tables.people)) yield value as DirectoryPerson;
    },
    everybody: function* () {
      caches = emptyCaches(CACHED_IN_SWEEP);
      try {
        yield* sweep.begin();
      } finally {
        rest();
      }
    },
    inScope: function* () {
      for (const userId of rows.keysAt(tables.people, 'in-scope', YES)) {
        const known = person(userId as ObjectId);
        if (known !== undefined) yield known;
      }
    },
    inScopeIds: () => rows.keysAt(tables.people, 'in-scope', YES) as ReadonlyArray<ObjectId>,
    alongside: function* (userIds) {
      const strangers = new Set(userIds);
      for (const userId of sweep.begin('people')) if (strangers.delete(userId)) yield userId;
      yield* strangers;
    },
    inScopeCount: () => totals.counts.inScope,
    delivered: (userId) => (get(tables.delivered, userId) as DeliveredPerson | undefined) ?? initialDelivered(userId),
    deliveredPeople: function* () {
      for (const [, value] of rows.scan(tables.delivered)) yield value as DeliveredPerson;
    },
    deliveredIn: (index) => rows.keysAt(tables.delivered, index, YES) as ReadonlyArray<ObjectId>,
    membership,
    holderOfEmail: (email) => rows.get(tables.holders, `email:${email}`) as ObjectId | undefined,
    holderOfAccount: (learnAmpUserId) => rows.get(tables.holders, `account:${learnAmpUserId}`) as ObjectId | undefined,
    counts: () => totals.counts,
    newestKey: () => totals.newestKey,
    largestActive: (graphTime, windowHours) =>
      largestOf(totals.samples, totals.counts.active, { graphTime, windowHours }),
    takeTouched: () => {
      // Whoever has another manager since, or another override, was touched for that.
      addDependants(touched, leaned, leanedAccounts);
      const taken = touched;
      forgetTouched();
      return taken;
    },
    forgetTouched,
    dependantsOf: (userIds) => {
      const found = new Set<ObjectId>();
      const all = [...userIds];
      const links = all.flatMap((userId) => (get(tables.delivered, userId) as DeliveredPerson | undefined)?.link ?? []);
      addDependants(found, all, links);
      return found;
    },
    samples: () => totals.samples,
    leavers: function* () {
      for (const [userId, since] of rows.scan(tables.leavers)) yield [userId as ObjectId, String(since)] as const;
    },
    unreadable: (userId) => rows.get(tables.unreadable, userId) as Unreadable | undefined,
    isAnybodyUnreadable: () => rows.scan(tables.unreadable).next().done !== true,
    eventCount: () => totals.counts.events,
    work,
    rest,
    forget,
    isLost: () => isLost,
  };
};
