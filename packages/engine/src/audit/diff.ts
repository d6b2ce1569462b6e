import type { ConnectionState, ObjectId } from '@learnamp/directory-sync-domain';
import type { ProjectionRows, StoredRecord } from '@learnamp/directory-sync-event-sourcing';
import { makeMemoryRows } from '@learnamp/directory-sync-event-sourcing';
import { makeEngineState, type EngineState } from '../state/engine-state.js';
import { overlayRows } from '../state/overlay-rows.js';
import { tables } from '../state/tables.js';
import type { AuditedLog } from './audited-log.js';
import { fromAfterTo, isEmptyLog } from './check-moments.js';
import { connectionFacts } from './connection-at.js';
import type { DiffQuery, DiffStep, EdgeDifference, PersonDifference } from './diff-query.js';
import { fieldDifferences } from './field-differences.js';
import { foldTo, placeOf } from './fold-to.js';
import type { Moment } from './moment.js';
import { personAt } from './person-at.js';
import type { RecordedPreferences } from './recorded-preferences.js';
import { bothSides, everybodyIn, surroundingsOf } from './state-at.js';

/** Two moments of one fold: the later one lies over the earlier, so what did not change is there once. */
type Two = {
  readonly before: { readonly rows: ProjectionRows; readonly state: EngineState };
  readonly after: { readonly rows: ProjectionRows; readonly state: EngineState };
  readonly changed: ReadonlyMap<string, ReadonlySet<string>>;
};

/** Rows that remember which keys of which tables were written. */
const noting = (rows: ProjectionRows, changed: Map<string, Set<string>>): ProjectionRows => ({
  ...rows,
  commit: (changes, from, to) => {
    for (const { table, key } of changes) {
      const keys = changed.get(table) ?? new Set<string>();
      keys.add(key);
      changed.set(table, keys);
    }
    return rows.commit(changes, from, to);
  },
});

const isBehind = ({ revision, recordedAt }: StoredRecord, to: Moment): boolean =>
  'revision' in to ? revision > to.revision : Date.parse(recordedAt) > to.time.getTime();

const foldTwo = async (log: AuditedLog, { from, to, signal }: DiffQuery) => {
  const rows = makeMemoryRows();
  const state = makeEngineState(rows);
  const first = await foldTo(log.stream, state, from, { signal });
  log.check(state);
  if (first !== undefined && isBehind(first, to)) throw fromAfterTo(from, to);
  const changed = new Map<string, Set<string>>();
  const later = noting(overlayRows(rows), changed);
  const last = makeEngineState(later);
  const end = (await foldTo(log.stream, last, to, { signal })) ?? first;
  const two: Two = { before: { rows, state }, after: { rows: later, state: last }, changed };
  return { two, first, end };
};

const isStructural = ({ before, after }: Two, key: string): boolean => {
  const isGroup = !key.includes('/');
  return isGroup || [before, after].some(({ rows }) => rows.get(tables.memberships, key) === 'group');
};

/** What everybody's view rests on: the preferences, the scope group, and the edges between groups. */
const isEverybody = (two: Two): boolean => {
  const [old, now]: ReadonlyArray<ConnectionState> = [two.before.state.connection(), two.after.state.connection()];
  if (old?.preferences !== now?.preferences || old?.groupId !== now?.groupId) return true;
  return [...(two.changed.get(tables.memberships) ?? [])].some((key) => isStructural(two, key));
};

const candidates = (two: Two, { userIds }: DiffQuery): Iterable<ObjectId> => {
  if (userIds !== undefined) return userIds;
  if (isEverybody(two)) return everybodyIn(two.after.rows);
  const found = new Set<string>();
  for (const table of [tables.people, tables.delivered]) for (const key of two.changed.get(table) ?? []) found.add(key);
  for (const key of two.changed.get(tables.memberships) ?? []) {
    const member = key.split('/')[1];
    if (member !== undefined) found.add(member);
  }
  return [...found].sort() as unknown as ReadonlyArray<ObjectId>;
};

const changeOf = (before: boolean, after: boolean): PersonDifference['change'] =>
  before === after ? 'changed' : after ? 'added' : 'gone';

function* people(two: Two, recorded: RecordedPreferences, query: DiffQuery): Generator<PersonDifference> {
  const [old, now] = [surroundingsOf(two.before.state, recorded), surroundingsOf(two.after.state, recorded)];
  for (const userId of candidates(two, query)) {
    const before = personAt(old, userId, bothSides(two.before.rows, userId));
    const after = personAt(now, userId, bothSides(two.after.rows, userId));
    const fields = fieldDifferences(before, after).filter(({ path }) => path !== '_tag' && path !== 'userId');
    if (fields.length === 0) continue;
    const change = changeOf(before?.directory?.inScope === true, after?.directory?.inScope === true);
    yield { _tag: 'Person', userId, displayName: after?.displayName ?? null, change, fields };
  }
}

function* edges({ before, after, changed }: Two, { userIds }: DiffQuery): Generator<EdgeDifference> {
  const wanted = userIds === undefined ? undefined : new Set<string>(userIds);
  for (const key of [...(changed.get(tables.memberships) ?? [])].sort()) {
    const [groupId, memberId] = key.split('/') as [ObjectId, ObjectId | undefined];
    if (memberId === undefined || wanted?.has(memberId) === false) continue;
    const [old, now] = [before, after].map(({ rows }) => rows.get(tables.memberships, key) as string | undefined);
    if (old === now) continue;
    if (old !== undefined) yield { _tag: 'Edge', change: 'gone', groupId, memberId, kind: old };
    if (now !== undefined) yield { _tag: 'Edge', change: 'added', groupId, memberId, kind: now };
  }
}

/**
 * What is not the same at two moments, person by person, in one fold. What is compared is what `stateAt` tells, so the
 * differences applied to the earlier state give the later one.
 */
export async function* diffSteps(log: AuditedLog, query: DiffQuery): AsyncGenerator<DiffStep> {
  const counts = { added: 0, gone: 0, changed: 0, edges: 0 };
  if (await isEmptyLog(log.stream, query, log.now())) {
    yield { _tag: 'Summary', from: null, to: null, ...counts };
    return;
  }
  const { two, first, end } = await foldTwo(log, query);
  const fields = fieldDifferences(connectionFacts(two.before.state), connectionFacts(two.after.state));
  if (fields.length > 0) yield { _tag: 'Connection', fields };
  for (const person of people(two, await log.recorded(), query)) {
    counts[person.change] += 1;
    yield person;
  }
  for (const edge of edges(two, query)) {
    counts.edges += 1;
    yield edge;
  }
  const [from, to] = [first, end].map((record) => (record === undefined ? null : placeOf(record)));
  yield { _tag: 'Summary', from: from ?? null, to: to ?? null, ...counts };
}
